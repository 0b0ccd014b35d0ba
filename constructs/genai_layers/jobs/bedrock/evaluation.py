"""An evaluation with a gate: the execution succeeds when the marks are good enough, and fails with reasons if not."""

from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from genai_layers.foundation import PythonFunction
from genai_layers.jobs.bedrock.awaited_job import begin
from genai_layers.jobs.bedrock.bedrock_job import BedrockJob
from genai_layers.jobs.bedrock.dataset import Dataset
from genai_layers.jobs.bedrock.errors import BedrockJobError
from genai_layers.jobs.bedrock.evaluation_steps import (
    VERDICT,
    EvaluationRequest,
    evaluation_steps,
    mark_faults,
    measured,
)
from genai_layers.jobs.bedrock.evaluator import Evaluator
from genai_layers.jobs.bedrock.folder import Folder
from genai_layers.jobs.bedrock.job_kind import JobKind
from genai_layers.jobs.bedrock.metrics import Threshold
from genai_layers.jobs.bedrock.patience import Patience
from genai_layers.jobs.bedrock.run import prefix_faults, prefix_of
from genai_layers.jobs.bedrock.service_role import JobRole
from genai_layers.jobs.bedrock.subject import Subject

_UNGUARDED = (
    "An evaluation asks the model itself, with prompts of the dataset that its owner wrote; its answers go into a "
    "bucket of ours and reach no person through it."
)


class Evaluation(BedrockJob):
    """
    Evaluates a model, given answers, or a knowledge base, and says whether the marks are good enough.

    Every execution writes into a folder of its own. It succeeds when every threshold is kept, so a pipeline can
    await it before anybody is sent to a new model.

    Started with `{}`, or with `{"dataset": "2026-12.jsonl"}` for another file of the same folder.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new state machine.
        subject: What is evaluated.
        evaluator: Who gives the marks: an `Algorithm` or a `Judge`.
        dataset: Prompts with good answers, one JSON object a line.
        thresholds: What is good enough, a threshold a metric.
        output: Bucket for the results, versioned and under a key.
        output_path: Folder of *output*; each execution writes into a folder of it.
        key: Key for results, executions and logs; it needs the uses in `REQUIRED_KEY_USES`.
        also_measure: Metrics to measure without a threshold. Default: none.
        rated_share: Share of the records that a judge must have been able to rate, 0 to 1. Default: 0.9.
        name: Beginning of the names that Bedrock wants, up to 22 small letters, digits and dashes. Default: from
            the path of the construct.
        poll: Time between two looks at the job. Default: two minutes.
        timeout: Longest run; then the job is stopped. Default: one day.
        log_retention: How long the logs are kept. Default: one year.
        removal_policy: What happens to the logs when the stack goes. Default: they are kept.

    Attributes:
        role: Role that Bedrock works with.
        gate: Function that reads the results.

    Raises:
        BedrockJobError: The service would refuse the settings; every fault is named.
        RegionError: The region has no Bedrock.

    Example:
        Evaluation(self, "Quality", subject=ModelAnswers(model=nova), evaluator=Judge(model=claude),
                   dataset=Dataset(bucket=data.bucket, path="evaluation", file="questions.jsonl"),
                   thresholds=[Threshold(metric="Correctness", at_least=0.8)],
                   output=data.bucket, output_path="marks", key=key.key)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        subject: Subject,
        evaluator: Evaluator,
        dataset: Dataset,
        thresholds: Sequence[Threshold],
        output: s3.IBucket,
        output_path: str,
        key: kms.IKey,
        also_measure: Sequence[str] = (),
        rated_share: float = 0.9,
        name: str | None = None,
        poll: Duration | None = None,
        timeout: Duration | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id, key=key, log_retention=log_retention, removal_policy=removal_policy)
        patience = Patience(poll or Duration.minutes(2), timeout or Duration.days(1))
        results = Folder(bucket=output, path=output_path, key=key)
        metrics = measured(thresholds, also_measure)
        faults = [
            *evaluator.faults(subject),
            *mark_faults(metrics, thresholds, evaluator.metrics(subject), rated_share),
            *dataset.faults("dataset"),
            *results.faults("output_path"),
            *prefix_faults(name),
            *patience.faults(),
        ]
        if faults:
            raise BedrockJobError(faults)

        self.role = JobRole(self, "Role", kind=JobKind.EVALUATION, description="runs an evaluation")
        dataset.folder.grant_read(self.role)
        self.gate = PythonFunction(
            self,
            "Gate",
            handler_folder="jobs",
            description="says whether the marks of an evaluation are good enough",
            key=key,
            log_retention=log_retention,
            timeout=Duration.minutes(5),
            removal_policy=removal_policy,
        )
        request = EvaluationRequest(
            subject=subject,
            evaluator=evaluator,
            dataset=dataset.uri("$.input.dataset"),
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
        if subject.arns or evaluator.arns:
            self.role.accept_unguarded(_UNGUARDED)

        steps = Construct(self, "Steps")
        good = sfn.Succeed(steps, "Good enough", output_path=VERDICT)
        self._run(
            begin(steps, {"dataset": dataset.file}).next(evaluation_steps(steps, request, good)),
            description="evaluates on Bedrock and compares the marks with thresholds",
            timeout=patience.execution,
        )
        self._accept(
            "A job has no id before Bedrock makes it, and a function is called in its current version; the wildcards "
            "end at the kind, and at the function.",
            JobKind.EVALUATION.arns(Stack.of(self)),
            f"{self.gate.function.function_arn}:*",
        )
