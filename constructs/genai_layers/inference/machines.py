"""
The machines of a fleet: their role, their template, their group, and what they are told at launch.
"""

from __future__ import annotations

from aws_cdk import Duration, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

from genai_layers.inference.api_key import ApiKey
from genai_layers.inference.fleet_boot import fleet_boot
from genai_layers.inference.fleet_metrics import FleetMetrics
from genai_layers.inference.fleet_plan import FleetPlan
from genai_layers.inference.front_door import HEALTH_PORT, FrontDoor
from genai_layers.inference.machine_group import MachineGroup
from genai_layers.inference.machine_role import MachineRole
from genai_layers.inference.machine_template import MachineTemplate
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
        api_key: What they ask of callers.
        log_group: Where they write.
        door: The load balancer in front of them.
        metrics: What the scaling follows.
        name: Value of the `Fleet` dimension.
        min_machines: Lower bound.
        max_machines: Upper bound.
        request_timeout: How long running requests are waited for.
        signals_updates: An update waits for a word from each new machine.
        notifications: Topic for launches and terminations; None for none.

    Attributes:
        role: Their role.
        security_group: Their security group.
        launch_template: Their template.
        auto_scaling_group: Their group.
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
        api_key: ApiKey,
        log_group: logs.ILogGroup,
        door: FrontDoor,
        metrics: FleetMetrics,
        name: str,
        min_machines: int,
        max_machines: int,
        request_timeout: Duration,
        signals_updates: bool,
        notifications: sns.ITopic | None,
    ) -> None:
        super().__init__(scope, id)
        image = decided.engine.image.bind(Stack.of(self))
        self.role = MachineRole(
            self,
            "Role",
            weights=weights,
            image=image,
            api_key=api_key,
            log_group=log_group,
            signals_updates=signals_updates,
        )
        user_data = ec2.UserData.custom("#cloud-config")
        template = MachineTemplate(
            self,
            "Template",
            vpc=vpc,
            role=self.role,
            key=key,
            host=decided.host,
            placement=decided.placement,
            engine=decided.engine,
            capacity=decided.capacity,
            user_data=user_data,
        )
        group = MachineGroup(
            self,
            "Group",
            vpc=vpc,
            subnets=subnets,
            template=template.launch_template,
            decided=decided,
            target_group=door.target_group,
            metrics=metrics,
            min_machines=min_machines,
            max_machines=max_machines,
            signals_updates=signals_updates,
            notifications=notifications,
        )
        # The first machine starts as soon as the group is there, and needs what the role allows.
        group.node.add_dependency(self.role)
        template.security_group.connections.allow_from(door, ec2.Port.tcp(decided.engine.port), "requests")
        template.security_group.connections.allow_from(door, ec2.Port.tcp(HEALTH_PORT), "health checks")
        # Told last, since it names the group that is made from the template.
        boot = fleet_boot(
            decided,
            image=image,
            api_key=api_key.secret,
            log_group=log_group,
            name=name,
            group=group,
            request_timeout=request_timeout,
            signals_updates=signals_updates,
        )
        user_data.add_commands(boot.cloud_config())
        self.security_group = template.security_group
        self.launch_template = template.launch_template
        self.auto_scaling_group = group.auto_scaling_group
