"""A fleet without a machine: what takes the last one, what brings the first one back, and what an update leaves."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import aws_cdk as cdk
import pytest
from container_estate import container_fleet
from inference_estate import SLEEP, Estate, only

from genai_layers import testing
from genai_layers.cost import idle_floor
from genai_layers.foundation import EncryptionKey
from genai_layers.inference import ContainerImage, CustomEngine, Hours, Probe, ScaleToZero, Scaling
from genai_layers.operations import Monitoring

pytestmark = pytest.mark.synth

GROUP = "AWS::AutoScaling::AutoScalingGroup"
GROUP_POLICY = "AWS::AutoScaling::ScalingPolicy"
SCHEDULE = "AWS::AutoScaling::ScheduledAction"
TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
TASK_POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"
ALARM = "AWS::CloudWatch::Alarm"

IDLE = ScaleToZero.when_idle(cdk.Duration.minutes(30))
NIGHT = ScaleToZero.outside(Hours(opens="20:00", closes="06:30", time_zone="UTC", days=["FRI", "SUN"]))

MAKES: Mapping[str, Callable[[Estate], object]] = {
    "machines": lambda estate: estate.fleet(scale_to_zero=SLEEP),
    "machines, idle": lambda estate: estate.fleet(scale_to_zero=IDLE),
    "machines, night": lambda estate: estate.fleet(scale_to_zero=NIGHT, min_machines=2, max_machines=2),
    "tasks": lambda estate: container_fleet(estate, scale_to_zero=SLEEP),
    "tasks, idle": lambda estate: container_fleet(estate, scale_to_zero=IDLE, max_machines=1),
    "tasks, night": lambda estate: container_fleet(estate, scale_to_zero=NIGHT, min_machines=2),
    "tasks, requests": lambda estate: container_fleet(estate, scale_to_zero=IDLE, scaling=Scaling.on_requests(90)),
}


@pytest.fixture(scope="module")
def sleepers() -> dict[str, testing.Template]:
    """Return the template of each fleet that may have no machine."""
    app = testing.app()
    estates = {name: Estate(app, name.replace(", ", "-")) for name in MAKES}
    for name, make in MAKES.items():
        make(estates[name])
    return {name: testing.template(estate.stack) for name, estate in estates.items()}


def by_id(template: testing.Template, type: str, part: str) -> dict[str, Any]:
    """Return the properties of the one resource of *type* with *part* in its logical id."""
    (found,) = [body["Properties"] for name, body in testing.resources(template, type).items() if part in name]
    return dict(found)


def followed(template: testing.Template) -> dict[str, Any]:
    """Return the configuration of every policy that tracks a target, by its logical id."""
    found = {}
    for kind, name in (
        (GROUP_POLICY, "TargetTrackingConfiguration"),
        (TASK_POLICY, "TargetTrackingScalingPolicyConfiguration"),
    ):
        for policy_id, policy in testing.resources(template, kind).items():
            if name in policy["Properties"]:
                found[policy_id] = policy["Properties"][name]
    return found


def test_a_group_opens_and_closes_by_the_clock_of_its_people(sleepers):
    """Both ends are there, in local time; closing only lets the last machine go, which it does when nobody asks."""
    template = sleepers["machines"]

    opens, closes = by_id(template, SCHEDULE, "Opens"), by_id(template, SCHEDULE, "Closes")

    assert (opens["Recurrence"], opens["MinSize"]) == ("30 7 * * MON,TUE,WED,THU,FRI", 1)
    assert (closes["Recurrence"], closes["MinSize"]) == ("0 19 * * MON,TUE,WED,THU,FRI", 0)
    assert {opens["TimeZone"], closes["TimeZone"]} == {"Europe/Berlin"}
    assert "DesiredCapacity" not in closes


def test_hours_over_midnight_close_on_the_day_after(sleepers):
    """Friday's night ends on Saturday, and Sunday's on Monday; what is closed without a way back goes at once."""
    template = sleepers["machines, night"]

    opens, closes = by_id(template, SCHEDULE, "Opens"), by_id(template, SCHEDULE, "Closes")

    assert (opens["Recurrence"], opens["MinSize"]) == ("0 20 * * FRI,SUN", 2)
    assert (closes["Recurrence"], closes["MinSize"], closes["DesiredCapacity"]) == ("30 6 * * MON,SAT", 0, 0)
    assert testing.resources(template, ALARM) == {}


def test_tasks_open_and_close_by_the_clock_of_their_people(sleepers):
    """The same hours, as Application Auto Scaling writes them; without a way back the upper bound is 0 as well."""
    woken, closed = only(sleepers["tasks"], TARGET), only(sleepers["tasks, night"], TARGET)

    assert [
        (item["Schedule"], item["Timezone"], item["ScalableTargetAction"]) for item in woken["ScheduledActions"]
    ] == [
        ("cron(30 7 ? * MON,TUE,WED,THU,FRI *)", "Europe/Berlin", {"MinCapacity": 1, "MaxCapacity": 2}),
        ("cron(0 19 ? * MON,TUE,WED,THU,FRI *)", "Europe/Berlin", {"MinCapacity": 0, "MaxCapacity": 2}),
    ]
    assert [item["ScalableTargetAction"] for item in closed["ScheduledActions"]] == [
        {"MinCapacity": 2, "MaxCapacity": 2},
        {"MinCapacity": 0, "MaxCapacity": 0},
    ]


@pytest.mark.parametrize("name", ["machines", "machines, idle", "tasks", "tasks, idle"])
def test_a_request_in_vain_brings_one_back_within_a_minute_of_being_counted(sleepers, name):
    """The load balancer's own 503 says that nobody is there; one is enough."""
    template = sleepers[name]
    alarm = by_id(template, ALARM, "AskedInVain")
    kind = GROUP_POLICY if name.startswith("machines") else TASK_POLICY
    policy = by_id(template, kind, "Wake")
    steps = policy.get("StepScalingPolicyConfiguration", policy)

    assert (alarm["MetricName"], alarm["Period"], alarm["EvaluationPeriods"]) == ("HTTPCode_ELB_503_Count", 60, 1)
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (1, "GreaterThanOrEqualToThreshold")
    assert [item["Name"] for item in alarm["Dimensions"]] == ["LoadBalancer"]
    assert "Wake" in json.dumps(alarm["AlarmActions"])
    assert steps["AdjustmentType"] == "ChangeInCapacity"
    assert steps.get("ScalingAdjustment", (steps.get("StepAdjustments") or [{}])[0].get("ScalingAdjustment")) == 1


