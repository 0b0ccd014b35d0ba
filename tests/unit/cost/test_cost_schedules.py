"""What machines cost whose number a schedule changes."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest

from genai_layers.cost import idle_floor


@pytest.fixture
def scheduled(fleet_template: dict[str, Any]) -> dict[str, Any]:
    """The fleet, with a schedule that opens it on Monday and Friday nights."""
    template = copy.deepcopy(fleet_template)
    template["Resources"] |= {"Opens": action("0 20 * * MON,FRI", 2), "Closes": action("0 8 * * TUE,SAT", 0)}
    return template


def action(recurrence: str, minimum: int) -> dict[str, Any]:
    """A scheduled action on the group."""
    return {
        "Type": "AWS::AutoScaling::ScheduledAction",
        "Properties": {"AutoScalingGroupName": {"Ref": "Group"}, "MinSize": minimum, "Recurrence": recurrence},
    }


def machines(template: dict[str, Any]) -> list[str]:
    """What the report says of the group's machines."""
    report = idle_floor({"Stack": template}, "us-east-1")
    return [line.what.split(",")[0] for line in report.lines if line.logical_id == "Group" and "xlarge" in line.what]


def unread(template: dict[str, Any]) -> list[str]:
    """What the report cannot price of the group."""
    report = idle_floor({"Stack": template}, "us-east-1")
    return [item.what for item in report.unpriced if item.what == "schedule of the machines"]


def test_a_group_costs_the_mean_of_its_week(scheduled: dict[str, Any]) -> None:
    """Two nights of twelve hours with two machines are 48 of 168 hours."""
    assert machines(scheduled) == [f"{round(Decimal(48) / 168, 2)} x g6.xlarge"]
    assert unread(scheduled) == []


def test_hours_over_the_end_of_a_week_are_counted(scheduled: dict[str, Any]) -> None:
    """A week is a circle: what opens on Sunday stands on Monday."""
    scheduled["Resources"]["Opens"] = action("0 20 * * SUN", 1)
    scheduled["Resources"]["Closes"] = action("0 8 * * MON", 0)

    assert machines(scheduled) == [f"{round(Decimal(12) / 168, 2)} x g6.xlarge"]


@pytest.mark.parametrize("recurrence", ["0 20 1 * *", "*/5 20 * * MON", "0 20 * * 1-5", "@daily"])
def test_a_schedule_that_is_not_read_is_told(scheduled: dict[str, Any], recurrence: str) -> None:
    """The number of the template is counted, and the reader knows that it is not the whole story."""
    scheduled["Resources"]["Opens"] = action(recurrence, 2)

    assert machines(scheduled)[0].endswith("x g6.xlarge")
    assert unread(scheduled) == ["schedule of the machines"]
