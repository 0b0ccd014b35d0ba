"""Signs of misuse that a trail counts set off alarms."""

from __future__ import annotations

from pathlib import Path

import pytest
from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs

from genai_layers import testing
from genai_layers.foundation import AuditTrail, EncryptionKey, KeyUse
from genai_layers.foundation.trail_signs import SIGNS
from genai_layers.operations import IMeteredTrail, Monitoring
from genai_layers.operations.trail_watches import TRAIL

pytestmark = pytest.mark.synth

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "operations.md").read_text(encoding="utf-8")


def test_every_sign_that_is_counted_sets_off_an_alarm_and_is_drawn() -> None:
    """On the metric that the filters of the trail write."""
    stack = testing.stack()
    uses = [KeyUse.LOGS, KeyUse.CLOUDTRAIL, *Monitoring.REQUIRED_KEY_USES]
    key = EncryptionKey(stack, "Key", description="audit", uses=uses).key
    trail = AuditTrail(
        stack,
        "Trail",
        key=key,
        log_retention=logs.RetentionDays.ONE_YEAR,
        removal_policy=RemovalPolicy.RETAIN,
    )
    Monitoring(stack, "Monitoring", key=key).monitor_trail(trail)
    template = testing.template(stack)
    written = {
        (each["MetricNamespace"], each["MetricName"])
        for counted in testing.resources(template, "AWS::Logs::MetricFilter").values()
        for each in counted["Properties"]["MetricTransformations"]
    }
    alarms = [each["Properties"] for each in testing.resources(template, "AWS::CloudWatch::Alarm").values()]
    (board,) = testing.resources(template, "AWS::CloudWatch::Dashboard").values()

    assert isinstance(trail, IMeteredTrail)
    assert {row.id for row in TRAIL.alarms} == set(SIGNS)
    assert {(each["Namespace"], each["MetricName"]) for each in alarms} == written
    assert all(name in str(board["Properties"]["DashboardBody"]) for name in SIGNS)


def test_every_alarm_of_a_trail_is_on_the_page() -> None:
    """With its threshold, its periods and what it means."""
    for row in TRAIL.alarms:
        line = (
            f"| `monitor_trail` | `{row.id}` | {row.threshold:.10g} in {row.periods} × "  # noqa: RUF001
            f"{row.minutes} min | {row.means} |"
        )
        assert line in PAGE, row.id
