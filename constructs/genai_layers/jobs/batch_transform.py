"""A model run over all files of a folder, in a job that is awaited."""

from typing import Protocol, runtime_checkable

from aws_cdk import ArnFormat, Duration, Names, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from genai_layers.catalog import ml_instances
from genai_layers.catalog.errors import UnknownInstanceTypeError
from genai_layers.catalog.ml_instances import MlUse
from genai_layers.foundation import KeyUse, RetainedLogGroup, wildcard_resource
from genai_layers.foundation.nag import acknowledge
from genai_layers.jobs.errors import JobError
from genai_layers.jobs.retries import job_retries
from genai_layers.jobs.workflow import Workflow

# Step Functions developer guide, "Create and manage SageMaker AI jobs": the rule by which it hears of the end.
_RULE = "StepFunctionsGetEventsForSageMakerTransformJobsRule"
_NAME_CHARACTERS = 24
_MAX_MACHINES, _MAX_PAYLOAD_MB = 100, 100


class TransformError(JobError):
    """A batch transform was asked for with settings that SageMaker would refuse."""


@runtime_checkable
class ITransformable(Protocol):
    """A model with a folder of records and a folder for answers."""

    @property
    def model_name(self) -> str:
        """Name of the model."""
        ...

    @property
    def instance_type(self) -> str:
        """Machine that it runs on."""
        ...

    @property
    def bucket(self) -> s3.IBucket:
        """Bucket of records and answers."""
        ...

    @property
    def records(self) -> str:
        """Folder of the records."""
        ...

    @property
    def answers(self) -> str:
        """Folder of the answers."""
        ...

    @property
    def output_key(self) -> kms.IKey:
        """Key of the answers."""
        ...


