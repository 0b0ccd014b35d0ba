"""
The machines of an attested fleet: nothing runs on them that was not measured.
"""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

from genai_layers.inference.api_key import ApiKey
from genai_layers.inference.fleet_metrics import FleetMetrics
from genai_layers.inference.fleet_plan import FleetPlan
from genai_layers.inference.front_door import HEALTH_PORT, FrontDoor
from genai_layers.inference.machine_group import MachineGroup
from genai_layers.inference.machine_role import MachineRole
from genai_layers.inference.machine_template import MachineTemplate
from genai_layers.inference.weights import Weights


class AttestedMachines(Construct):
    """
    Role, template and group of an attested fleet.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it replaces the machines.
        vpc: Where they stand.
        subnets: In which subnets.
        key: Key of their volumes.
        decided: The fleet's decisions.
        weights: The sealed weights.
        api_key: What they ask of callers.
        log_group: Where they write.
        door: The load balancer in front of them.
        metrics: What the scaling follows.
        min_machines: Lower bound.
        max_machines: Upper bound.
        notifications: Topic for launches and terminations; None for none.

    Attributes:
        role: Their role, kept as long as the key that knows it.
        user_data: Parameters for the image, still empty.
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
        min_machines: int,
        max_machines: int,
        notifications: sns.ITopic | None,
    ) -> None:
        super().__init__(scope, id)
        self.role = MachineRole(
            self,
            "Role",
            weights=weights,
            image=None,
            api_key=api_key,
            log_group=log_group,
            signals_updates=False,
        )
        resource = self.role.node.default_child
        assert isinstance(resource, iam.CfnRole)  # noqa: S101 - narrows the type; the L2 makes no other
        # The policy of the attested key knows this very role and can never learn another.
        resource.apply_removal_policy(RemovalPolicy.RETAIN)
        self.user_data = ec2.UserData.custom("")
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
            user_data=self.user_data,
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
            signals_updates=False,
            notifications=notifications,
        )
        group.node.add_dependency(self.role)
        template.security_group.connections.allow_from(door, ec2.Port.tcp(decided.engine.port), "requests")
        template.security_group.connections.allow_from(door, ec2.Port.tcp(HEALTH_PORT), "health checks")
        self.auto_scaling_group = group.auto_scaling_group
