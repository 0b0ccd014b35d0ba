"""What contradicts itself in a fleet without a machine, and hours that no clock shows."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from container_estate import container_fleet
from inference_estate import HOURS, Estate

from genai_layers.inference import Capacity, Hours, ScaleToZero

pytestmark = pytest.mark.synth

IDLE = ScaleToZero.when_idle(cdk.Duration.minutes(30))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"scale_to_zero": ScaleToZero()}, "says nothing: use ScaleToZero.when_idle(...)"),
        ({"scale_to_zero": IDLE, "min_machines": 0}, "leave min_machines at 1, or leave scale_to_zero out until"),
        ({"scale_to_zero": IDLE, "min_machines": 2}, "name the hours in which more must stand"),
        ({"scale_to_zero": ScaleToZero.when_idle(cdk.Duration.minutes(10))}, "choose 21 minutes or more"),
        ({"scale_to_zero": ScaleToZero.when_idle(cdk.Duration.days(2))}, "choose whole minutes from 5 to 1440"),
        ({"scale_to_zero": ScaleToZero.when_idle(cdk.Duration.seconds(1830))}, "idle=30.5 minutes"),
        ({"scale_to_zero": IDLE, "request_timeout": cdk.Duration.minutes(50)}, "a request may be silent for 50"),
    ],
)
@pytest.mark.parametrize("make", [Estate.fleet, container_fleet], ids=["machines", "tasks"])
def test_settings_that_contradict_each_other_are_refused(estate, make, changed, reason):
    """The message says what to change, and both kinds of fleet say it."""
    with pytest.raises(ValueError, match="cannot be built") as caught:
        make(estate, **changed)

    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"opens": "7:30"}, "opens='7:30': give a time of a 24-hour clock such as '08:00'"),
        ({"closes": "24:00"}, "closes='24:00'"),
        ({"closes": "07:30"}, "open and close at '07:30': choose two times"),
        ({"days": []}, "days=[]: name each of MON, TUE"),
        ({"days": ["MON", "MON"]}, "days=['MON', 'MON']"),
        ({"days": ["Montag"]}, "days=['Montag']"),
        ({"time_zone": "Europe/Berln"}, "time_zone='Europe/Berln': give an IANA name"),
        ({"time_zone": "../etc"}, "time_zone='../etc'"),
    ],
)
def test_hours_that_no_clock_shows_are_refused(changed, reason):
    """What AWS would refuse in the middle of a deploy is refused here."""
    values = {"opens": "07:30", "closes": "19:00", "time_zone": "Europe/Berlin", **changed}

    faults = Hours(**values).faults

    assert len(faults) == 1
    assert reason in faults[0]


def test_all_that_is_wrong_with_sleep_comes_at_once(estate):
    """Hours, idleness, bounds and what any fleet may have wrong, in one list."""
    wrong = ScaleToZero.outside(Hours(opens="8", closes="9", time_zone="Here"), idle=cdk.Duration.minutes(1))

    with pytest.raises(ValueError, match="cannot be built") as caught:
        estate.fleet(scale_to_zero=wrong, min_machines=0, model="llama-9")

    for part in (
        "opens='8'",
        "closes='9'",
        "'Here'",
        "min_machines is 0",
        "idle=1 minutes",
        "request_timeout",
        "llama-9",
    ):
        assert part in str(caught.value)


def test_a_block_that_is_paid_for_anyway_does_not_sleep(estate):
    """Nothing would be saved, and the model would be gone."""
    with pytest.raises(ValueError, match="paid for whether its machines run or not"):
        estate.fleet(
            scale_to_zero=ScaleToZero.outside(HOURS),
            instance_types=["p5.48xlarge"],
            capacity=Capacity.capacity_block("cr-0123456789abcdef0"),
        )
