"""Events that failed every try are told of."""

from __future__ import annotations

import pytest
from aws_cdk import aws_sqs as sqs

from genai_layers import testing
from genai_layers.foundation import EncryptionKey, KeyUse
from genai_layers.operations import Monitoring
from genai_layers.testing import resources

pytestmark = pytest.mark.synth


def test_one_event_that_waits_is_enough() -> None:
    """Nobody looks into a queue of failures unasked."""
    stack = testing.stack()
    key = EncryptionKey(stack, "Key", description="alarms", uses=[KeyUse.CLOUDWATCH_ALARMS])
    queue = sqs.Queue(stack, "Failed", enforce_ssl=True)

    Monitoring(stack, "Monitoring", key=key.key).monitor_failed_events(queue)

    template = testing.template(stack)
    (name,) = resources(template, "AWS::SQS::Queue")
    (alarm,) = [one["Properties"] for one in resources(template, "AWS::CloudWatch::Alarm").values()]
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")
    assert alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": {"Fn::GetAtt": [name, "QueueName"]}}]
    assert alarm["AlarmActions"]
