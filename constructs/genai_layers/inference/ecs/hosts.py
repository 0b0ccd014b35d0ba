"""
The cluster of a fleet of tasks, and the machines that ECS starts and stops for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Tags
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from genai_layers.catalog.accelerators import Vendor
from genai_layers.inference.ecs.host_role import HostRole
from genai_layers.inference.fast_start import DATA_DIRECTORY, DATA_LABEL
from genai_layers.inference.fleet_plan import FleetPlan
from genai_layers.inference.machine_group import accept_group, group_events, mixed_instances
from genai_layers.inference.machine_template import MachineTemplate


class Hosts(Construct):
    """
    A cluster with one capacity provider: an Auto Scaling group that has as many machines as there are tasks.

    ECS protects a machine with a task from the group's scaling, and drains one that goes.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it replaces cluster and machines.
        vpc: Where the machines stand.
        subnets: In which subnets.
        key: Key of their volumes.
        decided: The fleet's decisions.
        max_machines: Upper bound of the tasks; one machine more may stand while an update runs.
        notifications: Topic for launches and terminations; None for none.
        egress: Where the machines may go over HTTPS; empty: anywhere that a route leads.

    Attributes:
        cluster: The cluster.
        role: Role of the machines, without weights and without the API key.
        auto_scaling_group: The machines.
        capacity_provider: What ECS is told of them.
        associations: The cluster's use of it; a service comes after it.
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
        max_machines: int,
        notifications: sns.ITopic | None,
        egress: Sequence[ec2.IPeer] = (),
    ) -> None:
        super().__init__(scope, id)
        self.cluster = ecs.CfnCluster(
            self,
            "Cluster",
            cluster_settings=[ecs.CfnCluster.ClusterSettingsProperty(name="containerInsights", value="enabled")],
        )
        self.role = HostRole(self, "Role", cluster=self.cluster)
        user_data = ec2.UserData.for_linux()
        template = MachineTemplate(
            self,
            "Template",
            vpc=vpc,
            role=self.role,
            key=key,
            decided=decided,
            user_data=user_data,
            egress=egress,
        )
        if decided.fast_start.data_snapshot is not None:
            # Before the agent takes a task: it starts when cloud-init is through.
            user_data.add_commands(
                f"mkdir --parents {DATA_DIRECTORY}",
                f"mount --options noatime,nosuid,nodev LABEL={DATA_LABEL} {DATA_DIRECTORY}",
            )
        lines = _agent_settings(decided)
        lines["ECS_CLUSTER"] = self.cluster.ref
        user_data.add_commands(
            *(f"echo '{name}={value}' >>/etc/ecs/ecs.config" for name, value in sorted(lines.items()))
        )
        self.auto_scaling_group = _group(self, vpc, subnets, template.launch_template, decided, notifications)
        resource = self.auto_scaling_group.node.default_child
        assert isinstance(resource, autoscaling.CfnAutoScalingGroup)  # noqa: S101 - the L2 makes no other
        # None before there is a task: a machine that joins ahead of its capacity provider may never belong to it.
        resource.min_size, resource.max_size = "0", str(max_machines + 1)
        reservations = decided.capacity.group_reservations()
        if reservations is not None:
            resource.add_property_override("CapacityReservationSpecification", reservations)
        # Managed scaling knows the group by this tag, and an update of the group's tags must not take it away.
        Tags.of(self.auto_scaling_group).add("AmazonECSManaged", "true")
        # The agent joins the cluster as soon as it is up, and needs what the role allows.
        self.auto_scaling_group.node.add_dependency(self.role)
        self.capacity_provider = ecs.CfnCapacityProvider(
            self,
            "Capacity",
            auto_scaling_group_provider=ecs.CfnCapacityProvider.AutoScalingGroupProviderProperty(
                auto_scaling_group_arn=self.auto_scaling_group.auto_scaling_group_name,
                managed_draining="ENABLED",
                managed_scaling=ecs.CfnCapacityProvider.ManagedScalingProperty(
                    status="ENABLED",
                    target_capacity=100,
                    minimum_scaling_step_size=1,
                    maximum_scaling_step_size=max_machines,
                    instance_warmup_period=decided.ready.boot_seconds,
                ),
                managed_termination_protection="ENABLED",
            ),
        )
        self.associations = ecs.CfnClusterCapacityProviderAssociations(
            self,
            "Associations",
            cluster=self.cluster.ref,
            capacity_providers=[self.capacity_provider.ref],
            default_capacity_provider_strategy=[
                ecs.CfnClusterCapacityProviderAssociations.CapacityProviderStrategyProperty(
                    capacity_provider=self.capacity_provider.ref, weight=1
                )
            ],
        )


def _agent_settings(decided: FleetPlan) -> dict[str, str]:
    # ECS developer guide, "Amazon ECS container agent configuration".
    settings = {
        "ECS_AWSVPC_BLOCK_IMDS": "true",
        "ECS_DISABLE_PRIVILEGED": "true",
        "ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE": "true",
        # Versions do not move, so what is on the machine is what was asked for.
        "ECS_IMAGE_PULL_BEHAVIOR": "prefer-cached",
        "ECS_IMAGE_PULL_INACTIVITY_TIMEOUT": "30m",
    }
    if decided.engine.vendor is Vendor.NVIDIA:
        settings["ECS_ENABLE_GPU_SUPPORT"] = "true"
    if decided.capacity.is_spot:
        settings["ECS_ENABLE_SPOT_INSTANCE_DRAINING"] = "true"
    return settings


def _group(
    scope: Construct,
    vpc: ec2.IVpc,
    subnets: ec2.SubnetSelection,
    template: ec2.LaunchTemplate,
    decided: FleetPlan,
    notifications: sns.ITopic | None,
) -> autoscaling.AutoScalingGroup:
    is_block = decided.capacity.is_block
    group = autoscaling.AutoScalingGroup(
        scope,
        "Machines",
        vpc=vpc,
        vpc_subnets=subnets,
        launch_template=template if is_block else None,
        mixed_instances_policy=None if is_block else mixed_instances(template, decided),
        az_capacity_distribution_strategy=autoscaling.CapacityDistributionStrategy.BALANCED_BEST_EFFORT,
        group_metrics=[autoscaling.GroupMetrics.all()],
        # ECS takes the protection off a machine that has no task.
        new_instances_protected_from_scale_in=True,
        notifications=group_events(notifications),
    )
    accept_group(group, is_block=is_block, notifications=notifications)
    return group
