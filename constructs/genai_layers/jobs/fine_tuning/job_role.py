"""The role of a job, with what SageMaker itself needs of it; data comes on top."""

from aws_cdk import ArnFormat, Aws, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from genai_layers.foundation import BoundImage, WorkloadRole, wildcard_resource
from genai_layers.foundation.nag import acknowledge
from genai_layers.jobs.fine_tuning.access import use_key

# SageMaker developer guide, "Give SageMaker AI training jobs access to resources in your VPC".
_INTERFACES = (
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)
_PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
_LOGS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents")


class JobRole(WorkloadRole):
    """
    A role that SageMaker takes on for jobs: one image, one network, logs, metrics, and the key of its disks.

    The grant on the key is what makes a job with a customer-managed key end well: the disks of the machines need it at
    the start, and the upload of the model at the end.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new role.
        description: What the jobs do.
        image: What they run.
        key: Key of disks and output.
        log_group: Log group of such jobs, whose name SageMaker gives.
    """

    def __init__(
        self, scope: Construct, id: str, *, description: str, image: BoundImage, key: kms.IKey, log_group: str
    ) -> None:
        super().__init__(
            scope,
            id,
            assumed_by=iam.ServicePrincipal(
                "sagemaker.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
            ),
            description=description,
        )
        self.add_to_policy(iam.PolicyStatement(actions=list(_PULL), resources=[image.repository_arn]))
        self.add_to_policy(iam.PolicyStatement(actions=["ecr:GetAuthorizationToken"], resources=["*"]))
        self.add_to_policy(iam.PolicyStatement(actions=list(_INTERFACES), resources=["*"]))
        self.add_to_policy(
            iam.PolicyStatement(
                actions=["cloudwatch:PutMetricData"],
                resources=["*"],
                conditions={"StringLike": {"cloudwatch:namespace": ["/aws/sagemaker/*", "aws/sagemaker/*"]}},
            )
        )
        group = Stack.of(self).format_arn(
            service="logs",
            resource="log-group",
            resource_name=f"{log_group}*",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        self.add_to_policy(iam.PolicyStatement(actions=list(_LOGS), resources=[group]))
        use_key(self, key, "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey")
        self.add_to_policy(
            iam.PolicyStatement(
                sid="DisksOfMachines",
                actions=["kms:CreateGrant"],
                resources=[key.key_arn],
                conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
            )
        )
        acknowledge(
            self,
            "AwsSolutions-IAM5[Resource::*]",
            reason="A login to a registry, metrics and network interfaces have no resource that could be named before "
            "the job; metrics are bound to SageMaker's namespace.",
        )
        acknowledge(
            self,
            wildcard_resource(self, group),
            reason="SageMaker names the log group of jobs and makes a stream for each; the wildcard ends there.",
        )
