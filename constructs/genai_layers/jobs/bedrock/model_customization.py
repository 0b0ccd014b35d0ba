"""A model that learned from data of ours, by a job that is asked for and never by a deploy."""

from collections.abc import Mapping

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from genai_layers.jobs.bedrock.alias import ModelAlias
from genai_layers.jobs.bedrock.awaited_job import JOB, awaited_job, begin, succeeded
from genai_layers.jobs.bedrock.bedrock_job import BedrockJob
from genai_layers.jobs.bedrock.customization import Customization, Distillation
from genai_layers.jobs.bedrock.dataset import Dataset
from genai_layers.jobs.bedrock.errors import BedrockJobError
from genai_layers.jobs.bedrock.folder import Folder
from genai_layers.jobs.bedrock.interfaces import IRunnableModel
from genai_layers.jobs.bedrock.job_kind import JobKind, own
from genai_layers.jobs.bedrock.network import JobNetwork
from genai_layers.jobs.bedrock.patience import Patience
from genai_layers.jobs.bedrock.run import named, prefix_faults, prefix_of, run_id
from genai_layers.jobs.bedrock.service_role import JobRole, tagging, tags

_TAUGHT = (
    "The teacher answers prompts of the training data for a model in training; its answers reach no person before "
    "that model has been evaluated."
)


class ModelCustomization(BedrockJob):
    """
    Fine-tunes, pre-trains further, distils or reinforces a model.

    Every execution makes a model of its own and writes into a folder of its own, so none overwrites what another
    made. The alias names the newest model that was finished; evaluate it before anybody is sent to it.

    Started with `{}`, or with `{"training_file": "2026-12.jsonl"}` for other data of the same folder.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new state machine and a new alias.
        base_model: The model that learns.
        customization: How it learns.
        training: What it learns from.
        output: Bucket for metrics and losses, versioned and under a key.
        output_path: Folder of *output*; each execution writes into a folder of it.
        key: Key for the customized model, executions and logs; it needs the uses in `REQUIRED_KEY_USES`.
        validation: Data that the model is measured by while it learns. Default: none.
        name: Beginning of the names that Bedrock wants, up to 22 small letters, digits and dashes. Default: from
            the path of the construct.
        network: Network for the training. Default: Bedrock's own.
        poll: Time between two looks at the job. Default: five minutes.
        timeout: Longest run; then the job is stopped. Default: three days.
        log_retention: How long the logs are kept. Default: one year.
        removal_policy: What happens to the logs when the stack goes. Default: they are kept, and models always.

    Attributes:
        newest: Names the newest model.
        role: Role that Bedrock works with.

    Raises:
        BedrockJobError: The service would refuse the settings; every fault is named.
        RegionError: The region has no Bedrock.

    Example:
        training = Dataset(bucket=data.bucket, path="training", file="2026-11.jsonl")
        job = ModelCustomization(self, "Tuning", base_model=nova, customization=FineTuning(), training=training,
                                 output=data.bucket, output_path="tuned", key=key.key)
        job.grant_start(data_scientist)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        base_model: IRunnableModel,
        customization: Customization,
        training: Dataset,
        output: s3.IBucket,
        output_path: str,
        key: kms.IKey,
        validation: Dataset | None = None,
        name: str | None = None,
        network: JobNetwork | None = None,
        poll: Duration | None = None,
        timeout: Duration | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id, key=key, log_retention=log_retention, removal_policy=removal_policy)
        patience = Patience(poll or Duration.minutes(5), timeout or Duration.days(3))
        results = Folder(bucket=output, path=output_path)
        faults = [
            *customization.faults(),
            *training.faults("training"),
            *([] if validation is None else validation.faults("validation")),
            *results.faults("output_path"),
            *prefix_faults(name),
            *patience.faults(),
        ]
        if faults:
            raise BedrockJobError(faults)

        kind, prefix = JobKind.CUSTOMIZATION, prefix_of(self, name)
        self.role = JobRole(self, "Role", kind=kind, description="trains a model for a customization")
        for data in (training, *([] if validation is None else [validation])):
            data.folder.grant_read(self.role)
        results.grant_write(self.role)
        customization.permit(self.role)
        if isinstance(customization, Distillation):
            self.role.accept_unguarded(_TAUGHT)
        self.newest = ModelAlias(self, "Newest", description="ARN of the customized model that was made last")

        steps = Construct(self, "Steps")
        defaults = {"training_file": training.file}
        parameters: dict[str, object] = {
            "JobName": named(prefix),
            "CustomModelName": named(prefix),
            "RoleArn": self.role.role_arn,
            "BaseModelIdentifier": base_model.arns[0],
            "CustomizationType": customization.type,
            "CustomModelKmsKeyId": key.key_arn,
            "TrainingDataConfig": {"S3Uri": training.uri("$.input.training_file")},
            "OutputDataConfig": {"S3Uri": sfn.JsonPath.format(f"{results.uri}/{{}}/", run_id())},
            "JobTags": tags(prefix),
            "CustomModelTags": tags(prefix),
            **_optional(customization),
        }
        if validation is not None:
            defaults["validation_file"] = validation.file
            parameters["ValidationDataConfig"] = {"Validators": [{"S3Uri": validation.uri("$.input.validation_file")}]}
        if network is not None:
            parameters["VpcConfig"] = network.bind(self, self.role, kind)
        made = self.newest.point(steps, "Note model", f"{JOB}.OutputModelArn")
        made.next(sfn.Succeed(steps, "Made", output_path=JOB))
        stack = Stack.of(self)
        jobs, models = kind.arns(stack), own(stack, "custom-model")
        start = awaited_job(
            steps,
            kind,
            parameters=parameters,
            authorized=[*base_model.arns, models],
            statements=[self.role.passing(), tagging(prefix, jobs, models)],
            patience=patience,
            outcomes=[(succeeded(), made)],
        )
        self._run(
            begin(steps, defaults).next(start),
            description="customizes a model on Bedrock",
            timeout=patience.execution,
        )
        self._accept(
            "Jobs and models have no id before Bedrock makes them; the wildcards end at the kind, in this account.",
            jobs,
            models,
        )


def _optional(customization: Customization) -> Mapping[str, object]:
    more: dict[str, object] = {}
    if customization.hyper_parameters:
        more["HyperParameters"] = dict(customization.hyper_parameters)
    settings = customization.render()
    if settings is not None:
        more["CustomizationConfig"] = settings
    return more
