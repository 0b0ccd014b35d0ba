"""What the deployment of an agent decided, read once from the environment."""

from __future__ import annotations

from dataclasses import fields

from ..assist import settings as shared
from ..shared.env import Environment
from .ports import AgentSettings
from .tools import declared_tools


def read(environment: Environment) -> AgentSettings:
    """
    Return the settings in *environment*.

    Raises:
        MissingSettingError: Names every setting that is missing or wrong.
    """
    declared, functions = environment.text("TOOLS"), environment.text("TOOL_FUNCTIONS")
    max_turns = environment.whole("MAX_TURNS", minimum=1)
    approval_seconds = environment.whole("APPROVAL_SECONDS", minimum=1)
    common = shared.read(environment)
    groups = environment.optional("TOOL_GROUPS") or ";" * (len(functions.split()) - 1)
    return AgentSettings(
        **{one.name: getattr(common, one.name) for one in fields(common)},
        tools=declared_tools(declared, functions, groups),
        max_turns=max_turns,
        approval_seconds=approval_seconds,
        instructions=environment.optional("INSTRUCTIONS"),
    )
