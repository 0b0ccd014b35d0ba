"""A gate between a new version of a prompt or a flow and those who call it."""

import re
from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from genai_layers.foundation import PythonFunction
from genai_layers.jobs.bedrock.awaited_job import begin, failure
from genai_layers.jobs.bedrock.bedrock_job import BedrockJob
from genai_layers.jobs.bedrock.candidate import VERSION, Candidate
from genai_layers.jobs.bedrock.dataset import Dataset
from genai_layers.jobs.bedrock.errors import BedrockJobError
from genai_layers.jobs.bedrock.evaluation_steps import (
    EvaluationRequest,
    call_function,
    evaluation_steps,
    mark_faults,
    measured,
)
from genai_layers.jobs.bedrock.evaluator import Judge
from genai_layers.jobs.bedrock.folder import Folder
from genai_layers.jobs.bedrock.job_kind import JobKind
from genai_layers.jobs.bedrock.metrics import Threshold
from genai_layers.jobs.bedrock.patience import Patience
from genai_layers.jobs.bedrock.run import prefix_faults, prefix_of, run_id
from genai_layers.jobs.bedrock.service_role import JobRole
from genai_layers.jobs.bedrock.subject import GivenAnswers

CHECKS_FAILED = "ExactChecksFailed"
"""Error of an execution whose candidate gave answers that no judge had to look at; the cause lists the first."""

_SOURCE = "candidate"
_ANSWERS = "answers.jsonl"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_JUDGED = (
    "The judge reads answers to a test set that was reviewed, and what it says reaches no person; an evaluation of "
    "Bedrock can name no guardrail."
)


