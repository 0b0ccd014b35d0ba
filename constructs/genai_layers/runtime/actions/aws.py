"""AWS behind the agent: the model with its tools, the guardrail by itself, and the functions that do things."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ..assist.judging import Guardrail
from ..assist.settings import AssistSettings
from ..chat import bedrock
from ..chat.aws import MARGIN_SECONDS, MODEL_SECONDS, client, translated
from ..chat.errors import TooSlowError
from .ports import Turn

TOOL_SECONDS = 60
"""Longest wait for a tool."""


class BedrockAgentModel:
    """
    The model and the guardrail.

    Args:
        settings: Settings of the agent.
        runtime: Client of bedrock-runtime. Default: one of its own.
    """

    def __init__(self, settings: AssistSettings, *, runtime: Any | None = None) -> None:
        self._runtime = runtime or client("bedrock-runtime", seconds=MODEL_SECONDS, attempts=2)
        self._guardrail = Guardrail(settings, runtime=self._runtime)

    def turn(self, request: Mapping[str, Any], seconds_left: Callable[[], float]) -> Turn:
        """
        Return what the model makes of *request*.

        Raises:
            TooSlowError: Too little time is left to ask.
        """
        if seconds_left() < MODEL_SECONDS + MARGIN_SECONDS:
            raise TooSlowError("too little time is left to ask the model: what was done stays done")
        with translated("the model"):
            response = self._runtime.converse(**request)
        message = response.get("output", {}).get("message", {})
        wants = tuple(block["toolUse"] for block in message.get("content", ()) if "toolUse" in block)
        is_wish = response.get("stopReason") == "tool_use"
        return Turn(completion=bedrock.completion(response), message=message, wants=wants if is_wish else ())

    def judged(self, text: str) -> str | None:
        """Return *text* as the guardrail lets it through, masked where it masks; None where it blocks."""
        # The result goes to the model as a question does, and attacks are looked for on that way alone.
        return self._guardrail.judged(text)


class LambdaHands:
    """
    The functions of the tools.

    Args:
        lambda_client: Client of lambda. Default: one of its own.
    """

    def __init__(self, *, lambda_client: Any | None = None) -> None:
        # One attempt: a tool that was asked and not heard may have done its work.
        self._client = lambda_client or client("lambda", seconds=TOOL_SECONDS, attempts=1)

    def use(self, function: str, order: Mapping[str, Any]) -> tuple[str, bool]:
        """Return what the function of a tool answers, as JSON, and whether it did what it was asked."""
        with translated("the tool"):
            response = self._client.invoke(
                FunctionName=function, InvocationType="RequestResponse", Payload=json.dumps(order).encode()
            )
            body = response["Payload"].read().decode(errors="replace")
        if response.get("FunctionError"):
            # The text of an exception repeats what a service was sent, and is for the tool's own log.
            return '"the tool failed"', False
        return body, True
