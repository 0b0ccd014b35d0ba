"""Machines of an endpoint follow the clock where they are asked to, and never below what it needs."""

from __future__ import annotations

import pytest
from sagemaker_estate import IDLE, Estate, Rendered

from genai_layers.platform.sagemaker import EndpointError, Instances, Machines, ScheduledBounds

pytestmark = pytest.mark.synth

TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
NIGHT = ScheduledBounds(name="night", expression="cron(0 20 * * ? *)", minimum=2, maximum=2, timezone="Europe/Berlin")
NOTHING = ScheduledBounds(name="night", expression="cron(0 20 * * ? *)", minimum=0, maximum=0)


def test_a_dedicated_endpoint_has_other_bounds_at_night(estate: Estate) -> None:
    """In the time zone of its people."""
    estate.dedicated(schedule=[NIGHT])

    (action,) = Rendered(template=estate.template(), estate=estate).one(TARGET)["ScheduledActions"]

    assert (action["ScheduledActionName"], action["Timezone"]) == ("night", "Europe/Berlin")
    assert action["ScalableTargetAction"] == {"MinCapacity": 2, "MaxCapacity": 2}


def test_a_fixed_number_of_machines_can_follow_the_clock(estate: Estate) -> None:
    """Without a figure to follow there is a target all the same, and nothing tracks."""
    estate.dedicated(
        machines=Machines(instance_types=["ml.g5.2xlarge"], instances=Instances.between(4, 4)), schedule=[NIGHT]
    )

    seen = Rendered(template=estate.template(), estate=estate)

    assert seen.one(TARGET)["MinCapacity"] == 4
    assert seen.all("AWS::ApplicationAutoScaling::ScalingPolicy") == {}


def test_a_queue_may_be_without_machines_at_night_and_is_woken(estate: Estate) -> None:
    """Requests wait in it."""
    machines = Machines(instance_types=["ml.g5.2xlarge"])
    estate.asynchronous(machines=machines, schedule=[NOTHING])

    seen = Rendered(template=estate.template(), estate=estate)

    assert seen.one(TARGET)["ScheduledActions"][0]["ScalableTargetAction"] == {"MinCapacity": 0, "MaxCapacity": 0}
    assert [
        alarm["Properties"]["MetricName"]
        for name, alarm in seen.all("AWS::CloudWatch::Alarm").items()
        if "Asked" in name
    ] == ["HasBacklogWithoutCapacity"]


def test_a_dedicated_endpoint_never_goes_below_what_outlives_a_zone(estate: Estate) -> None:
    """Neither to one machine without a reason, nor to none."""
    one = ScheduledBounds(name="noon", expression="cron(0 12 * * ? *)", minimum=1, maximum=1)

    with pytest.raises(EndpointError) as told:
        estate.dedicated(schedule=[one, NOTHING, NOTHING])

    for words in ("'noon' goes down to 1, and this endpoint needs 2", "goes down to 0", "'night' is there twice"):
        assert words in str(told.value)


def test_a_single_machine_with_a_reason_may_be_one_at_night(estate: Estate) -> None:
    """The reason is in the ledger already."""
    single = Machines(instance_types=["ml.g5.2xlarge"], instances=Instances.single(reason=IDLE, maximum=3))
    one = ScheduledBounds(name="night", expression="cron(0 20 * * ? *)", minimum=1, maximum=1)

    estate.dedicated(machines=single, schedule=[one])

    assert Rendered(template=estate.template(), estate=estate).one(TARGET)["ScheduledActions"]
