"""
How many tasks there are, what starts them, and what takes a bad version of them back.
"""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_applicationautoscaling as appscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from constructs import Construct

from genai_layers.inference.ecs.hosts import Hosts
from genai_layers.inference.ecs.managed_hosts import ManagedHosts, subnet_ids
from genai_layers.inference.ecs.task import Task
from genai_layers.inference.ecs.task_sleep import TaskSleep, scheduled_actions
from genai_layers.inference.entrance import Entrance
from genai_layers.inference.fleet_plan import FleetPlan
from genai_layers.inference.front_door import HEALTH_PORT
from genai_layers.inference.sleep_alarms import keep_one
from genai_layers.inference.ways_out import let_out

_Scaling = appscaling.CfnScalingPolicy
_Tracking = _Scaling.TargetTrackingScalingPolicyConfigurationProperty


class Service(Construct):
    """
    A service that keeps tasks behind the front door, one a machine.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it replaces the tasks.
        vpc: Where the tasks stand.
        subnets: In which subnets.
        hosts: The machines.
        task: What each task is.
        entrance: The load balancer in front of them, and what the scaling follows.
        decided: Scaling, and the time a start takes.
        min_machines: Lower bound.
        max_machines: Upper bound.
        egress: Where the tasks may go over HTTPS; empty: anywhere that a route leads.

    Attributes:
        security_group: Security group of the tasks: in from the load balancer alone, HTTPS out.
        resource: The service.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection,
        hosts: Hosts | ManagedHosts,
        task: Task,
        entrance: Entrance,
        decided: FleetPlan,
        min_machines: int,
        max_machines: int,
        egress: Sequence[ec2.IPeer] = (),
    ) -> None:
        super().__init__(scope, id)
        door = entrance.door
        self.security_group = ec2.SecurityGroup(
            self, "SecurityGroup", vpc=vpc, description="Tasks that serve a model", allow_all_outbound=False
        )
        let_out(self.security_group, egress)
        self.security_group.connections.allow_from(door, ec2.Port.tcp(decided.engine.port), "requests")
        self.security_group.connections.allow_from(door, ec2.Port.tcp(HEALTH_PORT), "health checks")
        rest = decided.scale_to_zero
        scales = min_machines < max_machines or rest is not None
        self.resource = ecs.CfnService(
            self,
            "Resource",
            cluster=hosts.cluster.ref,
            task_definition=task.definition.ref,
            # Where something else decides it, an update must not put it back. Without weights no task may start.
            desired_count=None if scales and min_machines > 0 else min_machines,
            capacity_provider_strategy=[
                ecs.CfnService.CapacityProviderStrategyItemProperty(
                    capacity_provider=hosts.capacity_provider.ref, weight=1
                )
            ],
            deployment_configuration=ecs.CfnService.DeploymentConfigurationProperty(
                deployment_circuit_breaker=ecs.CfnService.DeploymentCircuitBreakerProperty(enable=True, rollback=True),
                # A new task is healthy before an old one goes.
                minimum_healthy_percent=100,
                maximum_percent=200,
            ),
            health_check_grace_period_seconds=decided.ready.grace_seconds,
            load_balancers=[
                ecs.CfnService.LoadBalancerProperty(
                    container_name=task.container,
                    container_port=decided.engine.port,
                    target_group_arn=door.target_group.target_group_arn,
                )
            ],
            network_configuration=ecs.CfnService.NetworkConfigurationProperty(
                awsvpc_configuration=ecs.CfnService.AwsVpcConfigurationProperty(
                    subnets=subnet_ids(vpc, subnets),
                    security_groups=[self.security_group.security_group_id],
                    assign_public_ip="DISABLED",
                )
            ),
            # ECS spreads tasks over machines of its own by itself, and the accelerators of one hold no second task.
            placement_constraints=None
            if isinstance(hosts, ManagedHosts)
            else [ecs.CfnService.PlacementConstraintProperty(type="distinctInstance")],
            placement_strategies=None
            if isinstance(hosts, ManagedHosts)
            else [ecs.CfnService.PlacementStrategyProperty(type="spread", field="attribute:ecs.availability-zone")],
            enable_ecs_managed_tags=True,
            enable_execute_command=False,
            propagate_tags="SERVICE",
        )
        # ECS takes a target group only when a listener leads to it, and a strategy only when the cluster knows it.
        self.resource.node.add_dependency(door, hosts.associations)
        if scales:
            self._scale(hosts, entrance, decided, min_machines, max_machines)

    def _scale(
        self,
        hosts: Hosts | ManagedHosts,
        entrance: Entrance,
        decided: FleetPlan,
        min_machines: int,
        max_machines: int,
    ) -> None:
        door, metrics, rest = entrance.door, entrance.metrics, decided.scale_to_zero
        target = appscaling.CfnScalableTarget(
            self,
            "Tasks",
            service_namespace="ecs",
            scalable_dimension="ecs:service:DesiredCount",
            resource_id=f"service/{hosts.cluster.ref}/{self.resource.attr_name}",
            # Where a schedule or idleness decides, nothing but them may hold a task: an update writes this bound.
            min_capacity=min_machines if rest is None else 0,
            max_capacity=max_machines,
            scheduled_actions=scheduled_actions(rest, min_tasks=min_machines, max_tasks=max_machines),
        )
        if rest is not None and rest.wakes:
            TaskSleep(self, "Sleep", target=target, rest=rest, ready=decided.ready, metrics=metrics)
        scaling, warm_up = decided.scaling, decided.ready.total_seconds
        followed, by_name = [], {}
        if scaling.requests_per_minute is not None:
            by_balancer = _Scaling.PredefinedMetricSpecificationProperty(
                predefined_metric_type="ALBRequestCountPerTarget",
                resource_label=f"{door.load_balancer.load_balancer_full_name}/"
                f"{door.target_group.target_group_full_name}",
            )
            followed.append(
                (
                    "Requests",
                    _Tracking(
                        target_value=scaling.requests_per_minute,
                        predefined_metric_specification=by_balancer,
                        scale_out_cooldown=warm_up,
                    ),
                )
            )
        for name, value, metric, grows_only in (
            # Nobody waits on a fleet that is well filled, so that alone is no reason to shrink.
            ("WaitingRequests", scaling.waiting_requests, metrics.waiting_requests(), scaling.cache_use is not None),
            ("CacheUse", scaling.cache_use, metrics.cache_use(), False),
            ("FirstToken", scaling.time_to_first_token, metrics.time_to_first_token(), True),
        ):
            if value is not None and metric is not None:
                tracking = _Tracking(
                    target_value=value,
                    customized_metric_specification=_by_engine(metric),
                    disable_scale_in=grows_only,
                    scale_out_cooldown=warm_up,
                )
                followed.append((name, tracking))
                by_name[name] = metric
        for name, tracking in followed:
            policy = _Scaling(
                self,
                name,
                # Required, and unique within its target only.
                policy_name=name,
                policy_type="TargetTrackingScaling",
                scaling_target_id=target.ref,
                target_tracking_scaling_policy_configuration=tracking,
            )
            metric = by_name.get(name)
            if rest is not None and metric is not None:
                keep_one(policy, "TargetTrackingScalingPolicyConfiguration", metric)


def _by_engine(metric: cloudwatch.Metric) -> appscaling.CfnScalingPolicy.CustomizedMetricSpecificationProperty:
    return _Scaling.CustomizedMetricSpecificationProperty(
        namespace=metric.namespace,
        metric_name=metric.metric_name,
        statistic=metric.statistic,
        dimensions=[
            _Scaling.MetricDimensionProperty(name=name, value=str(value))
            for name, value in (metric.dimensions or {}).items()
        ],
    )
