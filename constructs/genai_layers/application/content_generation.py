"""Texts written to order, from templates that are kept as files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Unpack

from constructs import Construct

from genai_layers.application.assistant import Assistant
from genai_layers.application.assistant_options import AssistantOptions
from genai_layers.platform.interfaces import IModel
from genai_layers.platform.prompts import PromptFile
from genai_layers.runtime.assist.packed import packed

ROUTES = ("POST /content/{template}", "GET /content", "GET /content/openapi.json")
"""What the function answers; a test holds it against the function's own list."""

MAX_PACKED = 2_000
"""Characters of all templates together, packed; all settings of a function together have 4 KB."""

_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


class ContentGeneration(Assistant):
    """
    Writes texts to order: a template says what, the caller gives the material.

    Template and rules are the instructions; what the caller gives stands between tags, is judged by the guardrail,
    and gives no orders. Nothing is retrieved, and nothing is kept but the answer to a request with an idempotency
    key for a day.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new table.
        model: Writes.
        templates: What can be written, by name; `PromptFile.load` reads one from a file.
        options: What every application is asked for with; see `AssistantOptions`.

    Raises:
        AssistantError: Names every fault.

    Example:
        ContentGeneration(self, "Content", model=model, templates={"summary": PromptFile.load("summary.md")},
                          vpc=network.vpc, key=data_key.key, log_key=log_key.key, guardrail=guardrail, api=api)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        model: IModel,
        templates: Mapping[str, PromptFile],
        **options: Unpack[AssistantOptions],
    ) -> None:
        declared = packed({name: _declared(one) for name, one in templates.items()})
        faults = [
            f"templates holds {name!r}: give a name of at most 40 small letters, digits and -"
            for name in templates
            if not _NAME.fullmatch(name)
        ]
        if not templates:
            faults.append("templates is empty: give at least one")
        if len(declared) > MAX_PACKED:
            faults.append(f"the templates take {len(declared)} characters, at most {MAX_PACKED} fit: shorten them")
        super().__init__(
            scope,
            id,
            handler_folder="generation",
            description="writes texts to order",
            routes=ROUTES,
            models={"Content": model},
            options=options,
            settings={"TEMPLATES": declared},
            faults=faults,
        )


def _declared(file: PromptFile) -> dict[str, object]:
    return {
        "about": file.description,
        "text": file.text,
        "variables": list(file.variables),
        "max_tokens": file.max_tokens,
        "temperature": file.temperature,
        "top_p": file.top_p,
    }
