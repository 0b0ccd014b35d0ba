"""Bedrock's prompts and flows, their versions, and the aliases of flows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.local_cloud.ministack_launcher.read import answered, joined, part, send
from tools.local_cloud.ministack_launcher.row import Call, Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.local_cloud.ministack_launcher.row import Parameters, Reader, Resource


def _without_tags(**members: Reader) -> Parameters:
    def parameters(resource: Resource) -> Mapping[str, Any]:
        kept = {name: value for name, value in resource.properties.items() if name != "Tags"}
        return {**kept, **{name: read(resource) for name, read in members.items()}}

    return parameters


def _last(name: str) -> Reader:
    """The id at the end of the ARN that a property holds: MiniStack finds nothing by an ARN in a path."""
    return lambda resource: str(resource.properties[name]).rpartition("/")[2]


def _own_id(resource: Resource) -> str:
    return resource.physical_id.rpartition("/")[2]


ROWS = (
    Row(
        type="AWS::Bedrock::Prompt",
        service="bedrock-agent",
        create=Call("CreatePrompt"),
        physical_id=answered("arn"),
        attributes={"Arn": answered("arn"), "Id": answered("id"), "Version": lambda _: "DRAFT"},
        update=Call("UpdatePrompt", _without_tags(promptIdentifier=_own_id)),
        replaces=frozenset({"Name"}),
        delete=(Call("DeletePrompt", send(promptIdentifier=_own_id)),),
    ),
    Row(
        type="AWS::Bedrock::PromptVersion",
        service="bedrock-agent",
        create=Call(
            "CreatePromptVersion",
            lambda r: {
                "promptIdentifier": _last("PromptArn")(r),
                **({"description": r.properties["Description"]} if "Description" in r.properties else {}),
            },
        ),
        physical_id=joined(_last("PromptArn"), answered("version")),
        attributes={"Arn": answered("arn"), "Version": answered("version"), "PromptId": answered("id")},
        update=None,
        delete=(Call("DeletePrompt", send(promptIdentifier=part(0), promptVersion=part(1))),),
    ),
    Row(
        type="AWS::Bedrock::Flow",
        service="bedrock-agent",
        create=Call("CreateFlow"),
        physical_id=answered("arn"),
        attributes={
            "Arn": answered("arn"),
            "Id": answered("id"),
            "Status": lambda _: "Prepared",
            "Version": lambda _: "DRAFT",
        },
        settle=(Call("PrepareFlow", send(flowIdentifier=_own_id)),),
        update=Call("UpdateFlow", _without_tags(flowIdentifier=_own_id)),
        replaces=frozenset({"Name"}),
        delete=(Call("DeleteFlow", send(flowIdentifier=_own_id)),),
    ),
    Row(
        type="AWS::Bedrock::FlowVersion",
        service="bedrock-agent",
        create=Call(
            "CreateFlowVersion",
            lambda r: {
                "flowIdentifier": _last("FlowArn")(r),
                **({"description": r.properties["Description"]} if "Description" in r.properties else {}),
            },
        ),
        physical_id=joined(_last("FlowArn"), answered("version")),
        attributes={"Version": answered("version"), "FlowId": _last("FlowArn")},
        update=None,
        delete=(Call("DeleteFlowVersion", send(flowIdentifier=part(0), flowVersion=part(1))),),
    ),
    Row(
        type="AWS::Bedrock::FlowAlias",
        service="bedrock-agent",
        create=Call(
            "CreateFlowAlias",
            lambda r: {
                **{name: value for name, value in r.properties.items() if name != "FlowArn"},
                "flowIdentifier": _last("FlowArn")(r),
            },
        ),
        physical_id=joined(_last("FlowArn"), answered("id")),
        attributes={"Arn": answered("arn"), "Id": answered("id"), "FlowId": _last("FlowArn")},
        update=Call(
            "UpdateFlowAlias",
            lambda r: {
                **{name: value for name, value in r.properties.items() if name not in ("FlowArn", "Tags")},
                "flowIdentifier": r.physical_id.split("|")[0],
                "aliasIdentifier": r.physical_id.split("|")[1],
            },
        ),
        replaces=frozenset({"FlowArn"}),
        delete=(Call("DeleteFlowAlias", send(flowIdentifier=part(0), aliasIdentifier=part(1))),),
    ),
)
