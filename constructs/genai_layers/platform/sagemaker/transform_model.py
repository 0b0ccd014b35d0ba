"""A model that works through files, without an endpoint."""

from collections.abc import Sequence

from aws_cdk import ArnFormat, Stack, Token
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from genai_layers.catalog import ml_instances, regions
from genai_layers.catalog.errors import UnknownInstanceTypeError
from genai_layers.catalog.ml_instances import MlUse
from genai_layers.foundation import KeyUse, wildcard_resource
from genai_layers.foundation.nag import acknowledge
from genai_layers.platform.sagemaker import compatibility
from genai_layers.platform.sagemaker.errors import TransformError
from genai_layers.platform.sagemaker.hosted_model import HostedModel
from genai_layers.platform.sagemaker.hosting import Hosting, model_faults

# SageMaker writes the logs of all transform jobs of an account into one group, whose name it gives.
_LOGS = "/aws/sagemaker/TransformJobs"


class TransformModel(Construct):
    """
    A model for batch transform; a `BatchTransform` of `genai_layers.jobs` runs it.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new model.
        model: What is run.
        instance_type: Machine of the jobs.
        bucket: Bucket of records and answers.
        key: Key of the machines' disks, and of answers where the bucket has none; it needs `REQUIRED_KEY_USES`.
        vpc: Where the model stands; it needs a gateway endpoint for S3 that lets its files through.
        subnets: In which subnets.
        records: Folder of the records. Default: `records`.
        answers: Folder of the answers. Default: `answers`.

    Attributes:
        REQUIRED_KEY_USES: Services that use *key*.
        hosting: Role and network.
        model_name: Name of the model.

    Raises:
        TransformError: Something is wrong; all of it is listed.
        RegionError: The region has no SageMaker models.

    Example:
        model = TransformModel(self, "Model", model=embeddings, instance_type="ml.g5.2xlarge", bucket=bucket,
                               key=key.key, vpc=network.vpc, subnets=network.isolated)
        BatchTransform(self, "Transform", subject=model, key=key.key)
    """

    REQUIRED_KEY_USES = (KeyUse.SAGEMAKER_ENDPOINT,)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        model: HostedModel,
        instance_type: str,
        bucket: s3.IBucket,
        key: kms.IKey,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection,
        records: str = "records",
        answers: str = "answers",
    ) -> None:
        super().__init__(scope, id)
        region = Stack.of(self).region
        if not Token.is_unresolved(region):
            regions.require(region, "AWS::SageMaker::Model")
        faults = [*model_faults(self, model), *_faults(model, instance_type, records, answers)]
        if faults:
            raise TransformError(faults)
        self.instance_type, self.bucket, self.records, self.answers = instance_type, bucket, records, answers
        self.output_key = bucket.encryption_key or key
        self.hosting = Hosting(self, "Hosting", vpc=vpc, subnets=subnets)
        machine = ml_instances.get(instance_type, MlUse.TRANSFORM)
        self._model = self.hosting.model(self, "Resource", model, model.on(machine))
        self._grant([bucket.arn_for_objects(f"{records}/*")], bucket.arn_for_objects(f"{answers}/*"))

    @property
    def model_name(self) -> str:
        """Name of the model, which moves with everything in it."""
        return self._model.attr_model_name

    def _grant(self, read: Sequence[str], written: str) -> None:
        role, stack = self.hosting.role, Stack.of(self)
        group = stack.format_arn(
            service="logs",
            resource="log-group",
            resource_name=f"{_LOGS}:*",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        for statement in (
            iam.PolicyStatement(actions=["s3:GetObject"], resources=list(read)),
            iam.PolicyStatement(
                actions=["s3:ListBucket"],
                resources=[self.bucket.bucket_arn],
                conditions={"StringLike": {"s3:prefix": [f"{self.records}/*"]}},
            ),
            iam.PolicyStatement(actions=["s3:PutObject"], resources=[written]),
            iam.PolicyStatement(
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=[self.output_key.key_arn],
                conditions={"StringEquals": {"kms:ViaService": f"s3.{stack.region}.{stack.url_suffix}"}},
            ),
            iam.PolicyStatement(
                actions=["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                resources=[group],
            ),
        ):
            role.add_to_policy(statement)
        for arn in (*read, written, group):
            acknowledge(
                role,
                wildcard_resource(role, arn),
                reason="Records, answers and log streams come one for each file; the wildcard ends at their folder.",
            )


def _faults(model: HostedModel, instance_type: str, records: str, answers: str) -> list[str]:
    found = [
        f"{name} is {folder!r}: name a folder without a slash at either end"
        for name, folder in (("records", records), ("answers", answers))
        if not folder or folder.strip("/") != folder
    ]
    if records == answers:
        found.append(f"records and answers are both in {records!r}: name two folders, or answers are read as records")
    try:
        machine = ml_instances.get(instance_type, MlUse.TRANSFORM)
    except UnknownInstanceTypeError as error:
        return [*found, str(error)]
    return [*found, *compatibility.faults(model, machine)]
