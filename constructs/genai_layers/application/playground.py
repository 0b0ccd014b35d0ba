"""A prompt, one or two models side by side: the back end of the page's playground."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Unpack

from constructs import Construct

from genai_layers.application.assistant import Assistant
from genai_layers.application.assistant_options import AssistantOptions
from genai_layers.platform.interfaces import IModel

ROUTES = ("POST /playground", "GET /playground/models", "GET /playground/openapi.json")
"""What the function answers; a test holds it against the function's own list."""


class Playground(Assistant):
    """
    Lets people try a prompt on models of a list, two at a time, and see words, tokens, latency and price of each.

    Prompt and system prompt are the caller's words, so the guardrail judges both. Nothing that is tried is kept,
    but the answer to a request with an idempotency key for a day.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new table.
        models: Models that may be tried, by what people call them, at most ten.
        options: What every application is asked for with; see `AssistantOptions`. Give `allowed_groups` where not
            everybody may try models.

    Raises:
        AssistantError: Names every fault.

    Example:
        Playground(self, "Playground", models={"Nova Lite": lite, "Nova Pro": pro}, vpc=network.vpc,
                   key=data_key.key, log_key=log_key.key, guardrail=guardrail, api=api)
    """

    def __init__(
        self, scope: Construct, id: str, *, models: Mapping[str, IModel], **options: Unpack[AssistantOptions]
    ) -> None:
        super().__init__(
            scope,
            id,
            handler_folder="playground",
            description="tries a prompt on models",
            routes=ROUTES,
            models=models,
            options=options,
        )
