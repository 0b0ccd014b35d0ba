"""
How many machines there are, where, and what replaces them.
"""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_sns as sns
from constructs import Construct

from genai_layers.foundation.nag import acknowledge
from genai_layers.inference.entrance import Entrance
from genai_layers.inference.fleet_metrics import FleetMetrics
from genai_layers.inference.fleet_plan import FleetPlan
from genai_layers.inference.machine_sleep import MachineSleep, lowest
from genai_layers.inference.sleep_alarms import keep_one

HOOK = "ready"
"""Name of the lifecycle hook that waits for a machine; the machines are told it before the group is there."""

# CloudFormation, UpdatePolicy: longest PauseTime.
_LONGEST_PAUSE_SECONDS = 3600
# Auto Scaling API, PutLifecycleHook: longest HeartbeatTimeout.
_LONGEST_WAIT_SECONDS = 7200


class MachineGroup(Construct):
    """
    An Auto Scaling group over several types and zones that replaces what does not answer.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it replaces the machines.
        vpc: Where the machines stand.
        subnets: In which subnets.
        template: What each machine is like.
        decided: Types, capacity, scaling and the time a start takes.
        entrance: Where machines that are ready are listed, and what the scaling follows.
        min_machines: Lower bound.
        max_machines: Upper bound.
        signals_updates: An update waits for a word from each new machine.
        notifications: Topic for launches and terminations; None for none.

    Attributes:
        auto_scaling_group: The group.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection,
        template: ec2.LaunchTemplate,
        decided: FleetPlan,
        entrance: Entrance,
        min_machines: int,
        max_machines: int,
        signals_updates: bool,
        notifications: sns.ITopic | None,
    ) -> None:
        super().__init__(scope, id)
        patience = Duration.seconds(decided.ready.grace_seconds)
        is_block = decided.capacity.is_block
        self.auto_scaling_group = autoscaling.AutoScalingGroup(
            self,
            "Resource",
            vpc=vpc,
            vpc_subnets=subnets,
            launch_template=template if is_block else None,
            mixed_instances_policy=None if is_block else mixed_instances(template, decided),
            # Outside of hours a schedule lowers it; where idleness decides, nothing may hold a machine.
            min_capacity=lowest(decided.scale_to_zero, min_machines),
            max_capacity=max_machines,
            az_capacity_distribution_strategy=autoscaling.CapacityDistributionStrategy.BALANCED_BEST_EFFORT,
            capacity_rebalance=decided.capacity.is_spot,
            default_instance_warmup=Duration.seconds(decided.ready.total_seconds),
            group_metrics=[autoscaling.GroupMetrics.all()],
            health_checks=autoscaling.HealthChecks.with_additional_checks(
                additional_types=[autoscaling.AdditionalHealthCheckType.ELB], grace_period=patience
            ),
            # A replacement starts before the old machine goes.
            min_healthy_percentage=100,
            max_healthy_percentage=200,
            notifications=group_events(notifications),
            update_policy=_update_policy(decided, min_machines, max_machines, signals_updates),
        )
        self.auto_scaling_group.attach_to_application_target_group(entrance.door.target_group)
        reservations = decided.capacity.group_reservations()
        if reservations is not None:
            self.resource.add_property_override("CapacityReservationSpecification", reservations)
        if decided.fast_start.warm_machines:
            self.resource.lifecycle_hook_specification_list = [_ready_hook(decided)]
        if min_machines < max_machines:
            # Auto Scaling refuses to track a target in a group that cannot change its size.
            self._scale(decided, entrance.metrics)
        if decided.scale_to_zero is not None:
            MachineSleep(
                self,
                "Sleep",
                group=self.auto_scaling_group,
                rest=decided.scale_to_zero,
                ready=decided.ready,
                metrics=entrance.metrics,
                min_machines=min_machines,
            )
        accept_group(self.auto_scaling_group, is_block=is_block, notifications=notifications)

    @property
    def resource(self) -> autoscaling.CfnAutoScalingGroup:
        """The group as CloudFormation knows it."""
        resource = self.auto_scaling_group.node.default_child
        assert isinstance(resource, autoscaling.CfnAutoScalingGroup)  # noqa: S101 - the L2 makes no other
        return resource

    def _scale(self, decided: FleetPlan, metrics: FleetMetrics) -> None:
        warm_up = Duration.seconds(decided.ready.total_seconds)
        scaling = decided.scaling
        if scaling.requests_per_minute is not None:
            self.auto_scaling_group.scale_on_request_count(
                "Requests", target_requests_per_minute=scaling.requests_per_minute, estimated_instance_warmup=warm_up
            )
        for name, target, metric, grows_only in (
            # Nobody waits on a fleet that is well filled, so that alone is no reason to shrink.
            ("WaitingRequests", scaling.waiting_requests, metrics.waiting_requests(), scaling.cache_use is not None),
            ("CacheUse", scaling.cache_use, metrics.cache_use(), False),
            ("FirstToken", scaling.time_to_first_token, metrics.time_to_first_token(), True),
        ):
            if target is not None and metric is not None:
                tracking = self.auto_scaling_group.scale_to_track_metric(
                    name,
                    metric=metric,
                    target_value=target,
                    estimated_instance_warmup=warm_up,
                    disable_scale_in=grows_only,
                )
                if decided.scale_to_zero is not None:
                    policy = tracking.node.default_child
                    assert isinstance(policy, autoscaling.CfnScalingPolicy)  # noqa: S101 - the L2 makes no other
                    keep_one(policy, "TargetTrackingConfiguration", metric)


def _update_policy(
    decided: FleetPlan, min_machines: int, max_machines: int, signals_updates: bool
) -> autoscaling.UpdatePolicy:
    if decided.fast_start.warm_machines:
        # CloudFormation, AWS::AutoScaling::WarmPool: a rolling update leaves warm machines of the old version.
        return autoscaling.UpdatePolicy.instance_refresh(
            strategy=autoscaling.InstanceRefreshStrategy.ROLLING, min_healthy_percentage=100, max_healthy_percentage=200
        )
    return autoscaling.UpdatePolicy.rolling_update(
        max_batch_size=1,
        min_instances_in_service=min(min_machines, max_machines - 1),
        pause_time=Duration.seconds(min(decided.ready.grace_seconds, _LONGEST_PAUSE_SECONDS)),
        wait_on_resource_signals=signals_updates,
    )


def _ready_hook(decided: FleetPlan) -> autoscaling.CfnAutoScalingGroup.LifecycleHookSpecificationProperty:
    return autoscaling.CfnAutoScalingGroup.LifecycleHookSpecificationProperty(
        lifecycle_hook_name=HOOK,
        lifecycle_transition="autoscaling:EC2_INSTANCE_LAUNCHING",
        heartbeat_timeout=min(decided.ready.grace_seconds, _LONGEST_WAIT_SECONDS),
        default_result="ABANDON",
    )


def mixed_instances(template: ec2.LaunchTemplate, decided: FleetPlan) -> autoscaling.MixedInstancesPolicy:
    """
    Return every type of a fleet in order of preference, bought as it says.

    Args:
        template: What each machine is like.
        decided: Types and capacity.
    """
    return autoscaling.MixedInstancesPolicy(
        launch_template=template,
        launch_template_overrides=[
            autoscaling.LaunchTemplateOverrides(instance_type=ec2.InstanceType(type_.name))
            for type_ in decided.placement.types
        ],
        instances_distribution=decided.capacity.distribution(),
    )


def group_events(notifications: sns.ITopic | None) -> list[autoscaling.NotificationConfiguration] | None:
    """
    Return what a group tells *notifications*: every launch and termination.

    Args:
        notifications: The topic; None for none.
    """
    if notifications is None:
        return None
    return [autoscaling.NotificationConfiguration(topic=notifications, scaling_events=autoscaling.ScalingEvents.ALL)]


def accept_group(group: autoscaling.AutoScalingGroup, *, is_block: bool, notifications: sns.ITopic | None) -> None:
    """
    Acknowledge what rules find at a group and why it is right so.

    Args:
        group: The group.
        is_block: Its machines belong to a Capacity Block, and it has no mixed instances policy.
        notifications: Its topic; None for none.
    """
    if not is_block:
        acknowledge(
            group,
            "EC2IMDSv2Enabled",
            "AwsSolutions-EC26",
            reason="These rules look for a launch template beside the group and not in its mixed instances policy; "
            "the one in there requires session tokens (GENAI-EC2-02 checks that) and encrypts its volume.",
        )
    if notifications is None:
        acknowledge(
            group,
            "AwsSolutions-AS3",
            reason="Launches and terminations are in the group's activity history, its metrics are on and the "
            "fleet's unhealthy machines raise an alarm; a topic can be given where people want each event.",
        )
