"""
What takes the last machine of an Auto Scaling group and brings the first one back.
"""

from __future__ import annotations

from aws_cdk import aws_autoscaling as autoscaling
from constructs import Construct

from genai_layers.inference.fleet_metrics import FleetMetrics
from genai_layers.inference.readiness import TimeToReady
from genai_layers.inference.scale_to_zero import ScaleToZero
from genai_layers.inference.sleep_alarms import asked_in_vain, nobody_asks


class MachineSleep(Construct):
    """
    Scheduled actions and two alarms on a group of machines.

    The group itself names no number of machines that it wants, so an update leaves those that stand.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        group: The machines.
        rest: When there are none.
        ready: How long a start takes.
        metrics: What CloudWatch knows of the fleet.
        min_machines: Lower bound within the hours.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        group: autoscaling.AutoScalingGroup,
        rest: ScaleToZero,
        ready: TimeToReady,
        metrics: FleetMetrics,
        min_machines: int,
    ) -> None:
        super().__init__(scope, id)
        name = group.auto_scaling_group_name
        if rest.hours is not None:
            for action, moment, at_least, wanted in (
                ("Opens", rest.hours.opening, min_machines, None),
                # With a way back, the last machine goes when nobody asks any more; without one, at once.
                ("Closes", rest.hours.closing, 0, None if rest.wakes else 0),
            ):
                minute, hour, days = moment.split(" ")
                autoscaling.CfnScheduledAction(
                    self,
                    action,
                    auto_scaling_group_name=name,
                    min_size=at_least,
                    desired_capacity=wanted,
                    recurrence=f"{minute} {hour} * * {days}",
                    time_zone=rest.hours.time_zone,
                )
        if rest.wakes:
            # Both simple, since a simple policy waits for the cooldown of the other: what a request has brought back
            # is safe from the order to sleep until a start has had its time.
            sleep = self._policy(name, "ToZero", "ExactCapacity", 0, 60)
            wake = self._policy(name, "Wake", "ChangeInCapacity", 1, ready.grace_seconds)
            nobody_asks(self, "NobodyAsks", metrics=metrics, minutes=rest.idle_minutes, policy=sleep)
            asked_in_vain(self, "AskedInVain", metrics=metrics, policy=wake)

    def _policy(self, group: str, id: str, kind: str, machines: int, cooldown_seconds: int) -> str:
        return autoscaling.CfnScalingPolicy(
            self,
            id,
            auto_scaling_group_name=group,
            policy_type="SimpleScaling",
            adjustment_type=kind,
            scaling_adjustment=machines,
            cooldown=str(cooldown_seconds),
        ).ref


def lowest(rest: ScaleToZero | None, min_machines: int) -> int:
    """
    Return the lower bound that a group is made with: none where idleness alone decides.

    With hours it is that of the hours, so that a fleet which is made within them stands. An update leaves what the
    schedule has set since, by `IgnoreUnmodifiedGroupSizeProperties` of the group's update policy.

    Args:
        rest: When there are no machines; None: only when somebody says so.
        min_machines: Lower bound of the fleet.
    """
    return 0 if rest is not None and rest.hours is None else min_machines
