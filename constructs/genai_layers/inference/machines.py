"""
The machines of a fleet: their role, their template and their group.
"""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from genai_layers.inference.engines.container_image import BoundImage
from genai_layers.inference.entrance import Entrance
from genai_layers.inference.fleet_plan import FleetPlan
from genai_layers.inference.front_door import HEALTH_PORT
from genai_layers.inference.machine_group import MachineGroup
from genai_layers.inference.machine_role import MachineRole
from genai_layers.inference.machine_template import MachineTemplate
from genai_layers.inference.warm_pool import WarmPool
from genai_layers.inference.weights import Weights


class Machines(Construct):
    """
    Everything of a fleet that computes.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it replaces the machines.
        vpc: Where they stand.
        subnets: In which subnets.
        key: Key of their volumes.
        decided: The fleet's decisions.
        weights: What they may read.
        image: What they pull; None where the machine image holds the engine.
        entrance: Whose requests they answer, with which API key, and where they write.
        user_data: What they do at launch; may still grow, and has to where it names their group.
        min_machines: Lower bound.
        max_machines: Upper bound.
        signals_updates: An update waits for a word from each new machine.
        notifications: Topic for launches and terminations; None for none.
        egress: Where they may go over HTTPS; empty: anywhere that a route leads.

    Attributes:
        role: Their role.
        security_group: Their security group.
        launch_template: Their template.
        group: Their group, and what makes it grow and shrink.
        auto_scaling_group: Their group, as the CDK knows it.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection,
        key: kms.IKey,
        decided: FleetPlan,
        weights: Weights,
        image: BoundImage | None,
        entrance: Entrance,
        user_data: ec2.UserData,
        min_machines: int,
        max_machines: int,
        signals_updates: bool,
        notifications: sns.ITopic | None,
        egress: Sequence[ec2.IPeer],
    ) -> None:
        super().__init__(scope, id)
        self.role = MachineRole(
            self,
            "Role",
            weights=weights,
            image=image,
            api_key=entrance.api_key,
            log_group=entrance.log_group,
            signals_updates=signals_updates,
        )
        template = MachineTemplate(
            self, "Template", vpc=vpc, role=self.role, key=key, decided=decided, user_data=user_data, egress=egress
        )
        self.group = MachineGroup(
            self,
            "Group",
            vpc=vpc,
            subnets=subnets,
            template=template.launch_template,
            decided=decided,
            entrance=entrance,
            min_machines=min_machines,
            max_machines=max_machines,
            signals_updates=signals_updates,
            notifications=notifications,
        )
        # The first machine starts as soon as the group is there, and needs what the role allows.
        self.group.node.add_dependency(self.role)
        door = entrance.door
        template.security_group.connections.allow_from(door, ec2.Port.tcp(decided.engine.port), "requests")
        template.security_group.connections.allow_from(door, ec2.Port.tcp(HEALTH_PORT), "health checks")
        if decided.fast_start.warm_machines:
            WarmPool(self, "Warm", group=self.group, role=self.role, machines=decided.fast_start.warm_machines)
        self.security_group = template.security_group
        self.launch_template = template.launch_template
        self.auto_scaling_group = self.group.auto_scaling_group
