"""Permissions of tools: nobody may use any, but whom a permission names, for what it lists."""

from __future__ import annotations

import json

import pytest
from agent_builders import CANCEL, FIND, function, key_of, stacks
from agent_policies import KEY, ask, fill, made, the
from aws_cdk import aws_iam as iam

from genai_layers import testing
from genai_layers.cost import idle_floor
from genai_layers.foundation import EncryptionKey, WorkloadRole
from genai_layers.foundation.nag import attach_checks, synthesize
from genai_layers.operations import Monitoring
from genai_layers.platform.agents import AgentError, AgentGateway, InboundAccess, Tool, ToolCaller

pytestmark = pytest.mark.synth

TOKENS = InboundAccess.jwt(discovery_url="https://issuer.example/.well-known/openid-configuration", clients=["chat"])
LIST = Tool.reading("list_orders", "Lists orders.")


def gateway(stack, access=None):
    """Return a gateway with two tools."""
    made = AgentGateway(stack, "Tools", key=key_of(stack).key, access=access or InboundAccess.iam())
    made.add_tools("Orders", function(stack, "Find").function, [FIND, LIST])
    return made


def clerk(stack):
    """Return a role that calls tools."""
    principal = iam.ServicePrincipal("lambda.amazonaws.com")
    return WorkloadRole(stack, "Clerk", assumed_by=principal, description="calls tools")


@pytest.fixture(scope="module")
def template():
    """Return a template with permissions, clean under every check."""
    app = testing.app()
    attach_checks(app)
    stack, _ = stacks(app=app)
    permissions = gateway(stack).add_permissions("Permissions")
    permissions.permit("Clerks", ToolCaller.role(stack, clerk(stack)), [FIND])
    synthesize(app)
    return testing.template(stack)


def statement(template) -> str:
    """Return what the only permission says, with its references filled in."""
    _, policy = the(template, "AWS::BedrockAgentCore::Policy")
    return str(fill(policy["Definition"]["Cedar"]["Statement"]))


def test_the_gateway_enforces_an_engine_under_our_key(template):
    """An engine that only logs would open for everybody."""
    _, tools = the(template, "AWS::BedrockAgentCore::Gateway")
    _, engine = the(template, "AWS::BedrockAgentCore::PolicyEngine")

    assert tools["PolicyEngineConfiguration"]["Mode"] == "ENFORCE"
    assert made(".".join(engine["EncryptionKeyArn"]["Fn::GetAtt"])) == KEY


def test_a_permission_names_the_caller_the_tool_and_the_gateway(template):
    """And no other: the second tool of the same target is not in it."""
    said = statement(template)

    assert said.startswith("permit(principal is AgentCore::IamEntity, action in [AgentCore::Action::")
    assert "Orders___find_order" in said
    assert "list_orders" not in said
    assert 'principal.id like "arn:aws:sts::111122223333:assumed-role/' in said
    assert "resource == AgentCore::Gateway::" in said


def test_a_permission_that_the_gateway_does_not_know_fails_the_deploy(template):
    """And waits for the tools that it names."""
    name, policy = the(template, "AWS::BedrockAgentCore::Policy")
    waits = template["Resources"][name]["DependsOn"]

    assert policy["ValidationMode"] == "FAIL_ON_ANY_FINDINGS"
    assert any("Orders" in each for each in waits)


def test_the_role_of_the_gateway_may_ask_its_own_engine_and_no_other(template):
    """The gateway waits for this right, and without it every call would be refused."""
    (engine,) = testing.resources(template, "AWS::BedrockAgentCore::PolicyEngine")
    own = made(f"{engine}.PolicyEngineArn")
    _, tools = the(template, "AWS::BedrockAgentCore::Gateway")
    here = "arn:aws:bedrock-agentcore:us-east-1:111122223333:gateway"
    (gateway_id,) = testing.resources(template, "AWS::BedrockAgentCore::Gateway")
    text = json.dumps([each["PolicyDocument"] for each in _policies(template)])

    assert f"{here}/{tools['Name']}-??????????" in text
    assert own in json.dumps(fill(json.loads(text)))
    assert any("MayAsk" in each for each in template["Resources"][gateway_id]["DependsOn"])
    assert ask(template, "ToolsRole", ("bedrock-agentcore:GetGateway", f"{here}/other-0123456789")) == [False]


def _policies(template):
    return [
        each["Properties"] for name, each in testing.resources(template, "AWS::IAM::Policy").items() if "MayAsk" in name
    ]


def test_a_token_is_known_by_a_claim():
    """All of its value, and only where it is there."""
    stack, _ = stacks()
    permissions = gateway(stack, TOKENS).add_permissions("Permissions")
    permissions.permit("Chat", ToolCaller.claim("client_id", "chat"), [FIND, LIST])

    said = statement(testing.template(stack))

    assert 'principal.hasTag("client_id") && principal.getTag("client_id") == "chat"' in said
    assert "list_orders" in said


def test_what_cannot_be_is_told_at_once():
    """A tool that is not there, a list of none, and a caller that the gateway cannot know."""
    stack, _ = stacks()
    permissions = gateway(stack).add_permissions("Permissions")

    with pytest.raises(AgentError) as one:
        permissions.permit("Wrong", ToolCaller.claim("client_id", "chat"), [CANCEL])
    with pytest.raises(AgentError, match="permission 'None' names no tools"):
        permissions.permit("None", ToolCaller.role(stack, clerk(stack)), [])

    assert len(one.value.faults) == 2
    assert "tool 'cancel_order' is none of the gateway" in one.value.faults[0]
    assert "take ToolCaller.role for signed requests" in one.value.faults[1]


@pytest.mark.parametrize(("name", "value"), [('a"b', "c"), ("a", 'c" || true || "')])
def test_a_claim_cannot_say_more_than_a_value(name, value):
    """A quotation mark would end it, and begin a condition of its own."""
    with pytest.raises(AgentError, match="use letters, digits and"):
        ToolCaller.claim(name, value)


def test_what_decisions_cost_is_said_to_be_unknown(template):
    """And not that they are free."""
    report = idle_floor({"Agents": template}, "us-east-1")

    assert "permissions of tools" in str(report.unpriced) + str(report)


def test_refused_calls_alarm():
    """An agent that is led astray, or a permission that was forgotten, shows here first."""
    stack, _ = stacks()
    permissions = gateway(stack).add_permissions("Permissions")
    key = EncryptionKey(stack, "AlarmKey", description="alarms", uses=Monitoring.REQUIRED_KEY_USES)

    Monitoring(stack, "Monitoring", key=key.key).monitor_permissions(permissions)

    _, alarm = the(testing.template(stack), "AWS::CloudWatch::Alarm")
    assert alarm["MetricName"] == permissions.metric_denied().metric_name
    assert "named by no permission" in alarm["AlarmDescription"]
