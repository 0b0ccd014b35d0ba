"""
What ECS may do in EC2 to start and stop machines for one cluster.
"""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from genai_layers.foundation import WorkloadRole
from genai_layers.foundation.nag import acknowledge

_MADE_BY_ECS = {"StringEquals": {"aws:RequestTag/AmazonECSManaged": "true"}}
_RUN_BY_ECS = {"StringEquals": {"ec2:ManagedResourceOperator": "ecs.amazonaws.com"}}


class InfrastructureRole(WorkloadRole):
    """
    The role with which ECS starts machines of its own, in named subnets, with one role for them.

    It has what AmazonECSInfrastructureRolePolicyForManagedInstances allows, and less: that policy passes any role
    whose name begins in one way, in any region and account, and starts machines in any subnet.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new role.
        machine_role: The one role that machines may get.
        security_group: Their security group.
        subnets: Ids of their subnets.
        spot: Whether it buys spot machines.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        machine_role: iam.IRole,
        security_group: ec2.ISecurityGroup,
        subnets: list[str],
        spot: bool,
    ) -> None:
        stack = Stack.of(scope)
        super().__init__(
            scope,
            id,
            assumed_by=iam.ServicePrincipal(
                "ecs.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": stack.account}}
            ),
            description="ECS starts and stops machines under tasks that serve a model",
        )

        def of(kind: str, name: str = "*", account: str | None = None) -> str:
            return stack.format_arn(service="ec2", resource=kind, resource_name=name, account=account)

        templates = of("launch-template")
        made = [of(kind) for kind in ("instance", "network-interface", "volume")]
        places = [*(of("subnet", subnet) for subnet in subnets), of("security-group", security_group.security_group_id)]
        images = of("image", account="")
        # AWS managed policy reference, AmazonECSInfrastructureRolePolicyForManagedInstances, version 11.
        for sid, actions, resources, conditions in (
            ("DescribeMachines", ["ec2:CreateLaunchTemplate"], [templates], _MADE_BY_ECS),
            (
                "ChangeTemplates",
                ["ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"],
                [templates],
                _RUN_BY_ECS,
            ),
            ("StartMachines", ["ec2:CreateFleet"], [of("fleet"), templates, *made], _MADE_BY_ECS),
            ("RunMachines", ["ec2:RunInstances"], made, _MADE_BY_ECS),
            (
                "RunTemplates",
                ["ec2:RunInstances"],
                [templates],
                {"StringEquals": {"ec2:ResourceTag/AmazonECSManaged": "true"}},
            ),
            ("StartHere", ["ec2:CreateFleet", "ec2:RunInstances"], [*places, images], None),
            (
                "TagWhatStarts",
                ["ec2:CreateTags"],
                [of("fleet"), templates, *made],
                {"StringEquals": {"ec2:CreateAction": ["CreateFleet", "CreateLaunchTemplate", "RunInstances"]}},
            ),
            (
                "PassMachineRole",
                ["iam:PassRole"],
                [machine_role.role_arn],
                {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
            ),
            (
                "Look",
                [
                    "ec2:DescribeAvailabilityZones",
                    "ec2:DescribeInstanceTypeOfferings",
                    "ec2:DescribeInstanceTypes",
                    "ec2:DescribeInstances",
                    "ec2:DescribeLaunchTemplates",
                    "ec2:DescribeNetworkInterfaces",
                    "ec2:DescribeSecurityGroups",
                    "ec2:DescribeSubnets",
                    "ec2:DescribeVpcs",
                ],
                ["*"],
                None,
            ),
        ):
            self.add_to_policy(
                iam.PolicyStatement(sid=sid, actions=actions, resources=resources, conditions=conditions)
            )
        if spot:
            self.add_to_policy(
                iam.PolicyStatement(
                    sid="MakeSpotRole",
                    actions=["iam:CreateServiceLinkedRole"],
                    resources=[
                        stack.format_arn(
                            service="iam",
                            region="",
                            resource="role",
                            resource_name="aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot",
                        )
                    ],
                    conditions={"StringEquals": {"iam:AWSServiceName": "spot.amazonaws.com"}},
                )
            )
        acknowledge(
            self,
            "AwsSolutions-IAM5[Resource::*]",
            *(f"AwsSolutions-IAM5[Resource::{arn}]" for arn in (templates, of("fleet"), images, *made)),
            reason="Machines, volumes and templates have no ids before ECS makes them, so the wildcard is narrowed by "
            "the tag that ECS puts on its own; looking at machines knows no resource.",
        )
