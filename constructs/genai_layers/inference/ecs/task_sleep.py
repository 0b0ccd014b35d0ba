"""
What takes the last task of a service and brings the first one back; ECS starts and stops the machines for them.
"""

from __future__ import annotations

from aws_cdk import aws_applicationautoscaling as appscaling
from constructs import Construct

from genai_layers.inference.fleet_metrics import FleetMetrics
from genai_layers.inference.readiness import TimeToReady
from genai_layers.inference.scale_to_zero import ScaleToZero
from genai_layers.inference.sleep_alarms import asked_in_vain, nobody_asks

_Target = appscaling.CfnScalableTarget
_Policy = appscaling.CfnScalingPolicy


class TaskSleep(Construct):
    """
    Two alarms on the tasks of a service.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        target: The tasks.
        rest: How long nobody has to ask.
        ready: How long a start takes.
        metrics: What CloudWatch knows of the fleet.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        target: appscaling.CfnScalableTarget,
        rest: ScaleToZero,
        ready: TimeToReady,
        metrics: FleetMetrics,
    ) -> None:
        super().__init__(scope, id)
        sleep = self._policy("ToZero", target, "ExactCapacity", 0, 60)
        wake = self._policy("Wake", target, "ChangeInCapacity", 1, ready.grace_seconds)
        nobody_asks(self, "NobodyAsks", metrics=metrics, minutes=rest.idle_minutes, policy=sleep)
        asked_in_vain(self, "AskedInVain", metrics=metrics, policy=wake)

    def _policy(self, id: str, target: appscaling.CfnScalableTarget, kind: str, tasks: int, cooldown: int) -> str:
        step = _Policy.StepAdjustmentProperty(scaling_adjustment=tasks, metric_interval_lower_bound=0)
        if tasks == 0:
            step = _Policy.StepAdjustmentProperty(scaling_adjustment=tasks, metric_interval_upper_bound=0)
        return _Policy(
            self,
            id,
            # Required, and unique within its target only.
            policy_name=id,
            policy_type="StepScaling",
            scaling_target_id=target.ref,
            step_scaling_policy_configuration=_Policy.StepScalingPolicyConfigurationProperty(
                adjustment_type=kind,
                cooldown=cooldown,
                metric_aggregation_type="Maximum",
                step_adjustments=[step],
            ),
        ).ref


def scheduled_actions(
    rest: ScaleToZero | None, *, min_tasks: int, max_tasks: int
) -> list[appscaling.CfnScalableTarget.ScheduledActionProperty] | None:
    """
    Return what opens and closes a service; None where nothing does.

    Args:
        rest: When there are no tasks; None for never.
        min_tasks: Lower bound within the hours.
        max_tasks: Upper bound.
    """
    if rest is None or rest.hours is None:
        return None
    # With a way back, the last task goes when nobody asks any more; without one, at once.
    closed = max_tasks if rest.wakes else 0
    actions = []
    for name, moment, at_least, at_most in (
        ("Opens", rest.hours.opening, min_tasks, max_tasks),
        ("Closes", rest.hours.closing, 0, closed),
    ):
        minute, hour, days = moment.split(" ")
        actions.append(
            _Target.ScheduledActionProperty(
                scheduled_action_name=name,
                schedule=f"cron({minute} {hour} ? * {days} *)",
                timezone=rest.hours.time_zone,
                scalable_target_action=_Target.ScalableTargetActionProperty(
                    min_capacity=at_least, max_capacity=at_most
                ),
            )
        )
    return actions
