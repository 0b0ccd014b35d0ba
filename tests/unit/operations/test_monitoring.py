"""Every alarm tells somebody, and says what has happened and what to do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk import aws_cloudwatch as cloudwatch

from genai_layers import testing
from genai_layers.application.api import STREAM_TIMEOUT
from genai_layers.foundation import EncryptionKey
from genai_layers.operations import Monitoring, MonitoringError
from genai_layers.operations.application_watches import API, CHAT, FUNCTION, TABLE
from genai_layers.operations.platform_watches import FLEET, GUARDRAIL, INGESTION, MODEL
from genai_layers.testing import Outcome, Request, Resolver, Template, evaluate, resources
from tests.unit.application.conftest import make_estate

pytestmark = pytest.mark.synth

WATCHES = (API, CHAT, FUNCTION, TABLE, FLEET, GUARDRAIL, INGESTION, MODEL)


class _Fleet:
    """Machines, as far as they are watched."""

    def _metric(self, name: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(namespace="AWS/ApplicationELB", metric_name=name)

    def metric_requests(self) -> cloudwatch.Metric:
        return self._metric("RequestCount")

    def metric_response_time(self) -> cloudwatch.Metric:
        return self._metric("TargetResponseTime")

    def metric_server_errors(self) -> cloudwatch.Metric:
        return self._metric("HTTPCode_Target_5XX_Count")

    def metric_unhealthy_machines(self) -> cloudwatch.Metric:
        return self._metric("UnHealthyHostCount")


@pytest.fixture(scope="module")
def monitoring() -> Monitoring:
    """Everything that can be watched, watched."""
    from aws_cdk import aws_stepfunctions as stepfunctions

    estate = make_estate()
    chat = estate.chat()
    for use in Monitoring.REQUIRED_KEY_USES:
        estate.log_key.allow(use)
    made = Monitoring(estate.stack, "Monitoring", key=estate.log_key.key, email="oncall@example.com")
    made.monitor_api(estate.api)
    made.monitor_function(chat.function)
    made.monitor_function(chat.function, id="Other", thresholds={"Duration": 1000})
    made.monitor_table(chat.table)
    made.monitor_chat(chat)
    made.monitor_model(estate.model)
    made.monitor_guardrail(estate.guardrail)
    machine = stepfunctions.StateMachine.from_state_machine_arn(
        estate.stack, "Machine", "arn:aws:states:us-east-1:111122223333:stateMachine:x"
    )
    made.monitor_ingestion(machine)
    made.monitor_fleet(_Fleet())
    return made


@pytest.fixture(scope="module")
def template(monitoring: Monitoring) -> Template:
    """The template of it."""
    from aws_cdk import Stack

    return testing.template(Stack.of(monitoring))


@pytest.fixture(scope="module")
def alarms(template: Template) -> dict[str, dict[str, Any]]:
    """The alarms."""
    return {name: one["Properties"] for name, one in resources(template, "AWS::CloudWatch::Alarm").items()}


def test_every_row_of_every_table_is_an_alarm(alarms: dict[str, Any], monitoring: Monitoring) -> None:
    """Nothing is forgotten on the way from the table to the template."""
    expected = sum(len(watch.alarms) for watch in WATCHES) + len(FUNCTION.alarms)

    assert len(alarms) == expected
    assert len(monitoring.alarms) == expected


def test_every_alarm_tells_the_topic_when_it_begins_and_ends(alarms: dict[str, Any], template: Template) -> None:
    """An alarm without an action is a light in an empty room."""
    (topic,) = resources(template, "AWS::SNS::Topic")

    for name, alarm in alarms.items():
        assert alarm["AlarmActions"] == [{"Ref": topic}], name
        assert alarm["OKActions"] == [{"Ref": topic}], name


def test_every_alarm_says_what_to_do(alarms: dict[str, Any]) -> None:
    """Two sentences at least, within what CloudWatch keeps."""
    for name, alarm in alarms.items():
        description = alarm["AlarmDescription"]
        assert description.count(".") >= 2, name
        assert 60 <= len(description) <= 1024, name


def test_quiet_is_not_broken(alarms: dict[str, Any]) -> None:
    """At night nobody asks."""
    assert {alarm["TreatMissingData"] for alarm in alarms.values()} == {"notBreaching"}


def test_a_threshold_can_differ(alarms: dict[str, Any]) -> None:
    """For one part, by the name of its alarm."""
    (usual,) = [one for name, one in alarms.items() if name.startswith("MonitoringFunctionDuration")]
    (other,) = [one for name, one in alarms.items() if name.startswith("MonitoringOtherDuration")]

    assert (usual["Threshold"], other["Threshold"]) == (24_000, 1000)
    assert usual["ExtendedStatistic"] == "p95"


def test_the_chat_is_told_of_before_the_api_gives_up(alarms: dict[str, Any]) -> None:
    """Latency alarms lie below the timeouts that they warn of."""
    (api,) = [one for name, one in alarms.items() if name.startswith("MonitoringApiLatency")]
    (function,) = [one for name, one in alarms.items() if name.startswith("MonitoringFunctionDuration")]

    assert api["Threshold"] < STREAM_TIMEOUT.to_milliseconds()
    assert function["Threshold"] < 28_000


def test_what_is_unusual_is_learned(alarms: dict[str, Any]) -> None:
    """One alarm has no fixed threshold."""
    unusual = [one for one in alarms.values() if "ThresholdMetricId" in one]

    assert len(unusual) == 1
    assert unusual[0]["Metrics"][0]["Expression"] == "ANOMALY_DETECTION_BAND(m0, 4)"


def test_learning_can_be_left_out() -> None:
    """Then no alarm needs metric mathematics."""
    estate = make_estate()
    made = Monitoring(estate.stack, "Monitoring", key=estate.log_key.key, anomaly_detection=False)

    assert "Api/ClientErrorsUnusual" not in {f"Api/{one.node.id}" for one in made.monitor_api(estate.api)}


def test_the_topic_takes_alarms_of_this_account_over_tls_only(template: Template) -> None:
    """Evaluated: an alarm of ours may publish, one of another account may not, and nothing goes unencrypted."""
    resolver = Resolver(template=template)
    (topic,) = resources(template, "AWS::SNS::Topic")
    (policy,) = resources(template, "AWS::SNS::TopicPolicy").values()
    document = resolver.resolve(policy["Properties"]["PolicyDocument"])

    def publishes(account: str, **context: str) -> Request:
        return Request(
            principal="cloudwatch.amazonaws.com",
            action="sns:Publish",
            resource=resolver.arn(topic),
            context={
                "aws:SourceAccount": account,
                "aws:SourceArn": f"arn:aws:cloudwatch:us-east-1:{account}:alarm:x",
                **context,
            },
            resource_policy=document,
        )

    ours, theirs, plain = evaluate(
        [
            publishes(testing.ACCOUNT),
            publishes("999999999999"),
            publishes(testing.ACCOUNT, **{"aws:SecureTransport": "false"}),
        ]
    )

    assert ours.allowed
    assert theirs.outcome is Outcome.IMPLICITLY_DENIED
    assert plain.outcome is Outcome.EXPLICITLY_DENIED


def test_the_topic_is_encrypted_and_somebody_is_written_to(template: Template) -> None:
    """With the key for logs, under which alarms may send."""
    (topic,) = resources(template, "AWS::SNS::Topic").values()
    (subscription,) = resources(template, "AWS::SNS::Subscription").values()

    assert "LogKey" in json.dumps(topic["Properties"]["KmsMasterKeyId"])
    assert (subscription["Properties"]["Protocol"], subscription["Properties"]["Endpoint"]) == (
        "email",
        "oncall@example.com",
    )


def test_there_is_one_dashboard_with_every_part(template: Template) -> None:
    """Each part has its heading, its alarms and its graphs, and the widgets fit the grid."""
    (dashboard,) = resources(template, "AWS::CloudWatch::Dashboard").values()
    body = json.loads(Resolver(template=template).resolve(dashboard["Properties"]["DashboardBody"]))

    headings = [one["properties"]["markdown"] for one in body["widgets"] if one["type"] == "text"]
    assert headings[:3] == ["## API Api", "## Function", "## Function Other"]
    assert len(headings) == 9
    assert len([one for one in body["widgets"] if one["type"] == "alarm"]) == 9
    assert all(one["x"] + one["width"] <= 24 for one in body["widgets"])


def test_refuses_a_threshold_for_no_alarm_and_a_part_twice(monitoring: Monitoring) -> None:
    """Both at once, with the alarms that there are."""
    with pytest.raises(MonitoringError) as caught:
        monitoring.monitor_fleet(_Fleet(), thresholds={"Latency": 1})

    assert caught.value.faults == (
        "threshold 'Latency' is for no alarm of Fleet: choose from UnhealthyMachines, ServerErrors, ResponseTime",
        "a part 'Fleet' is monitored already: give this one another id",
    )


@pytest.mark.parametrize("watch", WATCHES, ids=lambda watch: watch.title)
def test_the_ids_of_a_table_are_unlike_each_other(watch: Any) -> None:
    """They are a public contract."""
    ids = [row.id for row in watch.alarms]

    assert len(set(ids)) == len(ids)


def test_nobody_is_subscribed_unless_named() -> None:
    """The topic is there for others."""
    stack = testing.stack()
    key = EncryptionKey(stack, "Key", description="logs", uses=Monitoring.REQUIRED_KEY_USES)
    Monitoring(stack, "Monitoring", key=key.key)

    assert resources(testing.template(stack), "AWS::SNS::Subscription") == {}
