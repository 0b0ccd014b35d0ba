"""
Everything of a multi-node fleet that computes: the role, the template and the groups of its machines.
"""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from genai_layers.catalog.groups import GroupFit
from genai_layers.foundation.nag import acknowledge
from genai_layers.inference.engines.container_image import BoundImage
from genai_layers.inference.entrance import Entrance
from genai_layers.inference.fleet_plan import FleetPlan
from genai_layers.inference.front_door import HEALTH_PORT
from genai_layers.inference.machine_role import MachineRole
from genai_layers.inference.machine_template import MachineTemplate
from genai_layers.inference.multi_node.fabric import close_to_itself, interfaces
from genai_layers.inference.multi_node.node_group import NodeGroup
from genai_layers.inference.weights import Weights


class Nodes(Construct):
    """
    Groups of machines joined by EFA.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it replaces the machines.
        vpc: Where they stand.
        subnet: In which subnet.
        key: Key of their volumes.
        decided: The fleet's decisions.
        group: How the model sits on one group.
        weights: What they may read.
        image: What they pull.
        entrance: Whose requests they answer.
        user_data: What they do at launch.
        groups: How many groups.
        placement_group: Where all of them stand; None: a place for each group.
        notifications: Topic for launches and terminations; None for none.
        egress: Where they may go over HTTPS beside each other; empty: anywhere that a route leads.

    Attributes:
        role: Their role.
        security_group: Their security group, open to itself.
        launch_template: Their template.
        groups: The groups, in order.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        subnet: ec2.ISubnet,
        key: kms.IKey,
        decided: FleetPlan,
        group: GroupFit,
        weights: Weights,
        image: BoundImage,
        entrance: Entrance,
        user_data: ec2.UserData,
        groups: int,
        placement_group: ec2.IPlacementGroup | None,
        notifications: sns.ITopic | None,
        egress: Sequence[ec2.IPeer] = (),
    ) -> None:
        super().__init__(scope, id)
        self.role = MachineRole(
            self,
            "Role",
            weights=weights,
            image=image,
            api_key=entrance.api_key,
            log_group=entrance.log_group,
            signals_updates=False,
        )
        count = _counting(self, self.role)
        template = MachineTemplate(
            self, "Template", vpc=vpc, role=self.role, key=key, decided=decided, user_data=user_data, egress=egress
        )
        self.security_group = template.security_group
        self.launch_template = template.launch_template
        close_to_itself(self.security_group)
        door = entrance.door
        self.security_group.connections.allow_from(door, ec2.Port.tcp(decided.engine.port), "requests")
        self.security_group.connections.allow_from(door, ec2.Port.tcp(HEALTH_PORT), "health checks")
        self._join(group)
        self.groups: list[NodeGroup] = []
        for number in range(groups):
            made = NodeGroup(
                self,
                f"Group{number}",
                vpc=vpc,
                subnet=subnet,
                template=template.launch_template,
                decided=decided,
                machines=group.machines,
                target_group=door.target_group,
                placement_group=placement_group,
                notifications=notifications,
            )
            # The first machine starts as soon as the group is there, and needs what the role allows.
            made.node.add_dependency(self.role, count)
            if self.groups:
                # One group after the other, so that an update leaves the rest to answer.
                made.node.add_dependency(self.groups[-1])
            self.groups.append(made)

    def _join(self, group: GroupFit) -> None:
        template = self.launch_template.node.default_child
        assert isinstance(template, ec2.CfnLaunchTemplate)  # noqa: S101 - narrows the type; the L2 makes no other
        data = "LaunchTemplateData"
        # A machine that gives itself up goes for good, and another one comes.
        template.add_property_override(f"{data}.InstanceInitiatedShutdownBehavior", "terminate")
        # Groups belong to interfaces where a template names interfaces.
        template.add_property_deletion_override(f"{data}.SecurityGroupIds")
        cards = interfaces(group.instance, self.security_group)
        template.add_property_override(f"{data}.NetworkInterfaces", cards)


def _counting(scope: Construct, role: iam.IRole) -> iam.Policy:
    policy = iam.Policy(
        scope,
        "Count",
        roles=[role],
        statements=[iam.PolicyStatement(sid="CountMachines", actions=["ec2:DescribeInstances"], resources=["*"])],
    )
    acknowledge(
        policy,
        "AwsSolutions-IAM5[Resource::*]",
        reason="ec2:DescribeInstances knows no resource; a machine counts the machines of its own group with it, and "
        "may change none.",
    )
    acknowledge(
        policy,
        "IAMNoInlinePolicy",
        reason="The policy serves this one role and must live and die with it; a managed policy could be attached "
        "elsewhere and outlive the role.",
    )
    return policy
