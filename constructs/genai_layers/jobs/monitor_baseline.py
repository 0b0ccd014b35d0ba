"""The baseline that a monitor of an endpoint compares with, made by a job that is awaited."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from aws_cdk import ArnFormat, Duration, Names, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from genai_layers.foundation import KeyUse, RetainedLogGroup, wildcard_resource
from genai_layers.foundation.nag import acknowledge
from genai_layers.jobs.retries import job_retries
from genai_layers.jobs.workflow import Workflow

# Step Functions developer guide, "Create and manage SageMaker AI jobs": the rule by which it hears of the end.
_RULE = "StepFunctionsGetEventsForSageMakerProcessingJobsRule"
_NAME_CHARACTERS = 24
_DATA = "/opt/ml/processing/input/data"


@runtime_checkable
class IBaselined(Protocol):
    """A monitor that compares with a baseline."""

    @property
    def baseline_request(self) -> Mapping[str, object]:
        """Request for the job, without its name and its data set."""
        ...

    @property
    def network_access_reason(self) -> str | None:
        """Why the job may use the network; None where it may not."""
        ...

    @property
    def datasets_uri(self) -> str:
        """Folder where data sets are put."""
        ...

    @property
    def job_role(self) -> iam.IRole:
        """Role of the job."""
        ...


class MonitorBaseline(Construct):
    """
    Makes the baseline of a monitor from a data set, in place of the one before.

    Started with `{"dataset": "2026-12"}`, a folder of the monitor's data sets with CSV files and a header; for the
    quality of a model the right answers are in the column `label`. It fails when the job fails.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new state machine.
        monitor: What compares with it.
        key: Key for executions and logs; it needs `REQUIRED_KEY_USES`.
        timeout: Longest run. Default: two hours.
        log_retention: How long the logs are kept. Default: one year.
        removal_policy: What happens to the logs when the stack goes. Default: they are kept.

    Example:
        MonitorBaseline(self, "Baseline", monitor=monitor, key=key.key).grant_start(scientists)
    """

    REQUIRED_KEY_USES = (KeyUse.LOGS, *Workflow.REQUIRED_KEY_USES)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        monitor: IBaselined,
        key: kms.IKey,
        timeout: Duration | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        self._name = Names.unique_resource_name(self, max_length=_NAME_CHARACTERS, separator="-")
        group = RetainedLogGroup(self, "Logs", key=key, retention=log_retention, removal_policy=removal_policy)
        self._workflow = Workflow(
            self,
            "Run",
            definition=self._call(monitor),
            description="makes the baseline of a monitor",
            key=key,
            log_group=group.log_group,
            timeout=timeout or Duration.hours(2),
        )
        self._allow(monitor)
        if monitor.network_access_reason is not None:
            acknowledge(self._workflow, "GENAI-TRAINING-01", reason=monitor.network_access_reason)

    @property
    def state_machine(self) -> sfn.StateMachine:
        """State machine that runs it."""
        return self._workflow.state_machine

    def grant_start(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* start a run, watch it and read what came of it.

        Args:
            grantee: Who may.
        """
        return self._workflow.grant_start(grantee)

    def metric_failed(self) -> cloudwatch.Metric:
        """Return how many runs failed."""
        return self.state_machine.metric_failed()

    def metric_timed_out(self) -> cloudwatch.Metric:
        """Return how many runs ran out of time."""
        return self.state_machine.metric_timed_out()

    def _call(self, monitor: IBaselined) -> sfn.CustomState:
        request = dict(monitor.baseline_request)
        others = request.pop("ProcessingInputs")
        dataset = {
            "InputName": "dataset",
            "S3Input": {
                "S3Uri.$": f"States.Format('{monitor.datasets_uri}/{{}}/', $.dataset)",
                "LocalPath": _DATA,
                "S3DataType": "S3Prefix",
                "S3InputMode": "File",
            },
        }
        return sfn.CustomState(
            Construct(self, "Steps"),
            "Baseline",
            state_json={
                "Type": "Task",
                "Resource": f"arn:{Stack.of(self).partition}:states:::sagemaker:createProcessingJob.sync",
                "Parameters": {
                    # The same for every try of one execution, so that an answer that got lost leads to the same job.
                    "ProcessingJobName.$": f"States.Format('{self._name}-{{}}', States.Hash($$.Execution.Id, 'MD5'))",
                    "ProcessingInputs": [dataset, *(others if isinstance(others, list) else [])],
                    **request,
                },
                "Retry": job_retries(),
            },
        )

    def _allow(self, monitor: IBaselined) -> None:
        stack, role = Stack.of(self), self._workflow.role
        names = dict.fromkeys((self._name.lower(), self._name))
        jobs = [
            # SageMaker writes names of jobs in small letters into their ARNs.
            stack.format_arn(service="sagemaker", resource="processing-job", resource_name=f"{name}-*")
            for name in names
        ]
        rule = stack.format_arn(
            service="events", resource="rule", resource_name=_RULE, arn_format=ArnFormat.SLASH_RESOURCE_NAME
        )
        actions = ("AddTags", "CreateProcessingJob", "DescribeProcessingJob", "StopProcessingJob")
        role.add_to_policy(iam.PolicyStatement(actions=[f"sagemaker:{action}" for action in actions], resources=jobs))
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["events:DescribeRule", "events:PutRule", "events:PutTargets"], resources=[rule]
            )
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["iam:PassRole"],
                resources=[monitor.job_role.role_arn],
                conditions={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
            )
        )
        acknowledge(
            role,
            *(wildcard_resource(role, each) for each in jobs),
            reason="A job is named after its execution; the wildcards end at a name that is only given here.",
        )