class BatchTransform(Construct):
    """
    Runs a model over the files of a folder; machines are there while it runs and cost nothing otherwise.

    Started with `{"folder": "2026-12"}`, a folder of the records; the answers lie in a folder of the same name and
    the name of the job. It fails when the job fails, and its cause is what the service says.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new state machine.
        subject: The model.
        key: Key for executions, logs and the machines' volumes; it needs the uses in `REQUIRED_KEY_USES`. Local disks
            of a machine are encrypted by the machine itself, and take no key.
        machines: How many share the files, 1 to 100. Default: 1.
        content_type: Type of the records. Default: `application/json`.
        splits_lines: Every line of a file is a record. Default: yes.
        max_payload_mb: Largest request, 1 to 100 MB. Default: 6.
        timeout: Longest run. Default: one day.
        log_retention: How long the logs are kept. Default: one year.
        removal_policy: What happens to the logs when the stack goes. Default: they are kept.

    Raises:
        TransformError: A number is out of range, or SageMaker runs no transforms on the machine.

    Example:
        transform = BatchTransform(self, "Transform", subject=model, key=key.key)
        transform.grant_start(scheduler)
    """

    REQUIRED_KEY_USES = (KeyUse.LOGS, KeyUse.SAGEMAKER_ENDPOINT, *Workflow.REQUIRED_KEY_USES)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        subject: ITransformable,
        key: kms.IKey,
        machines: int = 1,
        content_type: str = "application/json",
        splits_lines: bool = True,
        max_payload_mb: int = 6,
        timeout: Duration | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        self._check(subject, machines, max_payload_mb)
        self._name = Names.unique_resource_name(self, max_length=_NAME_CHARACTERS, separator="-")
        # The same for every try of one execution, so that an answer that got lost leads to the same job.
        job = f"States.Format('{self._name}-{{}}', States.Hash($$.Execution.Id, 'MD5'))"
        place = f"s3://{subject.bucket.bucket_name}"
        parameters = {
            "TransformJobName.$": job,
            "ModelName": subject.model_name,
            "BatchStrategy": "MultiRecord" if splits_lines else "SingleRecord",
            "MaxPayloadInMB": max_payload_mb,
            "TransformInput": {
                "ContentType": content_type,
                "SplitType": "Line" if splits_lines else "None",
                "DataSource": {
                    "S3DataSource": {
                        "S3DataType": "S3Prefix",
                        "S3Uri.$": f"States.Format('{place}/{subject.records}/{{}}/', $.folder)",
                    }
                },
            },
            "TransformOutput": {
                "AssembleWith": "Line" if splits_lines else "None",
                "KmsKeyId": subject.output_key.key_arn,
                "S3OutputPath.$": f"States.Format('{place}/{subject.answers}/{{}}/{{}}/', $.folder, {job})",
            },
            "TransformResources": {
                "InstanceType": subject.instance_type,
                "InstanceCount": machines,
                **({} if self._has_own_disks(subject) else {"VolumeKmsKeyId": key.key_arn}),
            },
        }
        call = sfn.CustomState(
            Construct(self, "Steps"),
            "Transform",
            state_json={
                "Type": "Task",
                "Resource": f"arn:{Stack.of(self).partition}:states:::sagemaker:createTransformJob.sync",
                "Parameters": parameters,
                "Retry": job_retries(),
            },
        )
        group = RetainedLogGroup(self, "Logs", key=key, retention=log_retention, removal_policy=removal_policy)
        self._workflow = Workflow(
            self,
            "Run",
            definition=call,
            description="runs a model over the files of a folder",
            key=key,
            log_group=group.log_group,
            timeout=timeout or Duration.days(1),
        )
        self._allow()

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

    def metric_started(self) -> cloudwatch.Metric:
        """Return how many runs began."""
        return self.state_machine.metric_started()

    def metric_failed(self) -> cloudwatch.Metric:
        """Return how many runs failed."""
        return self.state_machine.metric_failed()

    def metric_timed_out(self) -> cloudwatch.Metric:
        """Return how many runs ran out of time."""
        return self.state_machine.metric_timed_out()

    def _allow(self) -> None:
        stack, role = Stack.of(self), self._workflow.role
        jobs = stack.format_arn(service="sagemaker", resource="transform-job", resource_name=f"{self._name.lower()}-*")
        named = stack.format_arn(service="sagemaker", resource="transform-job", resource_name=f"{self._name}-*")
        rule = stack.format_arn(
            service="events", resource="rule", resource_name=_RULE, arn_format=ArnFormat.SLASH_RESOURCE_NAME
        )
        actions = ("AddTags", "CreateTransformJob", "DescribeTransformJob", "StopTransformJob")
        role.add_to_policy(
            # SageMaker writes names of jobs in small letters into their ARNs.
            iam.PolicyStatement(actions=[f"sagemaker:{action}" for action in actions], resources=[jobs, named])
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["events:DescribeRule", "events:PutRule", "events:PutTargets"], resources=[rule]
            )
        )
        acknowledge(
            role,
            wildcard_resource(role, jobs),
            wildcard_resource(role, named),
            reason="A job is named after its execution; the wildcards end at a name that is only given here.",
        )

    def _has_own_disks(self, subject: ITransformable) -> bool:
        # API reference, TransformResources: a key for the volume is refused where the machine has local disks, which
        # it encrypts itself.
        return ml_instances.get(subject.instance_type, MlUse.TRANSFORM).nvme_gb > 0

    def _check(self, subject: ITransformable, machines: int, max_payload_mb: int) -> None:
        faults = []
        try:
            ml_instances.get(subject.instance_type, MlUse.TRANSFORM)
        except UnknownInstanceTypeError as error:
            faults.append(str(error))
        if not 1 <= machines <= _MAX_MACHINES:
            faults.append(f"machines are {machines}: choose 1 to {_MAX_MACHINES}")
        if not 1 <= max_payload_mb <= _MAX_PAYLOAD_MB:
            faults.append(f"max_payload_mb is {max_payload_mb}: choose 1 to {_MAX_PAYLOAD_MB}")
        if faults:
            raise TransformError(faults)
