"""The tools that were declared: what each takes, who may use it, and whether somebody is asked first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..assist import packed
from ..chat.model import Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """
    Something that the agent may have done.

    Attributes:
        name: What the model calls it.
        description: What the model is told of it.
        parameters: JSON Schema of its arguments.
        function: Lambda function that does it.
        is_confirmed: Whether a person approves each use.
        groups: Groups whose users may use it; empty lets every user.
    """

    name: str
    description: str
    parameters: Mapping[str, Any]
    function: str
    is_confirmed: bool
    groups: tuple[str, ...] = ()

    def is_for(self, caller: Caller) -> bool:
        """Return whether *caller* may use it."""
        return not self.groups or bool(set(self.groups) & set(caller.groups))

    @property
    def specification(self) -> dict[str, Any]:
        """How Converse is told of it."""
        return {
            "toolSpec": {
                "name": self.name,
                "description": self.description,
                "inputSchema": {"json": dict(self.parameters)},
            }
        }


def declared_tools(text: str, functions: str, groups: str) -> tuple[Tool, ...]:
    """
    Return the tools in the environment.

    Args:
        text: Their declarations, packed.
        functions: Their functions in the same order, separated by spaces.
        groups: Their groups in the same order, separated by spaces within a tool and by `;` between tools.
    """
    declared = json.loads(packed.unpacked(text))
    return tuple(
        Tool(
            name=one["name"],
            description=one["description"],
            parameters=one["parameters"],
            function=function,
            is_confirmed=one["is_confirmed"],
            groups=tuple(named.split()),
        )
        for one, function, named in zip(declared, functions.split(), groups.split(";"), strict=True)
    )


def digest(tool: str, arguments: object) -> str:
    """Return a hash of what a tool is asked, the same in any spelling."""
    canonical = json.dumps([tool, arguments], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
