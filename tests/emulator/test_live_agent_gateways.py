"""A gateway of ours with its tools in the local cloud: made, changed, rolled back, gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_lambda as lambda_

from genai_layers import testing
from genai_layers.foundation import EncryptionKey, KeyUse
from genai_layers.platform.agents import AgentGateway, InboundAccess, Tool
from tools.local_cloud.layout import ACCOUNT, REGION
from tools.local_cloud.stack import StackFailedError

if TYPE_CHECKING:
    from tools.local_cloud.clients import Clients
    from tools.local_cloud.stack import HandmadeStack

pytestmark = pytest.mark.emulator

ORDERS = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:orders"
ISSUER = "https://issuer.example/.well-known/openid-configuration"


def made(*tools: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return resources and outputs of a gateway with some tools of one function."""
    stack = cdk.Stack(testing.app(), "Gateway", env=cdk.Environment(account=ACCOUNT, region=REGION))
    key = EncryptionKey(
        stack, "Key", description="tools", uses=[KeyUse.LOGS, KeyUse.AGENT], removal_policy=cdk.RemovalPolicy.DESTROY
    ).key
    orders = lambda_.Function.from_function_attributes(stack, "Orders", function_arn=ORDERS, same_environment=True)
    access = InboundAccess.jwt(discovery_url=ISSUER, clients=["chat"])
    gateway = AgentGateway(stack, "Tools", key=key, access=access)
    gateway.add_tools("Orders", orders, [Tool.reading(name, f"Does {name}.") for name in tools])
    template = testing.template(stack)
    (target,) = testing.resources(template, "AWS::BedrockAgentCore::GatewayTarget")
    outputs = {
        "Gateway": stack.resolve(gateway.gateway.gateway_id),
        "Target": {"Fn::GetAtt": [target, "TargetId"]},
    }
    return template["Resources"], outputs


def tools_of(clients: Clients, ids: dict[str, str]) -> list[str]:
    """Return the names of the tools that callers of a gateway find."""
    control = clients("bedrock-agentcore-control@moto")
    target = control.get_gateway_target(gatewayIdentifier=ids["Gateway"], targetId=ids["Target"])
    return [tool["name"] for tool in target["targetConfiguration"]["mcp"]["lambda"]["toolSchema"]["inlinePayload"]]


def test_a_gateway_gets_another_tool_and_keeps_what_it_has_when_a_deploy_fails(
    stack: HandmadeStack, clients: Clients
) -> None:
    """The same gateway and target for callers; a change that is rolled back leaves them their tools."""
    first = stack.deploy(*made("find_order"))
    told = clients("bedrock-agentcore-control@moto").get_gateway(gatewayIdentifier=first["Gateway"])
    alone = tools_of(clients, first)

    second = stack.deploy(*made("find_order", "list_orders"))
    both = tools_of(clients, second)
    resources, outputs = made("list_orders")
    broken = {"Type": "AWS::Bedrock::Guardrail", "Properties": {"Colour": "red"}, "DependsOn": list(resources)}
    with pytest.raises(StackFailedError):
        stack.deploy({**resources, "Broken": broken}, outputs)

    assert told["authorizerConfiguration"]["customJWTAuthorizer"]["allowedClients"] == ["chat"]
    assert ":key/" in told["kmsKeyArn"]
    assert first == second
    assert (alone, both) == (["find_order"], ["find_order", "list_orders"])
    assert tools_of(clients, second) == both


def test_a_deleted_gateway_is_gone(stack: HandmadeStack, clients: Clients) -> None:
    """With its targets."""
    ids = stack.deploy(*made("find_order"))

    stack.delete()

    listed = clients("bedrock-agentcore-control@moto").list_gateways()["items"]
    assert ids["Gateway"] not in [gateway["gatewayId"] for gateway in listed]