@pytest.mark.parametrize(("name", "minutes"), [("machines", 45), ("machines, idle", 30), ("tasks, idle", 30)])
def test_the_last_one_goes_when_nobody_asked_and_nothing_runs(sleepers, name, minutes):
    """A request in vain counts, and so does one that streams for an hour; a minute without a figure is a quiet one."""
    template = sleepers[name]
    alarm = by_id(template, ALARM, "NobodyAsks")
    metrics = {query["Id"]: query for query in alarm["Metrics"]}

    assert (alarm["EvaluationPeriods"], alarm["DatapointsToAlarm"]) == (minutes, minutes)
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "LessThanOrEqualToThreshold")
    assert metrics["asked"]["Expression"] == "FILL(SUM([requests, in_vain, running]), 0)"
    assert {query["MetricStat"]["Metric"]["MetricName"] for query in metrics.values() if "MetricStat" in query} == {
        "RequestCount",
        "HTTPCode_ELB_503_Count",
        "vllm:num_requests_running",
    }
    assert {query["MetricStat"]["Period"] for query in metrics.values() if "MetricStat" in query} == {60}
    assert "ToZero" in json.dumps(alarm["AlarmActions"])


def test_what_was_woken_is_left_alone_for_the_time_of_a_start(sleepers, estate):
    """A simple policy waits for the cooldown of the other one, and this one is as long as a start may take."""
    fleet = estate.fleet(scale_to_zero=IDLE)

    policies = {name: by_id(sleepers["machines, idle"], GROUP_POLICY, name) for name in ("Wake", "ToZero")}

    assert {policy["PolicyType"] for policy in policies.values()} == {"SimpleScaling"}
    assert policies["Wake"]["Cooldown"] == str(fleet.time_to_ready.grace_seconds)
    assert IDLE.idle_minutes * 60 > fleet.time_to_ready.grace_seconds


