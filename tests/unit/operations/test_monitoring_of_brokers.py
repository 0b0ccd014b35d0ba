"""Alarms on machines that hold an enclave."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs

from genai_layers import testing
from genai_layers.foundation import AccessLogBucket, EncryptionKey, KeyUse, Network, SecureBucket
from genai_layers.inference.attestation.enclave import EnclaveMeasurement, KeyBroker
from genai_layers.operations import IMeteredBroker, Monitoring
from genai_layers.operations.enclave_watches import BROKER

pytestmark = pytest.mark.synth

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "operations.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def template() -> testing.Template:
    """Return a broker that is watched, in a small estate."""
    stack = testing.stack()
    uses = [KeyUse.LOGS, *KeyBroker.REQUIRED_KEY_USES, *Monitoring.REQUIRED_KEY_USES]
    key = EncryptionKey(stack, "Key", description="everything", uses=uses)
    network = Network(stack, "Network", flow_log_key=key.key, log_retention=logs.RetentionDays.ONE_YEAR)
    network.require(*KeyBroker.REQUIRED_ENDPOINTS)
    images = SecureBucket(stack, "Images", key=key.key, access_logs=AccessLogBucket(stack, "AccessLogs").bucket)
    broker = KeyBroker(
        stack,
        "Broker",
        vpc=network.vpc,
        subnets=network.isolated,
        key=key.key,
        images=images.bucket,
        image_folder="broker/1.4.2",
        measurements=[EnclaveMeasurement(pcr0="01" * 48, pcr1="23" * 48, pcr2="45" * 48)],
        sealer=iam.ArnPrincipal(f"arn:aws:iam::{testing.ACCOUNT}:role/Sealer"),
        description="keys of tenants",
        machines=2,
    )
    Monitoring(stack, "Monitoring", key=key.key).monitor_broker(broker)
    return testing.template(stack)


def test_a_broker_offers_what_is_watched() -> None:
    """A metric that is renamed there is missed here."""
    assert issubclass(KeyBroker, IMeteredBroker)


def test_a_machine_that_does_not_come_is_told(template: testing.Template) -> None:
    """The group's own numbers, wanted less standing, and the group writes them."""
    (group_id, group), *_ = testing.resources(template, "AWS::AutoScaling::AutoScalingGroup").items()
    alarms = [item["Properties"] for item in testing.resources(template, "AWS::CloudWatch::Alarm").values()]
    (missing,) = [alarm for alarm in alarms if "Metrics" in alarm]
    read = {query["Id"]: query for query in missing["Metrics"]}

    assert [query["Expression"] for query in missing["Metrics"] if "Expression" in query] == ["wanted - standing"]
    for name, metric in (("wanted", "GroupDesiredCapacity"), ("standing", "GroupInServiceInstances")):
        figure = read[name]["MetricStat"]["Metric"]
        assert (figure["Namespace"], figure["MetricName"]) == ("AWS/AutoScaling", metric)
        assert figure["Dimensions"] == [{"Name": "AutoScalingGroupName", "Value": {"Ref": group_id}}]
    assert group["Properties"]["MetricsCollection"] == [{"Granularity": "1Minute"}]
    assert (missing["Threshold"], missing["EvaluationPeriods"]) == (0, 3)
    assert missing["AlarmActions"]


def test_a_broker_has_a_row_on_the_dashboard(template: testing.Template) -> None:
    """Its heading, its alarms and its graphs."""
    (dashboard,) = testing.resources(template, "AWS::CloudWatch::Dashboard").values()
    body = json.dumps(dashboard["Properties"]["DashboardBody"])

    assert "## KeyBroker" in body
    for graph in BROKER.graphs:
        assert graph.title in body


def test_every_alarm_of_a_broker_is_on_the_page() -> None:
    """With its threshold, its periods and what it means."""
    for row in BROKER.alarms:
        told: Any = f"| `monitor_broker` | `{row.id}` | {row.threshold:.10g} in {row.periods} × {row.minutes} min | "  # noqa: RUF001
        assert f"{told}{row.means} |" in PAGE
