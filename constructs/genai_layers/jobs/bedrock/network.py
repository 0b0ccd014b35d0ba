"""A network for the machines that Bedrock trains or imports on, when the data must not leave it."""

from dataclasses import dataclass, field

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from genai_layers.foundation import wildcard_resource
from genai_layers.foundation.nag import acknowledge
from genai_layers.jobs.bedrock.job_kind import JobKind
from genai_layers.jobs.bedrock.service_role import JobRole


@dataclass(frozen=True, slots=True, kw_only=True)
class JobNetwork:
    """
    Subnets that a job works in; they need a gateway endpoint for S3, as `Network` has.

    Attributes:
        vpc: The network.
        subnets: Subnets of it, 16 at most. Default: its isolated subnets.
    """

    vpc: ec2.IVpc
    subnets: ec2.SubnetSelection = field(
        default_factory=lambda: ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    )

    def bind(self, scope: Construct, role: JobRole, kind: JobKind) -> dict[str, object]:
        """
        Let *role* stand in the subnets, and return them as Bedrock wants them.

        Args:
            scope: The job.
            role: Its role.
            kind: Its kind.
        """
        group = ec2.SecurityGroup(
            scope,
            "SecurityGroup",
            vpc=self.vpc,
            allow_all_outbound=False,
            description="Bedrock job: TLS out, nothing in",
        )
        group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.HTTPS, "TLS to the endpoints of AWS services")
        chosen = self.vpc.select_subnets(
            availability_zones=self.subnets.availability_zones,
            one_per_az=self.subnets.one_per_az,
            subnet_filters=self.subnets.subnet_filters,
            subnet_group_name=self.subnets.subnet_group_name,
            subnets=self.subnets.subnets,
            subnet_type=self.subnets.subnet_type,
        ).subnet_ids
        _permit(role, kind, chosen, group)
        return {"SubnetIds": chosen, "SecurityGroupIds": [group.security_group_id]}


def _permit(role: JobRole, kind: JobKind, subnet_ids: list[str], group: ec2.ISecurityGroup) -> None:
    # Bedrock user guide, "Protect model customization jobs using a VPC": interfaces are made in these subnets
    # and this group alone, and marked with the job that they are for.
    stack = Stack.of(role)
    interfaces = stack.format_arn(service="ec2", resource="network-interface", resource_name="*")
    subnets = [stack.format_arn(service="ec2", resource="subnet", resource_name=each) for each in subnet_ids]
    groups = stack.format_arn(service="ec2", resource="security-group", resource_name=group.security_group_id)
    jobs = kind.arns(stack)
    for statement in (
        iam.PolicyStatement(
            actions=[
                "ec2:DescribeDhcpOptions",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcs",
            ],
            resources=["*"],
        ),
        iam.PolicyStatement(
            actions=["ec2:CreateNetworkInterface"],
            resources=[interfaces],
            conditions={
                "StringEquals": {"aws:RequestTag/BedrockManaged": "true"},
                "ArnLike": {f"aws:RequestTag/{kind.network_tag}": jobs},
            },
        ),
        iam.PolicyStatement(actions=["ec2:CreateNetworkInterface"], resources=[*subnets, groups]),
        iam.PolicyStatement(
            actions=["ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface"],
            resources=[interfaces],
            conditions={
                "ArnEquals": {"ec2:Subnet": subnets},
                "ArnLike": {f"ec2:ResourceTag/{kind.network_tag}": jobs},
            },
        ),
        iam.PolicyStatement(
            actions=["ec2:CreateTags"],
            resources=[interfaces],
            conditions={
                "StringEquals": {"ec2:CreateAction": "CreateNetworkInterface"},
                "ForAllValues:StringEquals": {"aws:TagKeys": ["BedrockManaged", kind.network_tag]},
            },
        ),
    ):
        role.add_to_policy(statement)
    acknowledge(
        role,
        "AwsSolutions-IAM5[Resource::*]",
        wildcard_resource(role, interfaces),
        reason="Descriptions in EC2 know no resource, and an interface has no id before Bedrock makes it; its tags, "
        "subnets and security group are fixed.",
    )
