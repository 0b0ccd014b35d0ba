"""The gateway: callers that are known, a key that is ours, and tools that are listed."""

from __future__ import annotations

import pytest
from agent_builders import CANCEL, FIND, function, key_of, stacks
from agent_policies import KEY, ask, assume, made, the

from genai_layers import testing
from genai_layers.platform.agents import AgentError, AgentGateway, InboundAccess, Tool

pytestmark = pytest.mark.synth

SERVICE = "bedrock-agentcore.amazonaws.com"


@pytest.fixture(scope="module")
def template():
    """Return a template with a gateway and a tool."""
    stack, _ = stacks()
    gateway = AgentGateway(stack, "Tools", key=key_of(stack).key, access=InboundAccess.iam())
    gateway.add_tools("Orders", function(stack).function, [FIND])
    return testing.template(stack)


def test_a_gateway_is_under_our_key_and_asks_for_a_signature(template):
    """Neither is something that a caller could leave out."""
    _, gateway = the(template, "AWS::BedrockAgentCore::Gateway")

    assert (gateway["AuthorizerType"], made(".".join(gateway["KmsKeyArn"]["Fn::GetAtt"]))) == ("AWS_IAM", KEY)


def test_a_gateway_hands_on_what_the_service_needs_of_the_key_and_no_more(template):
    """A grant for anything else, or one without an encryption context, is refused."""
    constrained = {"kms:GrantConstraintType": "EncryptionContextSubset"}

    answers = ask(
        template,
        "ToolsRole",
        ("kms:GenerateDataKey", KEY),
        ("kms:CreateGrant", KEY, {**constrained, "kms:GrantOperations": ["Decrypt", "GenerateDataKey"]}),
        ("kms:CreateGrant", KEY, {**constrained, "kms:GrantOperations": ["Decrypt", "CreateGrant"]}),
        ("kms:CreateGrant", KEY, {"kms:GrantOperations": ["Decrypt"]}),
        ("kms:ScheduleKeyDeletion", KEY),
        only_inline=True,
    )

    assert answers == [True, True, False, False, False]


def test_only_this_gateway_of_this_account_can_take_on_its_role(template):
    """The CDK's own role could be taken on for a gateway of anybody."""
    _, gateway = the(template, "AWS::BedrockAgentCore::Gateway")
    own = f"arn:aws:bedrock-agentcore:us-east-1:111122223333:gateway/{gateway['Name'].lower()}"
    named = f"arn:aws:bedrock-agentcore:us-east-1:111122223333:gateway/{gateway['Name']}-abc"

    answers = assume(
        template,
        "ToolsRole",
        ("111122223333", named),
        ("999999999999", own.replace("111122223333", "999999999999")),
        service=SERVICE,
    )

    assert answers == [True, False]


def test_the_policy_stands_before_the_tools_that_need_it(template):
    """The service checks that the role could invoke the function."""
    ((_, target),) = testing.resources(template, "AWS::BedrockAgentCore::GatewayTarget").items()

    assert any(name.startswith("ToolsRoleDefaultPolicy") for name in target["DependsOn"])


def test_a_gateway_refuses_a_tool_that_somebody_should_be_asked_about():
    """It cannot ask; the same tool is an action of a Bedrock agent, which can."""
    stack, _ = stacks()
    gateway = AgentGateway(stack, "Tools", key=key_of(stack).key, access=InboundAccess.iam())
    silent = Tool.writing("note", "Keeps a note.", unconfirmed_reason="notes are the person's own and can be deleted")

    with pytest.raises(AgentError, match="tool 'cancel_order' changes something, and a gateway cannot ask a person"):
        gateway.add_tools("Orders", function(stack).function, [FIND, CANCEL])

    target = gateway.add_tools("Notes", function(stack, "Notes").function, [silent])
    assert [each.data for each in target.node.metadata if each.type == "genai-layers:unconfirmed:note"] == [
        "notes are the person's own and can be deleted"
    ]


def test_a_tool_is_offered_once():
    """Two of one name, and an agent would not know which it got."""
    stack, _ = stacks()
    gateway = AgentGateway(stack, "Tools", key=key_of(stack).key, access=InboundAccess.iam())
    gateway.add_tools("Orders", function(stack).function, [FIND])

    with pytest.raises(AgentError, match="tool 'find_order' is there twice"):
        gateway.add_tools("More", function(stack, "More").function, [FIND])
