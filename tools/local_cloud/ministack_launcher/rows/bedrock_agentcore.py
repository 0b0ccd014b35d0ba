"""AgentCore's memories, runtimes and endpoints, of whose control planes the emulator has enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.local_cloud.ministack_launcher.errors import ProvisioningError
from tools.local_cloud.ministack_launcher.read import answered, given, identity, joined, part, send
from tools.local_cloud.ministack_launcher.row import Call, Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.local_cloud.ministack_launcher.row import Resource

_IN_PLACE = ("Description", "EventExpiryDuration", "MemoryExecutionRoleArn")


def _updated(resource: Resource) -> Mapping[str, Any]:
    if resource.previous.get("MemoryStrategies") != resource.properties.get("MemoryStrategies"):
        raise ProvisioningError("the local cloud cannot change MemoryStrategies of a memory: make it anew")
    kept = {name: value for name, value in resource.properties.items() if name in _IN_PLACE}
    return {**kept, "memoryId": resource.physical_id}


def _runtime(resource: Resource) -> dict[str, Any]:
    # CloudFormation takes the protocol as a word, the API as a structure.
    said = dict(resource.properties)
    if "ProtocolConfiguration" in said:
        said["ProtocolConfiguration"] = {"serverProtocol": said["ProtocolConfiguration"]}
    return said


def _changed_runtime(resource: Resource) -> Mapping[str, Any]:
    kept = {name: value for name, value in _runtime(resource).items() if name not in ("AgentRuntimeName", "Tags")}
    return {**kept, "agentRuntimeId": resource.physical_id}


def _endpoint(resource: Resource) -> Mapping[str, Any]:
    runtime, name = resource.physical_id.split("|")
    kept = {
        key: resource.properties[key] for key in ("AgentRuntimeVersion", "Description") if key in resource.properties
    }
    return {**kept, "agentRuntimeId": runtime, "endpointName": name}


ROWS = (
    Row(
        type="AWS::BedrockAgentCore::Memory",
        service="bedrock-agentcore-control",
        create=Call("CreateMemory"),
        physical_id=answered("memory.id"),
        attributes={
            "MemoryId": answered("memory.id"),
            "MemoryArn": answered("memory.arn"),
            "Status": lambda _: "ACTIVE",
        },
        update=Call("UpdateMemory", _updated),
        replaces=frozenset({"EncryptionKeyArn", "Name"}),
        delete=(Call("DeleteMemory", send(memoryId=identity)),),
    ),
    Row(
        type="AWS::BedrockAgentCore::Runtime",
        service="bedrock-agentcore-control",
        create=Call("CreateAgentRuntime", _runtime),
        physical_id=answered("agentRuntimeId"),
        attributes={
            "AgentRuntimeId": answered("agentRuntimeId"),
            "AgentRuntimeArn": answered("agentRuntimeArn"),
            "AgentRuntimeVersion": answered("agentRuntimeVersion"),
            "Status": lambda _: "READY",
        },
        update=Call("UpdateAgentRuntime", _changed_runtime),
        replaces=frozenset({"AgentRuntimeName"}),
        delete=(Call("DeleteAgentRuntime", send(agentRuntimeId=identity)),),
        renames={"CustomJWTAuthorizer": "customJWTAuthorizer"},
    ),
    Row(
        type="AWS::BedrockAgentCore::RuntimeEndpoint",
        service="bedrock-agentcore-control",
        create=Call("CreateAgentRuntimeEndpoint"),
        physical_id=joined(given("AgentRuntimeId"), given("Name")),
        attributes={
            "AgentRuntimeEndpointArn": answered("agentRuntimeEndpointArn"),
            "AgentRuntimeArn": answered("agentRuntimeArn"),
            "TargetVersion": answered("targetVersion"),
            "Status": lambda _: "READY",
        },
        update=Call("UpdateAgentRuntimeEndpoint", _endpoint),
        replaces=frozenset({"AgentRuntimeId", "Name"}),
        delete=(Call("DeleteAgentRuntimeEndpoint", send(agentRuntimeId=part(0), endpointName=part(1))),),
    ),
)
