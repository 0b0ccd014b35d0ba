"""The guardrail by itself, for what does not come from a caller's own words."""

from __future__ import annotations

from typing import Any

from ..chat.assessment import blocked
from ..chat.aws import client, translated
from .settings import AssistSettings


class Guardrail:
    """
    The guardrail of an application.

    Args:
        settings: Settings of the application.
        runtime: Client of bedrock-runtime. Default: one of its own.
    """

    def __init__(self, settings: AssistSettings, *, runtime: Any | None = None) -> None:
        self._settings = settings
        self._runtime = runtime or client("bedrock-runtime", seconds=10, attempts=2)

    def judged(self, text: str, source: str = "INPUT") -> str | None:
        """
        Return *text* as the guardrail lets it through, masked where it masks; None where it blocks.

        Args:
            text: What to judge.
            source: `INPUT` for what goes to a model, where attacks are looked for; `OUTPUT` for what goes to a person.
        """
        if not text.strip():
            return text
        with translated("the guardrail"):
            response = self._runtime.apply_guardrail(
                guardrailIdentifier=self._settings.guardrail_id,
                guardrailVersion=self._settings.guardrail_version,
                source=source,
                content=[{"text": {"text": text, "qualifiers": ["guard_content"]}}],
            )
        if response.get("action") != "GUARDRAIL_INTERVENED":
            return text
        trace = {"outputAssessments": {"text": response.get("assessments", [])}}
        masked = "".join(one.get("text", "") for one in response.get("outputs", ()))
        return None if blocked(trace) or not masked else masked
