"""Help with code: explained, written, reviewed, never run."""

from __future__ import annotations

from typing import Unpack

from constructs import Construct

from genai_layers.application.assistant import Assistant
from genai_layers.application.assistant_options import AssistantOptions
from genai_layers.application.chat_environment import MAX_INSTRUCTIONS
from genai_layers.platform.interfaces import IModel

ROUTES = ("POST /code", "GET /code/openapi.json")
"""What the function answers; a test holds it against the function's own list."""


class CodeAssistance(Assistant):
    """
    Explains, writes and reviews code.

    Credentials are taken out of what the caller sends before a model reads it, and out of what the model writes.
    Code keeps its fences; nothing is run, and the function reaches nothing but its models and its table.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new table.
        model: Helps.
        instructions: What is added to the model's instructions, at most 2,000 characters, such as the rules of the
            house for code. Default: nothing.
        options: What every application is asked for with; see `AssistantOptions`.

    Raises:
        AssistantError: Names every fault.

    Example:
        CodeAssistance(self, "Code", model=model, vpc=network.vpc, key=data_key.key, log_key=log_key.key,
                       guardrail=guardrail, api=api)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        model: IModel,
        instructions: str | None = None,
        **options: Unpack[AssistantOptions],
    ) -> None:
        faults = []
        if instructions is not None and not 1 <= len(instructions) <= MAX_INSTRUCTIONS:
            faults.append(f"instructions has {len(instructions)} characters: give 1 to {MAX_INSTRUCTIONS}")
        super().__init__(
            scope,
            id,
            handler_folder="generation",
            description="helps with code",
            routes=ROUTES,
            models={"Code": model},
            options=options,
            settings={} if instructions is None else {"INSTRUCTIONS": instructions},
            faults=faults,
        )
