"""The steps of an evaluation and of the gate behind it, whoever waits for its word."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Duration, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from genai_layers.foundation import PythonFunction
from genai_layers.jobs.bedrock.awaited_job import awaited_job, failure, succeeded
from genai_layers.jobs.bedrock.evaluator import Evaluator
from genai_layers.jobs.bedrock.folder import Folder
from genai_layers.jobs.bedrock.job_kind import JobKind
from genai_layers.jobs.bedrock.metrics import Threshold
from genai_layers.jobs.bedrock.patience import Patience
from genai_layers.jobs.bedrock.run import named, run_id
from genai_layers.jobs.bedrock.service_role import JobRole, tagging, tags
from genai_layers.jobs.bedrock.subject import Subject

BELOW_THRESHOLD = "EvaluationBelowThreshold"
"""Error of an execution whose evaluation ended well, with marks that are not good enough; the cause lists them."""

VERDICT = "$.gate.verdict"
"""Where the gate leaves its word."""

_MOST_METRICS = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationRequest:
    """
    What the steps need to know.

    Attributes:
        subject: What is evaluated.
        evaluator: Who gives the marks.
        dataset: Address of the prompts, as an expression.
        thresholds: What is good enough.
        metrics: What is measured.
        results: Folder of the results.
        prefix: Beginning of names.
        role: Role that Bedrock works with.
        key: Key of the job.
        gate: Function that reads the results.
        rated_share: Share of the records that a judge must have been able to rate.
        patience: How often to look at the job, and for how long.
    """

    subject: Subject
    evaluator: Evaluator
    dataset: str
    thresholds: Sequence[Threshold]
    metrics: Sequence[str]
    results: Folder
    prefix: str
    role: JobRole
    key: kms.IKey
    gate: PythonFunction
    rated_share: float
    patience: Patience

    def permit(self) -> None:
        """Let Bedrock run the evaluation and write its results, and the gate read them."""
        self.results.grant_write(self.role)
        self.subject.permit(self.role)
        self.evaluator.permit(self.role)
        self.results.grant_read(self.gate.role)


def measured(thresholds: Sequence[Threshold], also: Sequence[str]) -> list[str]:
    """
    Return every metric that is measured, each once.

    Args:
        thresholds: What is good enough.
        also: Metrics without a threshold.
    """
    return list(dict.fromkeys([*(each.metric for each in thresholds), *also]))


def mark_faults(
    metrics: Sequence[str], thresholds: Sequence[Threshold], known: frozenset[str], rated_share: float
) -> list[str]:
    """
    Return what the service, or the gate, would refuse of what is wanted.

    Args:
        metrics: What is measured.
        thresholds: What is good enough.
        known: What can be measured.
        rated_share: Share of the records that must have been rated.
    """
    faults = [
        f"metric {metric!r} cannot be measured of this subject by this evaluator: choose {', '.join(sorted(known))}"
        for metric in metrics
        if metric not in known
    ]
    if len(metrics) > _MOST_METRICS:
        faults.append(f"{len(metrics)} metrics are named, the service takes {_MOST_METRICS}: leave some out")
    faults += [fault for threshold in thresholds for fault in threshold.faults()]
    if not thresholds:
        faults.append("thresholds is empty: an evaluation that cannot fail is no gate, give one")
    if not 0 <= rated_share <= 1:
        faults.append(f"rated_share is {rated_share:g}, allowed are 0 to 1")
    return faults


def evaluation_steps(scope: Construct, request: EvaluationRequest, good: sfn.IChainable) -> tasks.CallAwsService:
    """
    Return the step that starts the evaluation; the others hang on it.

    Args:
        scope: The construct that the steps belong to.
        request: What they need to know.
        good: What follows when the marks are good enough.
    """
    kind = JobKind.EVALUATION
    subject, evaluator, jobs = request.subject, request.evaluator, kind.arns(Stack.of(scope))
    asked = {
        "TaskType": evaluator.task(subject),
        "Dataset": {"Name": "dataset", "DatasetLocation": {"S3Uri": request.dataset}},
        "MetricNames": [f"Builtin.{metric}" for metric in request.metrics],
    }
    return awaited_job(
        scope,
        kind,
        parameters={
            "JobName": named(request.prefix),
            "RoleArn": request.role.role_arn,
            "CustomerEncryptionKeyId": request.key.key_arn,
            "ApplicationType": subject.application,
            "EvaluationConfig": {"Automated": {"DatasetMetricConfigs": [asked], **evaluator.render()}},
            "InferenceConfig": subject.render(),
            "OutputDataConfig": {"S3Uri": sfn.JsonPath.format(f"{request.results.uri}/{{}}/", run_id())},
            "JobTags": tags(request.prefix),
        },
        authorized=[*dict.fromkeys([*subject.arns, *evaluator.arns]), jobs],
        statements=[request.role.passing(), tagging(request.prefix, jobs)],
        patience=request.patience,
        outcomes=[(succeeded(), _gate(scope, request, good))],
    )


def call_function(
    scope: Construct, id: str, function: PythonFunction, payload: dict[str, object], result_path: str
) -> tasks.LambdaInvoke:
    """
    Return the step that calls a function of ours; its answer lies below `verdict`.

    Args:
        scope: The construct that the step belongs to.
        id: Name of the state.
        function: The function.
        payload: What it is given.
        result_path: Where its answer goes.
    """
    step = tasks.LambdaInvoke(
        scope,
        id,
        lambda_function=function.function,
        payload=sfn.TaskInput.from_object(payload),
        result_selector={"verdict.$": "$.Payload"},
        result_path=result_path,
        retry_on_service_exceptions=False,
    )
    step.add_retry(
        errors=["Lambda.ServiceException", "Lambda.SdkClientException", "Lambda.TooManyRequestsException"],
        interval=Duration.seconds(5),
        backoff_rate=1.5,
        max_attempts=6,
        jitter_strategy=sfn.JitterType.FULL,
    )
    return step


def _gate(scope: Construct, request: EvaluationRequest, good: sfn.IChainable) -> sfn.IChainable:
    payload: dict[str, object] = {
        "bucket": request.results.bucket.bucket_name,
        "prefix": sfn.JsonPath.format(f"{request.results.path}/{{}}/", run_id()),
        "thresholds": [threshold.render() for threshold in request.thresholds],
        "rated_share": request.rated_share,
    }
    judge = call_function(scope, "Compare with thresholds", request.gate, payload, "$.gate")
    return judge.next(
        sfn.Choice(scope, "Good enough?")
        .when(sfn.Condition.boolean_equals(f"{VERDICT}.passed", True), good)
        .otherwise(failure(scope, "Below threshold", BELOW_THRESHOLD, VERDICT))
    )
