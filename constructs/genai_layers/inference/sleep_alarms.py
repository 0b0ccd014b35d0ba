"""
How a fleet notices that nobody asks, and that somebody asks in vain.
"""

from __future__ import annotations

from aws_cdk import CfnResource
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from genai_layers.inference.fleet_metrics import FleetMetrics

_MINUTE_SECONDS = 60

# So little above nothing that it changes no number of machines but 0, which it makes 1.
_ABOVE_NOTHING = 0.001


def asked_in_vain(scope: Construct, id: str, *, metrics: FleetMetrics, policy: str) -> cloudwatch.CfnAlarm:
    """
    Define the alarm of the first request that found no machine.

    Args:
        scope: The construct it belongs to.
        id: Its name within *scope*.
        metrics: What CloudWatch knows of the fleet.
        policy: ARN of the scaling policy that brings one back.
    """
    metric = metrics.unanswered()
    return cloudwatch.CfnAlarm(
        scope,
        id,
        alarm_description="Somebody asks and there is no machine: the first one is brought back.",
        namespace=metric.namespace,
        metric_name=metric.metric_name,
        dimensions=dimensions(metric),
        statistic="Sum",
        period=_MINUTE_SECONDS,
        evaluation_periods=1,
        threshold=1,
        comparison_operator="GreaterThanOrEqualToThreshold",
        # Without requests there are no values, and that is no reason to change anything.
        treat_missing_data="notBreaching",
        alarm_actions=[policy],
    )


def nobody_asks(scope: Construct, id: str, *, metrics: FleetMetrics, minutes: int, policy: str) -> cloudwatch.CfnAlarm:
    """
    Define the alarm of a time in which nobody asked, nobody asked in vain, and no request ran.

    Args:
        scope: The construct it belongs to.
        id: Its name within *scope*.
        metrics: What CloudWatch knows of the fleet.
        minutes: How long.
        policy: ARN of the scaling policy that takes the last machine.
    """
    counted = {"requests": metrics.requests(), "in_vain": metrics.unanswered()}
    running = metrics.running_requests()
    if running is not None:
        counted["running"] = running
    return cloudwatch.CfnAlarm(
        scope,
        id,
        alarm_description=f"Nobody has asked for {minutes} minutes: the machines go until somebody does.",
        metrics=[
            *(_query(name, metric) for name, metric in counted.items()),
            cloudwatch.CfnAlarm.MetricDataQueryProperty(
                id="asked",
                label="requests of any kind",
                # A scaling policy by steps needs a value, so a minute without one is filled.
                expression=f"FILL(SUM([{', '.join(counted)}]), 0)",
                return_data=True,
            ),
        ],
        evaluation_periods=minutes,
        datapoints_to_alarm=minutes,
        threshold=0,
        comparison_operator="LessThanOrEqualToThreshold",
        treat_missing_data="breaching",
        alarm_actions=[policy],
    )


def keep_one(policy: CfnResource, configuration: str, metric: cloudwatch.Metric) -> None:
    """
    Have a policy that follows the load keep the last machine, which goes by schedule or idleness only.

    A figure of 0 asks for 0 machines, so a little is added to it.

    Args:
        policy: The policy.
        configuration: Property of *policy* that says what it follows.
        metric: What it follows.
    """
    figure = {
        "Namespace": metric.namespace,
        "MetricName": metric.metric_name,
        "Dimensions": [{"Name": item.name, "Value": item.value} for item in dimensions(metric)],
    }
    policy.add_property_override(
        f"{configuration}.CustomizedMetricSpecification",
        {
            "Metrics": [
                {"Id": "figure", "MetricStat": {"Metric": figure, "Stat": metric.statistic}, "ReturnData": False},
                {"Id": "kept", "Expression": f"figure + {_ABOVE_NOTHING}", "ReturnData": True},
            ]
        },
    )
    for replaced in ("Dimensions", "MetricName", "Namespace", "Statistic"):
        policy.add_property_deletion_override(f"{configuration}.CustomizedMetricSpecification.{replaced}")


def dimensions(metric: cloudwatch.Metric) -> list[cloudwatch.CfnAlarm.DimensionProperty]:
    """
    Return the dimensions of *metric* as an alarm names them.

    Args:
        metric: The metric.
    """
    return [
        cloudwatch.CfnAlarm.DimensionProperty(name=name, value=str(value))
        for name, value in (metric.dimensions or {}).items()
    ]


def _query(id: str, metric: cloudwatch.Metric) -> cloudwatch.CfnAlarm.MetricDataQueryProperty:
    return cloudwatch.CfnAlarm.MetricDataQueryProperty(
        id=id,
        metric_stat=cloudwatch.CfnAlarm.MetricStatProperty(
            metric=cloudwatch.CfnAlarm.MetricProperty(
                namespace=metric.namespace, metric_name=metric.metric_name, dimensions=dimensions(metric)
            ),
            period=_MINUTE_SECONDS,
            stat=metric.statistic,
        ),
        return_data=False,
    )
