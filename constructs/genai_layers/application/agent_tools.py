"""Tools that an agent may have used, declared and checked before anything is deployed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_lambda as lambda_

from genai_layers.runtime.actions.json_schema import KEYWORDS, KINDS
from genai_layers.runtime.assist.packed import packed

MAX_TOOLS = 20
MAX_PACKED = 2_000
"""Characters of all declarations together, packed; all settings of a function together have 4 KB."""

_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionTool:
    """
    Something that an agent may have done.

    Attributes:
        name: What the model calls it.
        description: What the model and the person who approves are told of it.
        parameters: JSON Schema of its arguments: an object that takes nothing undeclared. Understood are types, enum,
            bounds, pattern, properties and items.
        function: Does it. It is given `tool`, `arguments`, `user`, `tenant`, `request_id` and `use_id`, and has to
            decide for itself what this user may do; what it returns is JSON.
        is_confirmed: Whether a person approves each use. Default: yes; say no for what changes nothing.
        groups: Groups whose users may use it. Default: every user who is served.
    """

    name: str
    description: str
    parameters: Mapping[str, Any]
    function: lambda_.IFunction
    is_confirmed: bool = True
    groups: Sequence[cognito.IUserPoolGroup] = ()

    def faults(self) -> list[str]:
        """Return what is wrong with it."""
        faults = []
        if not _NAME.fullmatch(self.name):
            faults.append(f"tool {self.name!r}: give a name of at most 64 letters, digits, _ and -")
        if not 10 <= len(self.description) <= 1_000:
            faults.append(
                f"tool {self.name!r} has a description of {len(self.description)} characters: give 10 to 1000"
            )
        if self.parameters.get("type") != "object":
            faults.append(f"tool {self.name!r}: parameters must be of type object")
        return faults + schema_faults(self.parameters, f"tool {self.name!r}: parameters")


def schema_faults(schema: Mapping[str, Any], where: str) -> list[str]:
    """
    Return what is wrong with a declaration.

    Args:
        schema: The declaration.
        where: Its path, for the words of a fault.
    """
    faults = [f"{where} holds {name!r}, which is not understood" for name in sorted(set(schema) - KEYWORDS)]
    kind = schema.get("type")
    if kind not in KINDS:
        return [*faults, f"{where} has type {kind!r}: give one of {', '.join(KINDS)}"]
    if "pattern" in schema:
        try:
            re.compile(schema["pattern"])
        except re.error:
            faults.append(f"{where} has a pattern that is no regular expression")
    if kind == "string" and not {"maxLength", "enum"} & set(schema):
        faults.append(f"{where} is a text without maxLength or enum: bound it")
    if kind == "object":
        properties = schema.get("properties", {})
        if schema.get("additionalProperties") is not False:
            faults.append(f"{where} takes what is not declared: set additionalProperties to False")
        faults += [
            f"{where} requires {name!r}, which is not declared"
            for name in schema.get("required", ())
            if name not in properties
        ]
        for name, one in properties.items():
            faults += schema_faults(one, f"{where}.{name}")
    if kind == "array":
        if "items" not in schema or "maxItems" not in schema:
            faults.append(f"{where} is a list without items or maxItems: bound it")
        else:
            faults += schema_faults(schema["items"], f"{where}[]")
    return faults


def faults_of(tools: Sequence[ActionTool]) -> list[str]:
    """Return what is wrong with *tools* together."""
    faults = [fault for tool in tools for fault in tool.faults()]
    if not 1 <= len(tools) <= MAX_TOOLS:
        faults.append(f"tools has {len(tools)}: give 1 to {MAX_TOOLS}")
    if len({tool.name for tool in tools}) < len(tools):
        faults.append("tools names one twice: give each a name of its own")
    if (size := len(_declared(tools))) > MAX_PACKED:
        faults.append(f"the declarations of all tools take {size} characters, at most {MAX_PACKED} fit: shorten them")
    return faults


def settings_of(tools: Sequence[ActionTool]) -> dict[str, str]:
    """Return *tools* as the environment of the function holds them."""
    return {
        "TOOLS": _declared(tools),
        "TOOL_FUNCTIONS": " ".join(tool.function.function_arn for tool in tools),
        "TOOL_GROUPS": ";".join(" ".join(group.group_name for group in tool.groups) for tool in tools),
    }


def _declared(tools: Sequence[ActionTool]) -> str:
    return packed(
        [
            {
                "name": tool.name,
                "description": tool.description,
                "parameters": tool.parameters,
                "is_confirmed": tool.is_confirmed,
            }
            for tool in tools
        ]
    )
