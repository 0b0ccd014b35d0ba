"""Gateways of AgentCore and their targets, of which moto has the control plane and MiniStack nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.local_cloud.ministack_launcher.read import answered, given, identity, joined, part, send
from tools.local_cloud.ministack_launcher.row import Call, Row
from tools.local_cloud.routing import AT_MOTO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.local_cloud.ministack_launcher.row import Resource

_SERVICE = f"bedrock-agentcore-control{AT_MOTO}"
_RENAMES = {"CustomJWTAuthorizer": "customJWTAuthorizer"}


def _changed_gateway(resource: Resource) -> Mapping[str, Any]:
    kept = {name: value for name, value in resource.properties.items() if name != "Tags"}
    return {**kept, "gatewayIdentifier": resource.physical_id}


def _changed_target(resource: Resource) -> Mapping[str, Any]:
    return {**resource.properties, "targetId": resource.physical_id.split("|")[1]}


ROWS = (
    Row(
        type="AWS::BedrockAgentCore::Gateway",
        service=_SERVICE,
        create=Call("CreateGateway"),
        physical_id=answered("gatewayId"),
        attributes={
            "GatewayArn": answered("gatewayArn"),
            "GatewayIdentifier": answered("gatewayId"),
            "GatewayUrl": answered("gatewayUrl"),
            "Status": lambda _: "READY",
        },
        update=Call("UpdateGateway", _changed_gateway),
        replaces=frozenset({"AuthorizerType", "Name"}),
        delete=(Call("DeleteGateway", send(gatewayIdentifier=identity)),),
        renames=_RENAMES,
    ),
    Row(
        type="AWS::BedrockAgentCore::GatewayTarget",
        service=_SERVICE,
        create=Call("CreateGatewayTarget"),
        physical_id=joined(given("GatewayIdentifier"), answered("targetId")),
        attributes={"TargetId": answered("targetId"), "Status": lambda _: "READY"},
        update=Call("UpdateGatewayTarget", _changed_target),
        replaces=frozenset({"GatewayIdentifier"}),
        delete=(Call("DeleteGatewayTarget", send(gatewayIdentifier=part(0), targetId=part(1))),),
    ),
)
