"""What the deployment of content generation or code assistance decided, read once from the environment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from ..assist import settings as shared
from ..assist.asking import Ports
from ..assist.packed import unpacked
from ..assist.settings import AssistSettings
from ..shared.env import Environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """
    A text that is written to order.

    Attributes:
        about: What it is for.
        text: What the model is told; `{{name}}` stands for what the caller gives.
        variables: Names of what the caller gives.
        max_tokens: Longest text; None leaves it to the model.
        temperature: None leaves it to the model.
        top_p: None leaves it to the model.
    """

    about: str
    text: str
    variables: tuple[str, ...]
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationSettings(AssistSettings):
    """
    Settings of content generation and code assistance.

    Attributes:
        templates: What can be written to order, by name.
        instructions: What the operator adds to the instructions.
    """

    templates: Mapping[str, Template] = field(default_factory=dict)
    instructions: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationPorts(Ports):
    """What both stand on."""

    settings: GenerationSettings


def read(environment: Environment) -> GenerationSettings:
    """
    Return the settings in *environment*.

    Raises:
        MissingSettingError: Names every setting that is missing or wrong.
    """
    packed, instructions = environment.optional("TEMPLATES"), environment.optional("INSTRUCTIONS")
    common = shared.read(environment)
    declared: dict[str, dict[str, Any]] = {} if packed is None else json.loads(unpacked(packed))
    templates = {
        name: Template(**{**one, "variables": tuple(one["variables"])}) for name, one in sorted(declared.items())
    }
    return GenerationSettings(
        **{one.name: getattr(common, one.name) for one in fields(common)},
        templates=templates,
        instructions=instructions,
    )
