"""AgentCore's memories, of whose control plane the emulator has enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.local_cloud.ministack_launcher.errors import ProvisioningError
from tools.local_cloud.ministack_launcher.read import answered, identity, send
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
)
