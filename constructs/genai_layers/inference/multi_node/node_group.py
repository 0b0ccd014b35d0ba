"""
The machines of one group: as many as the model takes, together in one place.
"""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_sns as sns
from constructs import Construct

from genai_layers.foundation.nag import acknowledge
from genai_layers.inference.fleet_plan import FleetPlan
from genai_layers.inference.machine_group import accept_group, group_events, mixed_instances

# CloudFormation, UpdatePolicy: longest PauseTime.
_LONGEST_PAUSE_SECONDS = 3600


class NodeGroup(Construct):
    """
    An Auto Scaling group of a fixed number of machines in one subnet that hold one copy of a model together.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it replaces the machines.
        vpc: Where they stand.
        subnet: In which subnet.
        template: What each machine is like.
        decided: The fleet's decisions.
        machines: How many.
        target_group: Where they are listed.
        placement_group: Where they stand close together; None: one of their own, or none in a Capacity Block.
        notifications: Topic for launches and terminations; None for none.

    Attributes:
        auto_scaling_group: The machines.
        placement_group: Where they stand; None in a Capacity Block, which keeps its machines close itself.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        subnet: ec2.ISubnet,
        template: ec2.LaunchTemplate,
        decided: FleetPlan,
        machines: int,
        target_group: elbv2.ApplicationTargetGroup,
        placement_group: ec2.IPlacementGroup | None,
        notifications: sns.ITopic | None,
    ) -> None:
        super().__init__(scope, id)
        is_block = decided.capacity.is_block
        self.placement_group = placement_group
        if placement_group is None and not is_block:
            self.placement_group = ec2.PlacementGroup(self, "Placement", strategy=ec2.PlacementGroupStrategy.CLUSTER)
        self.auto_scaling_group = autoscaling.AutoScalingGroup(
            self,
            "Resource",
            vpc=vpc,
            vpc_subnets=ec2.SubnetSelection(subnets=[subnet]),
            launch_template=template if is_block else None,
            mixed_instances_policy=None if is_block else mixed_instances(template, decided),
            min_capacity=machines,
            max_capacity=machines,
            default_instance_warmup=Duration.seconds(decided.ready.total_seconds),
            group_metrics=[autoscaling.GroupMetrics.all()],
            health_checks=autoscaling.HealthChecks.ec2(grace_period=Duration.seconds(decided.ready.grace_seconds)),
            # A machine more than the group has would belong to no round of the engine.
            min_healthy_percentage=0,
            max_healthy_percentage=100,
            notifications=group_events(notifications),
            update_policy=autoscaling.UpdatePolicy.rolling_update(
                max_batch_size=machines,
                min_instances_in_service=0,
                pause_time=Duration.seconds(min(decided.ready.grace_seconds, _LONGEST_PAUSE_SECONDS)),
                wait_on_resource_signals=False,
            ),
        )
        self.auto_scaling_group.attach_to_application_target_group(target_group)
        resource = self.auto_scaling_group.node.default_child
        assert isinstance(resource, autoscaling.CfnAutoScalingGroup)  # noqa: S101 - the L2 makes no other
        if self.placement_group is not None:
            resource.placement_group = self.placement_group.placement_group_name
        reservations = decided.capacity.group_reservations()
        if reservations is not None:
            resource.add_property_override("CapacityReservationSpecification", reservations)
        acknowledge(
            self.auto_scaling_group,
            "AutoScalingGroupELBHealthCheckRequired",
            reason="The load balancer says which group answers, and requests follow it at once; but it cannot tell a "
            "lost machine from its neighbours, which all stop answering, so each machine gives itself up only when all "
            "are there and the model does not answer for the whole grace period.",
        )
        accept_group(self.auto_scaling_group, is_block=is_block, notifications=notifications)
