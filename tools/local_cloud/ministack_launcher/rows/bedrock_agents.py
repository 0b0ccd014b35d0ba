"""Bedrock's agents and their aliases; of an agent's parts, the actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.local_cloud.ministack_launcher.errors import ProvisioningError
from tools.local_cloud.ministack_launcher.read import answered, identity, is_true, joined, part, send
from tools.local_cloud.ministack_launcher.row import Call, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tools.local_cloud.ministack_launcher.row import Parameters, Resource

_MOST_GROUPS = 20
# Parts that the service takes in calls of their own, and that CloudFormation takes with the agent.
_PARTS = frozenset({"ActionGroups", "AgentCollaborators", "AutoPrepare", "KnowledgeBases", "TestAliasTags"})


def _updated(resource: Resource) -> Mapping[str, Any]:
    changed = [
        part
        for part in ("ActionGroups", "AgentCollaborators", "KnowledgeBases")
        if resource.previous.get(part) != resource.properties.get(part)
    ]
    if changed:
        raise ProvisioningError(f"the local cloud cannot change {', '.join(changed)} of an agent: make it anew")
    kept = {name: value for name, value in resource.properties.items() if name not in {*_PARTS, "Tags"}}
    return {**kept, "agentId": resource.physical_id}


def _group(index: int) -> Parameters:
    def parameters(resource: Resource) -> Mapping[str, Any]:
        group = resource.properties["ActionGroups"][index]
        named = {name: value for name, value in group.items() if name != "SkipResourceInUseCheckOnDelete"}
        return {**named, "agentId": resource.physical_id, "agentVersion": "DRAFT"}

    return parameters


def _has_new_group(index: int) -> Callable[[Resource], bool]:
    return lambda resource: not resource.previous and len(resource.properties.get("ActionGroups", [])) > index


ROWS = (
    Row(
        type="AWS::Bedrock::Agent",
        service="bedrock-agent",
        create=Call("CreateAgent"),
        physical_id=answered("agent.agentId"),
        attributes={
            "AgentId": answered("agent.agentId"),
            "AgentArn": answered("agent.agentArn"),
            "AgentStatus": lambda _: "PREPARED",
            "AgentVersion": lambda _: "DRAFT",
        },
        settle=(
            *(Call("CreateAgentActionGroup", _group(index), _has_new_group(index)) for index in range(_MOST_GROUPS)),
            Call("PrepareAgent", send(agentId=identity), lambda r: is_true(r.properties.get("AutoPrepare"))),
        ),
        update=Call("UpdateAgent", _updated),
        delete=(Call("DeleteAgent", send(agentId=identity)),),
        consumed=_PARTS,
    ),
    Row(
        type="AWS::Bedrock::AgentAlias",
        service="bedrock-agent",
        create=Call("CreateAgentAlias"),
        physical_id=joined(answered("agentAlias.agentId"), answered("agentAlias.agentAliasId")),
        attributes={
            "AgentAliasId": answered("agentAlias.agentAliasId"),
            "AgentAliasArn": answered("agentAlias.agentAliasArn"),
            "AgentAliasStatus": lambda _: "PREPARED",
        },
        update=Call(
            "UpdateAgentAlias",
            lambda r: {
                **{name: value for name, value in r.properties.items() if name != "Tags"},
                "agentAliasId": r.physical_id.split("|")[1],
            },
        ),
        replaces=frozenset({"AgentId"}),
        delete=(Call("DeleteAgentAlias", send(agentId=part(0), agentAliasId=part(1))),),
    ),
)