class Promotion(BedrockJob):
    """
    Asks the newest version the questions of a test set, and lets callers have it when it answers well enough.

    First come exact checks, which cost only the answers: a text that must be there, one that must not, a pattern.
    Then a judge marks what was answered. Whatever fails, the execution fails with reasons, and callers stay with the
    version that they have. A deploy starts nothing: a pipeline does, with `{}`, after it.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new state machine.
        candidate: What is promoted: a `PromptCandidate` or a `FlowCandidate`.
        test_set: Questions, one JSON object a line.
        test_set_sha256: Digest of that file, in hexadecimal; another file is refused, since whoever changes the
            questions can pass any answer.
        judge: Who marks the answers.
        thresholds: What is good enough, a threshold a metric.
        output: Bucket for answers and marks, versioned and under a key.
        output_path: Folder of *output*; each execution writes into a folder of it.
        key: Key for results, executions and logs; it needs the uses in `REQUIRED_KEY_USES`.
        exact_share: Share of the questions whose exact checks must hold, 0 to 1. Default: 1, all of them.
        rated_share: Share of the answers that the judge must have been able to rate, 0 to 1. Default: 0.9.
        name: Beginning of the names that Bedrock wants, up to 22 small letters, digits and dashes. Default: from
            the path of the construct.
        poll: Time between two looks at the evaluation. Default: two minutes.
        timeout: Longest evaluation; then it is stopped. Default: six hours.
        log_retention: How long the logs are kept. Default: one year.
        removal_policy: What happens to the logs when the stack goes. Default: they are kept.

    Attributes:
        role: Role that Bedrock works with.
        asker: Function that asks the candidate.
        gate: Function that reads the marks.

    Raises:
        BedrockJobError: The service would refuse the settings; every fault is named.
        RegionError: The region has no Bedrock.

    Example:
        flow_candidate = FlowCandidate(flow=flow, newest=flow.add_alias("Newest"), current=flow.add_gated_alias("Live"))
        gate = Promotion(self, "Gate", candidate=flow_candidate, test_set=questions, test_set_sha256=digest,
                         judge=Judge(model=claude), thresholds=[Threshold(metric="Correctness", at_least=0.8)],
                         output=data.bucket, output_path="promotions", key=key.key)
        monitoring.monitor_job(gate, id="Promotion")
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        candidate: Candidate,
        test_set: Dataset,
        test_set_sha256: str,
        judge: Judge,
        thresholds: Sequence[Threshold],
        output: s3.IBucket,
        output_path: str,
        key: kms.IKey,
        exact_share: float = 1.0,
        rated_share: float = 0.9,
        name: str | None = None,
        poll: Duration | None = None,
        timeout: Duration | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id, key=key, log_retention=log_retention, removal_policy=removal_policy)
        patience = Patience(poll or Duration.minutes(2), timeout or Duration.hours(6))
        results = Folder(bucket=output, path=output_path, key=key)
        subject, metrics = GivenAnswers(source=_SOURCE), measured(thresholds, ())
        faults = [
            *candidate.faults(),
            *mark_faults(metrics, thresholds, judge.metrics(subject), rated_share),
            *test_set.faults("test_set"),
            *results.faults("output_path"),
            *prefix_faults(name),
            *patience.faults(),
            *([] if 0 <= exact_share <= 1 else [f"exact_share is {exact_share:g}, allowed are 0 to 1"]),
        ]
        if not _SHA256.fullmatch(test_set_sha256):
            faults.append(
                f"test_set_sha256 is {test_set_sha256!r}: give 64 hexadecimal digits, as sha256sum prints them"
            )
        if faults:
            raise BedrockJobError(faults)

        self.role = JobRole(self, "Role", kind=JobKind.EVALUATION, description="judges the answers of a candidate")
        self.role.accept_unguarded(_JUDGED)
        self.asker, self.gate = (
            PythonFunction(
                self,
                part,
                handler_folder=folder,
                description=description,
                key=key,
                log_retention=log_retention,
                timeout=duration,
                removal_policy=removal_policy,
            )
            for part, folder, description, duration in (
                ("Asker", "promotion", "asks a candidate the questions of a test set", Duration.minutes(15)),
                ("Gate", "jobs", "says whether the marks of a candidate are good enough", Duration.minutes(5)),
            )
        )
        test_set.folder.grant_read(self.asker.role)
        results.grant_write(self.asker.role)
        candidate.permit(self.asker.role)
        request = EvaluationRequest(
            subject=subject,
            evaluator=judge,
            dataset=sfn.JsonPath.format(f"{results.uri}/{{}}/{_ANSWERS}", run_id()),
            thresholds=thresholds,
            metrics=metrics,
            results=results,
            prefix=prefix_of(self, name),
            role=self.role,
            key=key,
            gate=self.gate,
            rated_share=rated_share,
            patience=patience,
        )
        request.permit()

        steps = Construct(self, "Steps")
        promote = candidate.promote(steps, "Promote")
        promote.next(sfn.Succeed(steps, "Promoted", output_path="$.candidate"))
        evaluate = evaluation_steps(steps, request, promote)
        name_it = sfn.Pass(
            steps, "Name candidate", parameters={"version": candidate.version()}, result_path=VERSION.rpartition(".")[0]
        )
        ask = call_function(
            steps,
            "Ask",
            self.asker,
            {
                "candidate": dict(candidate.asked()),
                "test_set": {
                    "bucket": test_set.bucket.bucket_name,
                    "key": f"{test_set.path}/{test_set.file}",
                    "sha256": test_set_sha256,
                },
                "answers": {
                    "bucket": output.bucket_name,
                    "key": sfn.JsonPath.format(f"{output_path}/{{}}/{_ANSWERS}", run_id()),
                },
                "source": _SOURCE,
                "exact_share": exact_share,
            },
            "$.asked",
        )
        checked = (
            sfn.Choice(steps, "Checks hold?")
            .when(sfn.Condition.boolean_equals("$.asked.verdict.passed", True), evaluate)
            .otherwise(failure(steps, "Checks failed", CHECKS_FAILED, "$.asked.verdict"))
        )
        self._run(
            begin(steps, {}).next(name_it).next(ask).next(checked),
            description="promotes a version that has passed its test set",
            timeout=patience.execution,
        )
        self._accept(
            "A job has no id before Bedrock makes it, and a function is called in its current version; the wildcards "
            "end at the kind, and at the functions.",
            JobKind.EVALUATION.arns(Stack.of(self)),
            f"{self.gate.function.function_arn}:*",
            f"{self.asker.function.function_arn}:*",
        )
