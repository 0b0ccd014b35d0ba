"""The role of the jobs that watch an endpoint."""

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from genai_layers.foundation import wildcard_resource
from genai_layers.foundation.nag import acknowledge
from genai_layers.platform.sagemaker.execution_role import ExecutionRole

_LOGS = "/aws/sagemaker/ProcessingJobs"
# Developer guide, "Run SageMaker Clarify processing jobs": the copy of the model that a job asks is named so.
_COPY = "sm-clarify-*"


class MonitorRole(ExecutionRole):
    """
    It reads what was captured, labels and baseline, and writes reports, metrics and logs.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new role.
        key: Key of the disks.
    """

    def __init__(self, scope: Construct, id: str, *, key: kms.IKey) -> None:
        super().__init__(scope, id, description="watches an endpoint for drift", namespaces=("aws/sagemaker/*",))
        self.add_to_policy(
            iam.PolicyStatement(
                sid="DisksOfMachines",
                actions=["kms:CreateGrant"],
                resources=[key.key_arn],
                conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
            )
        )
        group = Stack.of(self).format_arn(
            service="logs",
            resource="log-group",
            resource_name=f"{_LOGS}*",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        self.add_to_policy(
            iam.PolicyStatement(
                actions=["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                resources=[group],
            )
        )
        acknowledge(
            self,
            wildcard_resource(self, group),
            reason="SageMaker names the log group of jobs and makes a stream for each; the wildcard ends there.",
        )

    def read_folder(self, bucket: s3.IBucket, prefix: str, *, key: kms.IKey) -> None:
        """
        Let it read a folder.

        Args:
            bucket: The bucket.
            prefix: The folder.
            key: Key of objects, where the bucket has none.
        """
        self._folder(bucket, prefix, ["s3:GetObject"], ["kms:Decrypt"], key)
        self.add_to_policy(
            iam.PolicyStatement(
                actions=["s3:ListBucket"],
                resources=[bucket.bucket_arn],
                conditions={"StringLike": {"s3:prefix": [prefix, f"{prefix}/*"]}},
            )
        )

    def write_folder(self, bucket: s3.IBucket, prefix: str, *, key: kms.IKey) -> None:
        """
        Let it write a folder.

        Args:
            bucket: The bucket.
            prefix: The folder.
            key: Key of objects, where the bucket has none.
        """
        self._folder(bucket, prefix, ["s3:PutObject"], ["kms:Decrypt", "kms:GenerateDataKey"], key)

    def describe_endpoint(self, endpoint_arn: str) -> None:
        """
        Let it see what is captured of one endpoint.

        Args:
            endpoint_arn: ARN of the endpoint.
        """
        self.add_to_policy(iam.PolicyStatement(actions=["sagemaker:DescribeEndpoint"], resources=[endpoint_arn]))

    def ask_a_copy(self) -> None:
        """Let it start a copy of the model, ask it, and stop it again."""
        stack = Stack.of(self)
        copies = [
            stack.format_arn(service="sagemaker", resource=kind, resource_name=_COPY)
            for kind in ("endpoint", "endpoint-config")
        ]
        models = stack.format_arn(service="sagemaker", resource="model", resource_name="*")
        self.add_to_policy(
            iam.PolicyStatement(
                sid="CopyOfTheModel",
                actions=[
                    "sagemaker:AddTags",
                    "sagemaker:CreateEndpoint",
                    "sagemaker:CreateEndpointConfig",
                    "sagemaker:DeleteEndpoint",
                    "sagemaker:DeleteEndpointConfig",
                    "sagemaker:DescribeEndpoint",
                    "sagemaker:DescribeEndpointConfig",
                    "sagemaker:InvokeEndpoint",
                ],
                resources=copies,
            )
        )
        self.add_to_policy(iam.PolicyStatement(actions=["sagemaker:DescribeModel"], resources=[models]))
        acknowledge(
            self,
            *(wildcard_resource(self, each) for each in (*copies, models)),
            reason="The job names the copy that it asks, always with this beginning; models are only described.",
        )

    def _folder(self, bucket: s3.IBucket, prefix: str, actions: list[str], uses: list[str], key: kms.IKey) -> None:
        stack = Stack.of(self)
        objects = bucket.arn_for_objects(f"{prefix}/*")
        self.add_to_policy(iam.PolicyStatement(actions=actions, resources=[objects]))
        self.add_to_policy(
            iam.PolicyStatement(
                actions=uses,
                resources=[(bucket.encryption_key or key).key_arn],
                conditions={"StringEquals": {"kms:ViaService": f"s3.{stack.region}.{stack.url_suffix}"}},
            )
        )
        acknowledge(
            self,
            wildcard_resource(self, objects),
            reason="SageMaker chooses the keys under this folder by endpoint and time; the wildcard ends there.",
        )
