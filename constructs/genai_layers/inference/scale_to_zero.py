"""
When a fleet has no machine at all, and what brings the first one back.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from aws_cdk import Duration

from genai_layers.inference.capacity import Capacity
from genai_layers.inference.hours import Hours
from genai_layers.inference.readiness import TimeToReady

NOTICE_SECONDS = 180
"""From the first request in vain to the order for a machine: the load balancer counts by the minute, the alarm looks
once a minute, and a count is a minute old. Our estimate."""

# CloudWatch API, PutMetricAlarm: periods of a minute may look back over one day.
_SHORTEST_MINUTES, _LONGEST_MINUTES = 5, 1440


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleToZero:
    """
    A time without machines; make one with the class methods.

    A machine that goes takes no more requests and ends those that run, as in any fleet.
    Requests that find no machine get status 503 from the load balancer.

    Attributes:
        idle: Time without a request after which the last machine goes; a request then brings one back.
        hours: When the fleet stands whether anybody asks or not.
    """

    idle: Duration | None = None
    hours: Hours | None = None

    @classmethod
    def when_idle(cls, idle: Duration) -> ScaleToZero:
        """
        No machine while nobody asks; the first request in vain starts one, and callers try again until it answers.

        Args:
            idle: Time without a request, whole minutes, longer than a start may take and than *request_timeout*.
        """
        return cls(idle=idle)

    @classmethod
    def outside(cls, hours: Hours, *, idle: Duration | None = None) -> ScaleToZero:
        """
        At least *min_machines* within *hours*; outside of them no machine, or one only while somebody asks.

        Args:
            hours: When the fleet stands.
            idle: Outside of them, a request starts a machine that goes after this time without a request. Default:
                outside of the hours nothing starts a machine.
        """
        return cls(idle=idle, hours=hours)

    @property
    def wakes(self) -> bool:
        """Whether a request in vain starts a machine."""
        return self.idle is not None

    @property
    def idle_minutes(self) -> int:
        """Minutes without a request; 0 where that changes nothing."""
        return 0 if self.idle is None else int(self.idle.to_seconds()) // 60

    def faults(self, *, min_machines: int, request_timeout: Duration, capacity: Capacity) -> tuple[str, ...]:
        """
        Why a fleet cannot have no machine in this way.

        Args:
            min_machines: Lower bound of the fleet.
            request_timeout: Longest silence of a request.
            capacity: How its machines are bought.
        """
        found = list(self.hours.faults) if self.hours is not None else []
        if self.idle is None and self.hours is None:
            found.append("scale_to_zero says nothing: use ScaleToZero.when_idle(...) or ScaleToZero.outside(...)")
        if min_machines == 0:
            found.append(
                "scale_to_zero is given and min_machines is 0, which keeps the fleet at nothing until somebody raises "
                "it by hand: leave min_machines at 1, or leave scale_to_zero out until the weights are there"
            )
        if self.hours is None and min_machines > 1:
            found.append(
                f"min_machines is {min_machines} and a request in vain starts one machine: leave min_machines at 1, or "
                "name the hours in which more must stand with ScaleToZero.outside(...)"
            )
        if capacity.is_block:
            found.append(
                "capacity is a block, which is paid for whether its machines run or not: leave scale_to_zero out, or "
                "choose another capacity"
            )
        if self.idle is not None:
            found += _idle_faults(self.idle.to_seconds(), request_timeout.to_seconds())
        return tuple(found)

    def start_faults(self, ready: TimeToReady) -> tuple[str, ...]:
        """
        Why a machine that a request brought back would go before it answers.

        Args:
            ready: How long a start takes.
        """
        needed = math.ceil((NOTICE_SECONDS + ready.grace_seconds) / 60)
        if self.idle is None or self.idle_minutes >= needed:
            return ()
        return (
            f"scale_to_zero has idle={self.idle_minutes} minutes and a start may take {ready.grace_seconds // 60}: "
            f"choose {needed} minutes or more, or a machine that was woken goes before it answers",
        )


def _idle_faults(idle_seconds: float, timeout_seconds: float) -> list[str]:
    found = []
    minutes = idle_seconds / 60
    if not minutes.is_integer() or not _SHORTEST_MINUTES <= minutes <= _LONGEST_MINUTES:
        found.append(
            f"scale_to_zero has idle={minutes:g} minutes: choose whole minutes from {_SHORTEST_MINUTES} to "
            f"{_LONGEST_MINUTES}"
        )
    if idle_seconds < timeout_seconds:
        found.append(
            f"scale_to_zero has idle={minutes:g} minutes and a request may be silent for {timeout_seconds / 60:g} "
            "(request_timeout): choose at least that, or a fleet counts as idle while it answers"
        )
    return found
