"""Scaling of copies or machines by Application Auto Scaling."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import aws_applicationautoscaling as appscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct, IDependable

from genai_layers.platform.sagemaker.copies import Copies
from genai_layers.platform.sagemaker.endpoint_metrics import NAMESPACE


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaledThing:
    """
    What is scaled, as Application Auto Scaling names it.

    Attributes:
        resource_id: Such as `inference-component/<name>`.
        dimension: Such as `sagemaker:inference-component:DesiredCopyCount`.
        concurrency_metric: Predefined metric of its requests in hand; None where it has none.
        wake_metric: Metric that tells of requests which found nothing to answer them.
        dimensions: Dimensions of *wake_metric*.
    """

    resource_id: str
    dimension: str
    concurrency_metric: str | None
    wake_metric: str
    dimensions: dict[str, str]


# SageMaker developer guide, "Scale an endpoint to zero instances": the alarm must notice one failure at once.
_WAKE_SECONDS = 30


class Scaling(Construct):
    """
    Target tracking, schedules, and a wake-up from zero.

    No role is made: SageMaker's service-linked role of Application Auto Scaling comes with the first target.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        thing: What is scaled.
        copies: Bounds and figures.
        after: What must stand before.

    Attributes:
        target: The scalable target.
        wake_alarm: Alarm that brings the first copy back; None where there is always one.
    """

    def __init__(
        self, scope: Construct, id: str, *, thing: ScaledThing, copies: Copies, after: Sequence[IDependable]
    ) -> None:
        super().__init__(scope, id)
        self._thing, self._copies = thing, copies
        self.target = appscaling.CfnScalableTarget(
            self,
            "Target",
            min_capacity=copies.minimum,
            max_capacity=copies.maximum,
            resource_id=thing.resource_id,
            scalable_dimension=thing.dimension,
            service_namespace="sagemaker",
            scheduled_actions=[each.render() for each in copies.schedule] or None,
        )
        self.target.node.add_dependency(*after)
        if copies.minimum != copies.maximum:
            self._track()
        self.wake_alarm = self._wake() if copies.reaches_zero else None

    def _track(self) -> None:
        copies = self._copies
        settings: dict[str, object] = {
            "scaleInCooldown": copies.scale_in_after.to_seconds(),
            "scaleOutCooldown": copies.scale_out_after.to_seconds(),
        }
        if copies.metric is not None:
            settings |= {"targetValue": copies.target, "customizedMetricSpecification": _specification(copies.metric)}
        else:
            settings |= {
                "targetValue": copies.concurrency,
                "predefinedMetricSpecification": {"predefinedMetricType": self._thing.concurrency_metric},
            }
        appscaling.CfnScalingPolicy(
            self,
            "Load",
            policy_name="load",
            policy_type="TargetTrackingScaling",
            scaling_target_id=self.target.ref,
            target_tracking_scaling_policy_configuration=settings,
        )

    def _wake(self) -> cloudwatch.CfnAlarm:
        policy = appscaling.CfnScalingPolicy(
            self,
            "WakeUp",
            policy_name="wake-up",
            policy_type="StepScaling",
            scaling_target_id=self.target.ref,
            step_scaling_policy_configuration={
                "adjustmentType": "ChangeInCapacity",
                "metricAggregationType": "Maximum",
                "cooldown": self._copies.scale_out_after.to_seconds(),
                "stepAdjustments": [{"metricIntervalLowerBound": 0, "scalingAdjustment": 1}],
            },
        )
        return cloudwatch.CfnAlarm(
            self,
            "Asked",
            alarm_description="somebody asks and nothing is there to answer: bring the first one back",
            namespace=NAMESPACE,
            metric_name=self._thing.wake_metric,
            dimensions=[{"name": name, "value": value} for name, value in self._thing.dimensions.items()],
            statistic="Maximum",
            period=_WAKE_SECONDS,
            evaluation_periods=1,
            datapoints_to_alarm=1,
            threshold=1,
            comparison_operator="GreaterThanOrEqualToThreshold",
            # Without requests there are no values, and that is no reason to change anything.
            treat_missing_data="missing",
            alarm_actions=[policy.ref],
        )


def _specification(metric: cloudwatch.Metric) -> dict[str, object]:
    return {
        "namespace": metric.namespace,
        "metricName": metric.metric_name,
        "statistic": metric.statistic,
        "dimensions": [{"name": name, "value": value} for name, value in (metric.dimensions or {}).items()],
    }
