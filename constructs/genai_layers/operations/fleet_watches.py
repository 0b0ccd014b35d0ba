"""What is watched of machines that are brought back from none when somebody asks."""

from __future__ import annotations

import math

from aws_cdk import Duration

from genai_layers.operations.interfaces import IWakingFleet
from genai_layers.operations.platform_watches import FLEET
from genai_layers.operations.watch import AlarmRow, GraphRow, Watch

_PERIOD_MINUTES = 5
# A start is an estimate, so twice of it may pass before anybody is called.
_PATIENCE = 2


def waking_fleet(time_to_wake: Duration) -> Watch[IWakingFleet]:
    """
    Return what is watched of a fleet that a request wakes.

    Args:
        time_to_wake: From the first request in vain to an answer, as expected.
    """
    periods = max(2, math.ceil(_PATIENCE * time_to_wake.to_seconds() / 60 / _PERIOD_MINUTES))
    return Watch(
        title=FLEET.title,
        alarms=(
            *FLEET.alarms,
            AlarmRow(
                id="NotAwake",
                metric=lambda fleet: fleet.metric_unanswered(),
                threshold=0,
                minutes=_PERIOD_MINUTES,
                periods=periods,
                means=f"Requests have found no machine for {periods * _PERIOD_MINUTES} minutes, more than it takes.",
                do="Look at the activity history of the machines: a type may not be had, or a quota is used up.",
            ),
            AlarmRow(
                id="WokenOften",
                metric=lambda fleet: fleet.metric_unanswered(),
                threshold=0,
                minutes=60,
                periods=24,
                of_them=6,
                means="In six hours of a day somebody found no machine and had to wait for one.",
                do="Lengthen the idle time of scale_to_zero, or keep a machine in the hours in which people ask.",
            ),
        ),
        graphs=(
            *FLEET.graphs,
            GraphRow(
                title="Requests that found no machine",
                metrics={"requests": lambda fleet: fleet.metric_unanswered()},
                unit="requests",
            ),
        ),
    )