@pytest.mark.parametrize("name", sorted(MAKES))
def test_load_alone_never_takes_the_last_one(sleepers, name):
    """A cache that is not used asks for 0 machines; when the last one goes is for the schedule and idleness to say."""
    for configuration in followed(sleepers[name]).values():
        if "PredefinedMetricSpecification" in configuration:
            continue
        specification = configuration["CustomizedMetricSpecification"]
        assert set(specification) == {"Metrics"}
        figure, kept = specification["Metrics"]
        assert (figure["ReturnData"], kept["ReturnData"]) == (False, True)
        assert kept["Expression"] == "figure + 0.001"
        assert 0 < 0.001 / configuration["TargetValue"] < 0.01


def test_an_update_leaves_the_machines_that_stand(sleepers):
    """No wanted number is written, a changed bound of the schedule is not put back, and a new machine comes first."""
    for name, lowest in (("machines", "1"), ("machines, idle", "0")):
        (group,) = testing.resources(sleepers[name], GROUP).values()

        assert "DesiredCapacity" not in group["Properties"]
        assert group["Properties"]["MinSize"] == lowest
        assert group["UpdatePolicy"]["AutoScalingScheduledAction"] == {"IgnoreUnmodifiedGroupSizeProperties": True}
        assert group["UpdatePolicy"]["AutoScalingRollingUpdate"]["MinInstancesInService"] == 1


def test_an_update_leaves_the_tasks_that_run(sleepers):
    """No number is written; the lower bound that an update writes takes nobody, since only orders to sleep do."""
    for name in ("tasks", "tasks, idle", "tasks, night"):
        assert "DesiredCount" not in only(sleepers[name], "AWS::ECS::Service")
        assert only(sleepers[name], TARGET)["MinCapacity"] == 0


def test_a_fleet_says_how_long_waking_takes(estate):
    """Notice and start together; a fleet that no request wakes has no such time."""
    woken = estate.fleet(scale_to_zero=IDLE)
    closed = estate.fleet("Closed", scale_to_zero=NIGHT)

    assert woken.time_to_wake is not None
    assert woken.time_to_wake.to_seconds() == 180 + woken.time_to_ready.total_seconds
    assert closed.time_to_wake is None


def test_an_engine_that_tells_nothing_of_running_requests_is_judged_by_the_load_balancer(estate):
    """Its requests are counted when they come."""
    template_of = estate.fleet(
        scale_to_zero=IDLE,
        engine=_silent(estate),
    )

    alarm = by_id(testing.template(cdk.Stack.of(template_of)), ALARM, "NobodyAsks")

    assert [query["Id"] for query in alarm["Metrics"]] == ["requests", "in_vain", "asked"]


def test_a_fleet_that_is_woken_is_watched_for_not_coming_and_for_coming_too_often(estate):
    """Somebody is told when no machine comes, and when people wait for one again and again."""
    key = EncryptionKey(estate.stack, "TopicKey", description="alarms", uses=Monitoring.REQUIRED_KEY_USES)
    monitoring = Monitoring(estate.stack, "Monitoring", key=key.key)
    monitoring.monitor_fleet(estate.fleet(scale_to_zero=IDLE))
    monitoring.monitor_fleet(estate.fleet("Always"), id="Always")

    template = testing.template(estate.stack)
    late, often = by_id(template, ALARM, "MonitoringFleetNotAwake"), by_id(template, ALARM, "MonitoringFleetWokenOften")

    assert late["Period"] * late["EvaluationPeriods"] >= 2 * (180 + 513)
    assert (often["Period"], often["EvaluationPeriods"], often["DatapointsToAlarm"]) == (3600, 24, 6)
    assert not [name for name in testing.resources(template, ALARM) if "AlwaysNotAwake" in name]


@pytest.mark.parametrize(
    ("name", "machines"),
    [("machines", "0.34 x "), ("machines, idle", "no machine"), ("tasks", "0.34 x "), ("tasks, night", "0.25 x ")],
)
def test_the_idle_floor_counts_the_hours_in_which_machines_stand(sleepers, name, machines):
    """57.5 hours of 168 with one machine, none where idleness decides, and 21 hours with two at night."""
    report = idle_floor({"Stack": sleepers[name]}, "us-east-1")

    assert [line.what for line in (*report.lines, *report.usage) if line.what.startswith(machines)]


def _silent(estate: Estate) -> CustomEngine:
    return CustomEngine(
        image=ContainerImage.private(estate.repository, "1.4.2", cuda="13.0"),
        port=9000,
        health=Probe(path="/v1/ask", body="{}", progress_metrics=("done_total",)),
        request_paths=("/v1/ask",),
        api_key_variable="MY_API_KEY",
    )
