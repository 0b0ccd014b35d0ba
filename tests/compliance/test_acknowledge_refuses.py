"""What `acknowledge` refuses, beside the resource, where it can be corrected."""

from __future__ import annotations

import aws_cdk as cdk
import pytest

from genai_layers import testing
from genai_layers.foundation.nag import AcknowledgementError, acknowledge

pytestmark = pytest.mark.synth

REASON = "The finding is wanted here, as the test looks at it"


@pytest.fixture(scope="module")
def topic() -> cdk.CfnResource:
    return cdk.CfnResource(testing.stack(), "Topic", type="AWS::SNS::Topic")


@pytest.mark.parametrize(
    ("finding", "message"),
    [
        ("AwsSolutions-S99", "'AwsSolutions-S99' is no rule of AwsSolutions, NIST.800.53.R5, HIPAA.Security"),
        ("IAMNoInlinePolicies", "did you mean IAMNoInlinePolicy"),
        ("Other::AwsSolutions-S1", "'Other::AwsSolutions-S1' is no rule of"),
        ("HIPAA.Security::PCI.DSS.321-VPCFlowLogsEnabled", "is no rule of"),
        ("GENAI-NOTHING-01", "'GENAI-NOTHING-01' is no rule of"),
        ("AwsSolutions-IAM5[Action::s3:*", r"lacks a closing '\]': copy the id from the report"),
        ("AwsSolutions-EC23]broken", r"has a '\]' that closes nothing"),
        ("GENAI-SAGEMAKER-02", "'GENAI-SAGEMAKER-02' is fatal and cannot be acknowledged, as AWS refuses it: keep"),
    ],
)
def test_an_id_that_can_accept_nothing_is_refused(topic: cdk.CfnResource, finding: str, message: str) -> None:
    """Beside the resource, where it can be corrected; the core would take it in silence."""
    with pytest.raises(AcknowledgementError, match=message):
        acknowledge(topic, finding, reason=REASON)


@pytest.mark.parametrize("reason", ["", "demo", "   not mandatory     ", "a\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nb"])
def test_a_reason_has_to_say_something(topic: cdk.CfnResource, reason: str) -> None:
    """Twenty characters; spaces do not count twice."""
    with pytest.raises(AcknowledgementError, match="at least 20 are needed: say why the finding is safe here"):
        acknowledge(topic, "SNSEncryptedKMS", reason=reason)


@pytest.mark.parametrize("kind", ["App", "Stage", "Stack", "NestedStack"])
def test_a_scope_that_would_silence_resources_to_come_is_refused(kind: str) -> None:
    """A finding is accepted where it is made."""
    app = testing.app()
    stage = cdk.Stage(app, "Stage")
    stack = cdk.Stack(stage, "Stack")
    scopes = {"App": app, "Stage": stage, "Stack": stack, "NestedStack": cdk.NestedStack(stack, "Nested")}

    with pytest.raises(AcknowledgementError, match=rf"^{kind} '.*' is too wide: acknowledge on the resource"):
        acknowledge(scopes[kind], "SNSEncryptedKMS", reason=REASON)


def test_all_faults_are_told_at_once(topic: cdk.CfnResource) -> None:
    """Reason, ids and their number."""
    with pytest.raises(AcknowledgementError) as error:
        acknowledge(topic, "AwsSolutions-S99", "GENAI-NOTHING-01", reason="short")
    with pytest.raises(AcknowledgementError, match="no finding is named"):
        acknowledge(topic, reason=REASON)

    assert str(error.value).count(";") == 2


def test_whole_ids_and_short_ones_mean_the_same(topic: cdk.CfnResource) -> None:
    """The prefixed form is what the report shows, so it can be copied from there."""
    acknowledge(topic, "AwsSolutions::AwsSolutions-SNS3", "SNS3", "AwsSolutions-SNS3", reason=REASON)
    acknowledge(topic, "GenAi Checks::GENAI-LOGS-01", "GENAI-LOGS-01", "E3510", reason=REASON)

    given = [key for entry in topic.node.metadata if entry.type == "aws:cdk:acknowledged-rules" for key in entry.data]
    assert given == [
        *["AwsSolutions::AwsSolutions-SNS3"] * 3,
        *["GenAi-Checks::GENAI-LOGS-01"] * 2,
        "CloudFormation-Checks::E3510",
    ]
