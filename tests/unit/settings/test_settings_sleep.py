"""An environment says when its fleet has no machine, and the stack does it."""

from __future__ import annotations

from typing import Any

import pytest

from genai_layers import testing
from genai_layers.settings import SettingsError, load, validate
from stacks.build import build
from tests.synthesized import ROOT

FLEET = {"enabled": True, "plaintext_reason": "nothing leaves this test, so nothing needs to be encrypted"}
HOURS = {"opens": "07:30", "closes": "19:00", "time_zone": "Europe/Berlin"}


def faults_of(sleep: dict[str, Any], **inference: object) -> dict[str, str]:
    """Return what is wrong with an environment whose fleet sleeps like this, by path."""
    with pytest.raises(SettingsError) as caught:
        validate(
            {"environment": "test", "region": "us-east-1", "inference": {**FLEET, **inference, "sleep": sleep}},
            source="test",
        )
    return {fault.path: fault.message for fault in caught.value.faults}


@pytest.mark.parametrize(
    ("sleep", "path", "words"),
    [
        ({**HOURS, "opens": "7:30"}, "inference.sleep.opens", "pattern"),
        ({**HOURS, "time_zone": "Europe/Berln"}, "inference.sleep.time_zone", "give an IANA name"),
        ({**HOURS, "closes": "07:30"}, "inference.sleep", "choose two times"),
        ({**HOURS, "days": ("MON", "MON")}, "inference.sleep", "names a day twice"),
        ({**HOURS, "days": ("Montag",)}, "inference.sleep.days.0", "'MON'"),
        ({"opens": "07:30"}, "inference.sleep", "give closes and time_zone too"),
        ({"idle_minutes": 4}, "inference.sleep.idle_minutes", "5"),
    ],
)
def test_what_no_clock_shows_is_refused_at_its_path(sleep: dict[str, Any], path: str, words: str) -> None:
    """Before anything is synthesized, with what is allowed."""
    assert words in faults_of(sleep)[path]


@pytest.mark.parametrize(
    ("sleep", "machines", "words"),
    [
        ({"idle_minutes": 30}, 0, "leave one of them out"),
        ({"idle_minutes": 30}, 2, "leave it at 1, or name in sleep the hours"),
    ],
)
def test_what_contradicts_the_number_of_machines_is_refused(sleep: dict[str, Any], machines: int, words: str) -> None:
    """A request starts one machine, and a lower bound of none needs no sleep."""
    assert words in faults_of(sleep, min_machines=machines)["inference"]


@pytest.mark.synth
def test_the_stack_sleeps_as_the_file_says() -> None:
    """Hours on the group, and a request in vain that wakes it; without the setting there is neither."""
    said = {f"inference.sleep.{name}": value for name, value in {**HOURS, "idle_minutes": "45"}.items()}
    templates = [
        testing.template(build(testing.app(), load("staging", ROOT / "stacks" / "environments", given)).inference)
        for given in (said, {})
    ]
    asleep, awake = templates

    schedules = testing.resources(asleep, "AWS::AutoScaling::ScheduledAction").values()
    assert {(item["Properties"]["Recurrence"], item["Properties"]["TimeZone"]) for item in schedules} == {
        ("30 7 * * MON,TUE,WED,THU,FRI", "Europe/Berlin"),
        ("0 19 * * MON,TUE,WED,THU,FRI", "Europe/Berlin"),
    }
    alarms = [item["Properties"] for item in testing.resources(asleep, "AWS::CloudWatch::Alarm").values()]
    assert {45, 1} <= {alarm["EvaluationPeriods"] for alarm in alarms}
    assert testing.resources(awake, "AWS::AutoScaling::ScheduledAction") == {}
