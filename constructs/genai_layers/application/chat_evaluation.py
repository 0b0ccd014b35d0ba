"""Evaluating the chat: a golden set asked the way people ask, measured, and held against thresholds."""

from __future__ import annotations

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from genai_layers.application.chat_service import ChatService
from genai_layers.application.errors import EvaluationError
from genai_layers.application.evaluation_values import FOLDER, EvaluationThresholds, GoldenSet
from genai_layers.foundation import KeyUse, PythonFunction, RetainedLogGroup, wildcard_resource
from genai_layers.foundation.nag import acknowledge
from genai_layers.jobs import Workflow
from genai_layers.jobs.bedrock.awaited_job import failure
from genai_layers.jobs.bedrock.evaluation_steps import BELOW_THRESHOLD, call_function
from genai_layers.jobs.bedrock.folder import Folder
from genai_layers.jobs.bedrock.run import run_id

NAMESPACE = "GenAiLayers/Evaluation"
"""Namespace of the metrics that the function writes."""

REPORTS = "reports"
"""Folder of the reports."""

_RESULT = "$.evaluated"


class ChatEvaluation(Construct):
    """
    Asks the questions of a golden set as the chat would, and fails when the answers are not good enough.

    Search, prompt, model, guardrail and cleaning are those of the chat, in a function of its own: its role may search
    and ask, and reads no conversation. Each run writes one report, which nothing of ours writes over or deletes. A
    deploy starts nothing: `genai-layers evaluate` does, or a pipeline, with `{}`.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new state machine.
        chat: The chat.
        vpc: Network with the endpoints in `ChatService.REQUIRED_ENDPOINTS` and a gateway endpoint for S3.
        subnets: Subnets of *vpc*. Default: the isolated ones.
        log_key: Key for executions, logs and settings; it needs `REQUIRED_LOG_KEY_USES`.
        bucket: Bucket for golden sets and reports, versioned and under a key; give it an object lock where reports
            are evidence.
        golden_set: What is asked; put the file at its `object_key` before the first run.
        thresholds: What is good enough. Default: those of `EvaluationThresholds`.
        log_retention: How long logs are kept. Default: one year.
        removal_policy: What happens to the logs when the stack goes. Default: they are kept.

    Attributes:
        golden_set: What is asked.
        bucket: Bucket for golden sets and reports.

    Raises:
        EvaluationError: A threshold is out of range, or nothing would be judged; every fault is named.

    Example:
        evaluation = ChatEvaluation(self, "Evaluation", chat=chat, vpc=network.vpc, log_key=log_key.key,
                                    bucket=evaluations.bucket, golden_set=GoldenSet.of_file(Path("golden.jsonl")))
        monitoring.monitor_evaluation(evaluation)
    """

    REQUIRED_LOG_KEY_USES = (KeyUse.LOGS, KeyUse.LAMBDA, *Workflow.REQUIRED_KEY_USES)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        chat: ChatService,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection | None = None,
        log_key: kms.IKey,
        bucket: s3.IBucket,
        golden_set: GoldenSet,
        thresholds: EvaluationThresholds | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        wanted = EvaluationThresholds() if thresholds is None else thresholds
        if faults := wanted.faults():
            raise EvaluationError(faults)
        self.golden_set, self.bucket = golden_set, bucket
        self._function = PythonFunction(
            self,
            "Function",
            handler_folder="application_evaluation",
            description="asks a golden set as the chat would",
            key=log_key,
            log_retention=log_retention,
            # It keeps no conversation, so it is told of no table.
            environment={**chat.settings, "TABLE_NAME": "none"},
            timeout=Duration.minutes(15),
            memory_mib=1024,
            vpc=vpc,
            subnets=subnets,
            removal_policy=removal_policy,
        )
        chat.grant_answer(self._function)
        Folder(bucket=bucket, path=FOLDER).grant_read(self._function.role)
        Folder(bucket=bucket, path=REPORTS).grant_write(self._function.role)
        self._workflow = Workflow(
            self,
            "Run",
            definition=self._steps(bucket, wanted),
            description="evaluates the chat against a golden set",
            key=log_key,
            log_group=RetainedLogGroup(
                self, "Logs", key=log_key, retention=log_retention, removal_policy=removal_policy
            ).log_group,
            # A run may be tried again after its first fifteen minutes.
            timeout=Duration.minutes(45),
        )
        acknowledge(
            self._workflow.role,
            wildcard_resource(self._workflow.role, f"{self.function.function_arn}:*"),
            reason="A function is called in its current version; the wildcard ends at its versions.",
        )

    @property
    def function(self) -> lambda_.Function:
        """The function that asks."""
        return self._function.function

    @property
    def connections(self) -> ec2.Connections:
        """Network connections of the function; let it into a fleet of yours that the chat asks."""
        return self._function.connections

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """Who a grant to the evaluation is for: the role of its function."""
        return self._function.grant_principal

    @property
    def state_machine(self) -> sfn.StateMachine:
        """State machine that runs the evaluation."""
        return self._workflow.state_machine

    def grant_start(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* start a run, watch it and read what came of it.

        Args:
            grantee: Who may.
        """
        return self._workflow.grant_start(grantee)

    def metric(self, name: str, *, statistic: str = "Average") -> cloudwatch.Metric:
        """
        Return a metric that the function writes, once a run.

        Args:
            name: `BelowThreshold`, `WrongAnswers`, or a measure of the report in camel case, such as
                `RetrievalHitRate`, `CitationCorrectness`, `Groundedness`, `RightAnswers`, `Refusals`, `P95Ms`, `Usd`.
            statistic: Statistic over a period. Default: Average.
        """
        return cloudwatch.Metric(
            namespace=NAMESPACE,
            metric_name=name,
            statistic=statistic,
            dimensions_map={"FunctionName": self.function.function_name},
        )

    def metric_below(self) -> cloudwatch.Metric:
        """Return how many measures were not good enough."""
        return self.metric("BelowThreshold", statistic="Maximum")

    def metric_broken(self) -> cloudwatch.Metric:
        """Return how many runs broke off before they had measured anything."""
        return self.function.metric_errors()

    def _steps(self, bucket: s3.IBucket, thresholds: EvaluationThresholds) -> sfn.IChainable:
        steps = Construct(self, "Steps")
        payload: dict[str, object] = {
            "golden_set": {
                "bucket": bucket.bucket_name,
                "key": self.golden_set.object_key,
                "sha256": self.golden_set.sha256,
            },
            "report": {
                "bucket": bucket.bucket_name,
                "key": sfn.JsonPath.format(f"{REPORTS}/{{}}.json", run_id()),
            },
            "thresholds": thresholds.render(has_refusals=self.golden_set.to_refuse > 0),
        }
        verdict = f"{_RESULT}.verdict"
        return call_function(steps, "Ask and measure", self._function, payload, _RESULT).next(
            sfn.Choice(steps, "Good enough?")
            .when(
                sfn.Condition.boolean_equals(f"{verdict}.passed", True),
                sfn.Succeed(steps, "Passed", output_path=verdict),
            )
            .otherwise(failure(steps, "Below threshold", BELOW_THRESHOLD, verdict))
        )
