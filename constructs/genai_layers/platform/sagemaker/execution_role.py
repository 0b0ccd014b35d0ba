"""The role that SageMaker works with for an endpoint, and nothing more than it needs."""

from collections.abc import Sequence

from aws_cdk import Aws, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.foundation import BoundImage, WorkloadRole, wildcard_resource
from genai_layers.foundation.nag import acknowledge
from genai_layers.platform.sagemaker.artifacts import Artifacts
from genai_layers.platform.sagemaker.data_capture import DataCapture

_NAMESPACES = ("AWS/SageMaker", "/aws/sagemaker/*")


class ExecutionRole(WorkloadRole):
    """
    A role for hosting: it pulls the images and reads the files that it is told of, and writes its own logs.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new role.
        description: What it does. Default: it serves models.
        namespaces: Where it may write metrics. Default: those of hosting.

    Example:
        role = ExecutionRole(self, "Role")
        role.pull(image)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        description: str = "serves models: pulls their images, reads their files, writes logs",
        namespaces: Sequence[str] = _NAMESPACES,
    ) -> None:
        super().__init__(
            scope,
            id,
            assumed_by=iam.ServicePrincipal(
                "sagemaker.amazonaws.com",
                # Not every call of the service names a source, and one that names another account's is refused.
                conditions={"StringEqualsIfExists": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            ),
            description=description,
        )
        self._known: set[str] = set()
        self.add_to_policy(iam.PolicyStatement(actions=["ecr:GetAuthorizationToken"], resources=["*"]))
        self.add_to_policy(
            iam.PolicyStatement(
                actions=["cloudwatch:PutMetricData"],
                resources=["*"],
                conditions={"StringLike": {"cloudwatch:namespace": list(namespaces)}},
            )
        )
        acknowledge(
            self,
            "AwsSolutions-IAM5[Resource::*]",
            reason="A registry token, metrics and descriptions of a network have no resources in IAM; images are "
            "bounded by their repositories, metrics by the namespaces of SageMaker, and descriptions change nothing.",
        )

    def pull(self, image: BoundImage) -> None:
        """
        Let it pull from one repository.

        Args:
            image: The image.
        """
        self._once(
            iam.PolicyStatement(
                actions=["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                resources=[image.repository_arn],
            ),
            f"pull {image.repository_arn}",
        )

    def read(self, artifacts: Artifacts) -> None:
        """
        Let it read the files of a model.

        Args:
            artifacts: The files.
        """
        stack = Stack.of(self)
        for index, statement in enumerate(artifacts.statements(stack)):
            self._once(statement, f"read {artifacts.uri} {index}")
        if not artifacts.is_archive:
            acknowledge(
                self,
                wildcard_resource(self, artifacts.objects_arn(stack)),
                reason="A model is a folder of files with names that its publisher chose; the wildcard ends there.",
            )

    def capture(self, capture: DataCapture, key: kms.IKey) -> None:
        """
        Let it keep a sample of requests and answers.

        Args:
            capture: Where they go.
            key: Key of the endpoint.
        """
        for index, statement in enumerate(capture.statements(Stack.of(self), key)):
            self._once(statement, f"capture {index}")
        acknowledge(
            self,
            wildcard_resource(self, capture.objects_arn()),
            reason="SageMaker chooses the keys under this folder by endpoint, variant and time.",
        )

    def write_logs(self, group: logs.ILogGroup) -> None:
        """
        Let it write to a log group that is there already.

        Args:
            group: The log group.
        """
        self._once(
            iam.PolicyStatement(
                actions=["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                resources=[group.log_group_arn],
            ),
            f"logs {group.node.path}",
        )

    def join(self, vpc: ec2.IVpc, subnet_ids: list[str], group: ec2.ISecurityGroup) -> None:
        """
        Let SageMaker put network interfaces of the models into a network.

        Args:
            vpc: The network.
            subnet_ids: In which subnets.
            group: With which security group.
        """
        stack = Stack.of(self)
        interfaces = stack.format_arn(service="ec2", resource="network-interface", resource_name="*")
        ours = {"ArnEquals": {"ec2:Vpc": stack.format_arn(service="ec2", resource="vpc", resource_name=vpc.vpc_id)}}
        self.add_to_policy(
            iam.PolicyStatement(
                actions=["ec2:CreateNetworkInterface"],
                resources=[
                    *(stack.format_arn(service="ec2", resource="subnet", resource_name=each) for each in subnet_ids),
                    stack.format_arn(service="ec2", resource="security-group", resource_name=group.security_group_id),
                ],
            )
        )
        self.add_to_policy(
            iam.PolicyStatement(
                actions=[
                    "ec2:CreateNetworkInterface",
                    "ec2:CreateNetworkInterfacePermission",
                    "ec2:DeleteNetworkInterface",
                    "ec2:DeleteNetworkInterfacePermission",
                ],
                resources=[interfaces],
                conditions=ours,
            )
        )
        self.add_to_policy(
            iam.PolicyStatement(
                actions=[
                    "ec2:DescribeDhcpOptions",
                    "ec2:DescribeNetworkInterfaces",
                    "ec2:DescribeSecurityGroups",
                    "ec2:DescribeSubnets",
                    "ec2:DescribeVpcs",
                ],
                resources=["*"],
            )
        )
        acknowledge(
            self,
            wildcard_resource(self, interfaces),
            reason="SageMaker makes the interfaces and chooses their ids; the condition holds them to this network.",
        )

    def _once(self, statement: iam.PolicyStatement, name: str) -> None:
        # Several models share an image, a bucket or a key; one statement says it.
        if name not in self._known:
            self._known.add(name)
            self.add_to_policy(statement)
