"""
How many machines a schedule keeps on average, over a week.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from genai_layers.cost.items import Item, Unknown
from genai_layers.cost.resource import Resource
from genai_layers.cost.tasks import services_on

_DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_DAY_MINUTES = 24 * 60
_WEEK_MINUTES = len(_DAYS) * _DAY_MINUTES

Change = tuple[int, Decimal]
"""Minute of the week, and the lower bound from then on."""


def scheduled_machines(group: Resource) -> Decimal | None:
    """
    Machines of *group* that its schedule keeps, as a mean over the week; None without a schedule that can be read.

    Args:
        group: An Auto Scaling group, one that ECS fills for the tasks of services, or managed instances of ECS.
    """
    changes: list[Change] = []
    for minimum, recurrence in _actions(group):
        minutes = None if minimum is None else _minutes(recurrence)
        if minimum is None or minutes is None:
            return None
        changes += [(minute, minimum) for minute in minutes]
    if not changes:
        return None
    changes.sort()
    # The week is a circle: what holds at its beginning was set by its last change.
    ends = [minute for minute, _ in changes[1:]] + [changes[0][0] + _WEEK_MINUTES]
    kept = sum(((end - begin) * size for (begin, size), end in zip(changes, ends, strict=True)), Decimal(0))
    return kept / _WEEK_MINUTES


def unread_schedule(group: Resource) -> tuple[Item, ...]:
    """
    Return what to tell of a schedule of *group* that cannot be read; nothing where there is none, or it can.

    Args:
        group: As above.
    """
    if scheduled_machines(group) is not None or not any(_actions(group)):
        return ()
    return (Unknown(what="schedule of the machines", reason="it is not of days, hours and a lower bound alone"),)


def _actions(group: Resource) -> Iterator[tuple[Decimal | None, str]]:
    for other in group.template:
        if other.type == "AWS::AutoScaling::ScheduledAction":
            found = group.template.get(other.properties.get("AutoScalingGroupName"))
            if found is not None and found.logical_id == group.logical_id:
                yield other.number("MinSize"), str(other.properties.get("Recurrence"))
    for service in services_on(group):
        for target in group.template:
            if target.type == "AWS::ApplicationAutoScaling::ScalableTarget" and _scales(target, service):
                for action in target.many("ScheduledActions"):
                    yield _minimum(action), str(action.get("Schedule"))


def _scales(target: Resource, service: Resource) -> bool:
    return f'"{service.logical_id}"' in json.dumps(target.properties.get("ResourceId"))


def _minimum(action: Mapping[str, Any]) -> Decimal | None:
    minimum = action.get("ScalableTargetAction", {}).get("MinCapacity")
    return Decimal(minimum) if isinstance(minimum, int) else None


def _minutes(recurrence: str) -> list[int] | None:
    fields = recurrence.removeprefix("cron(").removesuffix(")").split()
    if len(fields) < 5 or not (fields[0].isdigit() and fields[1].isdigit()):
        return None
    minute, hour, of_month, month, of_week = fields[:5]
    named = _DAYS if of_week in ("*", "?") else of_week.split(",")
    if of_month not in ("*", "?") or month != "*" or any(day not in _DAYS for day in named):
        return None
    return [_DAYS.index(day) * _DAY_MINUTES + int(hour) * 60 + int(minute) for day in named]
