"""Many prompts at half the price, in a job that is awaited."""

from aws_cdk import Aws, Duration, RemovalPolicy, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from genai_layers.jobs.bedrock.awaited_job import JOB, Outcome, awaited_job, begin, failure, succeeded
from genai_layers.jobs.bedrock.bedrock_job import BedrockJob
from genai_layers.jobs.bedrock.dataset import Dataset
from genai_layers.jobs.bedrock.errors import BedrockJobError
from genai_layers.jobs.bedrock.folder import Folder
from genai_layers.jobs.bedrock.interfaces import IRunnableModel
from genai_layers.jobs.bedrock.job_kind import JobKind
from genai_layers.jobs.bedrock.network import JobNetwork
from genai_layers.jobs.bedrock.patience import Patience
from genai_layers.jobs.bedrock.run import named, prefix_faults, prefix_of, run_id
from genai_layers.jobs.bedrock.service_role import JobRole, tagging, tags

RECORDS_FAILED = "RecordsFailed"
"""Error of an execution whose job ended well, with more failed records than are tolerated."""

_UNGUARDED = (
    "Bedrock's batches can name no guardrail; the records come from a bucket that its owner fills, and answers go to "
    "a bucket, where ApplyGuardrail can judge them before people see them."
)


class BatchInference(BedrockJob):
    """
    Runs a model over the records of a file.

    Every execution writes into a folder of its own. It fails when the job fails or runs out of time, and when more
    records failed than are tolerated; its cause names the counts.

    Started with `{}`, or with `{"records": "2026-12.jsonl"}` for another file of the same folder.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new state machine.
        model: The model to run.
        records: The records, one JSON object a line with `recordId` and `modelInput`; the service wants 100 or more.
        output: Bucket for the answers, versioned and under a key.
        output_path: Folder of *output*; each execution writes into a folder of it.
        key: Key for executions and logs, and for answers where the bucket tells no key of its own; it needs the
            uses in `REQUIRED_KEY_USES`.
        is_converse: Whether the records are requests of Converse, the same for every model. Default: no, they are
            bodies of InvokeModel, in the words of the model.
        tolerated_errors: Failed records that an execution may still succeed with. Default: none.
        hours: How long Bedrock may take, 24 to 168; what is not done then is left out. Default: 24.
        name: Beginning of the names that Bedrock wants, up to 22 small letters, digits and dashes. Default: from
            the path of the construct.
        network: Network for the job. Default: Bedrock's own.
        poll: Time between two looks at the job. Default: ten minutes.
        log_retention: How long the logs are kept. Default: one year.
        removal_policy: What happens to the logs when the stack goes. Default: they are kept.

    Attributes:
        role: Role that Bedrock works with.

    Raises:
        BedrockJobError: The service would refuse the settings; every fault is named.
        RegionError: The region has no Bedrock.

    Example:
        records = Dataset(bucket=data.bucket, path="records", file="tickets.jsonl")
        BatchInference(self, "Summaries", model=nova, records=records, output=data.bucket, output_path="summaries",
                       key=key.key, is_converse=True)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        model: IRunnableModel,
        records: Dataset,
        output: s3.IBucket,
        output_path: str,
        key: kms.IKey,
        is_converse: bool = False,
        tolerated_errors: int = 0,
        hours: int = 24,
        name: str | None = None,
        network: JobNetwork | None = None,
        poll: Duration | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id, key=key, log_retention=log_retention, removal_policy=removal_policy)
        results = Folder(bucket=output, path=output_path, key=key)
        # The service ends the job itself; an hour more, and something is wrong.
        patience = Patience(poll or Duration.minutes(10), Duration.hours(max(hours, 1) + 1))
        faults = [
            *records.faults("records"),
            *results.faults("output_path"),
            *prefix_faults(name),
            *([f"hours is {hours}, allowed are 24 to 168"] if not 24 <= hours <= 168 else patience.faults()),
            *([f"tolerated_errors is {tolerated_errors}: give 0 or more"] if tolerated_errors < 0 else []),
        ]
        if faults:
            raise BedrockJobError(faults)

        stack, kind, prefix = Stack.of(self), JobKind.BATCH, prefix_of(self, name)
        self.role = JobRole(self, "Role", kind=kind, description="runs a model over many records")
        records.folder.grant_read(self.role)
        results.grant_write(self.role)
        model.grant_invoke(self.role)
        self.role.accept_unguarded(_UNGUARDED)

        steps = Construct(self, "Steps")
        place = sfn.JsonPath.format(f"{results.uri}/{{}}/", run_id())
        parameters: dict[str, object] = {
            "JobName": named(prefix),
            "RoleArn": self.role.role_arn,
            "ModelId": model.model_id,
            "ModelInvocationType": "Converse" if is_converse else "InvokeModel",
            "InputDataConfig": {
                "S3InputDataConfig": {
                    "S3InputFormat": "JSONL",
                    "S3Uri": records.uri("$.input.records"),
                    "S3BucketOwner": Aws.ACCOUNT_ID,
                }
            },
            "OutputDataConfig": {
                "S3OutputDataConfig": {
                    "S3Uri": place,
                    "S3EncryptionKeyId": (output.encryption_key or key).key_arn,
                    "S3BucketOwner": Aws.ACCOUNT_ID,
                }
            },
            "TimeoutDurationInHours": hours,
            "Tags": tags(prefix),
        }
        if network is not None:
            parameters["VpcConfig"] = network.bind(self, self.role, kind)
        jobs = kind.arns(stack)
        start = awaited_job(
            steps,
            kind,
            parameters=parameters,
            authorized=[*model.arns, jobs],
            statements=[self.role.passing(), tagging(prefix, jobs)],
            patience=patience,
            outcomes=_outcomes(steps, tolerated_errors),
        )
        self._run(
            begin(steps, {"records": records.file}).next(start),
            description="runs a model over many records",
            timeout=patience.execution,
        )
        self._accept("A job has no id before Bedrock makes it; the wildcard ends at the kind, in this account.", jobs)


def _outcomes(steps: Construct, tolerated_errors: int) -> list[Outcome]:
    errors = f"{JOB}.ErrorRecordCount"
    too_many = sfn.Condition.and_(
        succeeded(), sfn.Condition.is_present(errors), sfn.Condition.number_greater_than(errors, tolerated_errors)
    )
    return [
        (too_many, failure(steps, "Records failed", RECORDS_FAILED)),
        (succeeded(), sfn.Succeed(steps, "Done", output_path=JOB)),
    ]
