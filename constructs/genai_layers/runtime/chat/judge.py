"""
Judges what a model of ours is asked and what it says, since nobody else does: `ApplyGuardrail`, before and after.

A model of Amazon Bedrock runs under the guardrail that the request names. One on a machine of ours runs under none,
so its input is judged before it is sent and its output before any of it is told. What cannot be judged is not told.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .assessment import blocked, interventions
from .aws import translated
from .errors import BusyError, NotJudgedError, TooSlowError, UpstreamError
from .settings import ChatSettings

CALL_CHARACTERS = 20_000
"""Characters judged in one call; what is longer is judged in several."""

SOURCE = "grounding_source"
QUERY = "query"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """
    What the guardrail makes of a text.

    Attributes:
        is_stopped: Whether it may not go on.
        texts: The texts in the same order, personal data masked; the guardrail's message where it is stopped.
        interventions: Policies that acted, as `contentPolicy:BLOCKED`.
    """

    is_stopped: bool
    texts: tuple[str, ...]
    interventions: tuple[str, ...] = ()


class Judge:
    """
    The guardrail, asked by itself.

    Args:
        settings: Settings of the function.
        runtime: Client of bedrock-runtime.
        sleep: Waits, in seconds.
    """

    def __init__(self, settings: ChatSettings, runtime: Any, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._settings = settings
        self._runtime = runtime
        self._sleep = sleep

    def question(self, texts: Sequence[str]) -> Verdict:
        """Return what becomes of the caller's *texts*."""
        acted: set[str] = set()
        judged: list[str] = []
        for batch in _batches(texts):
            verdict = self._judge("INPUT", [{"text": {"text": text}} for text in batch], batch)
            acted.update(verdict.interventions)
            if verdict.is_stopped:
                return Verdict(is_stopped=True, texts=verdict.texts, interventions=tuple(sorted(acted)))
            judged += verdict.texts
        return Verdict(is_stopped=False, texts=_joined(texts, judged), interventions=tuple(sorted(acted)))

    def answer(self, text: str, *, sources: Sequence[str] = (), query: str = "") -> Verdict:
        """
        Return what becomes of a model's words.

        Args:
            text: All of them: what a window cuts in two, a name or a number of a card, would be seen in neither half.
            sources: What they must be grounded in.
            query: What they must be relevant to.
        """
        content: list[dict[str, Any]] = []
        if sources and query:
            content += [{"text": {"text": source, "qualifiers": [SOURCE]}} for source in sources]
            content.append({"text": {"text": query, "qualifiers": [QUERY]}})
        content.append({"text": {"text": text, "qualifiers": ["guard_content"]}})
        return self._judge("OUTPUT", content, (text,))

    def _judge(self, source: str, content: list[dict[str, Any]], texts: Sequence[str]) -> Verdict:
        response = self._apply(source, content)
        if response.get("action") == "NONE":
            return Verdict(is_stopped=False, texts=tuple(texts))
        if response.get("action") != "GUARDRAIL_INTERVENED":
            raise NotJudgedError("the guardrail gave no verdict: try again")
        trace = {"outputAssessments": {"all": response.get("assessments", [])}}
        acted = interventions(trace)
        said = tuple(str(output.get("text", "")) for output in response.get("outputs", ()))
        # Nothing that shows masking alone counts as a block: the safe reading.
        if blocked(trace) or not acted:
            return Verdict(is_stopped=True, texts=said, interventions=acted)
        if len(content) == len(said) == len(texts) == 1:
            return Verdict(is_stopped=False, texts=said, interventions=acted)
        if len(content) == 1:
            return Verdict(is_stopped=True, texts=(), interventions=acted)
        # Which output belongs to which of several texts is not documented, so each is masked by itself.
        return self._one_by_one(source, texts, acted)

    def _one_by_one(self, source: str, texts: Sequence[str], acted: tuple[str, ...]) -> Verdict:
        masked: list[str] = []
        for text in texts:
            verdict = self._judge(source, [{"text": {"text": text}}], (text,))
            acted = tuple(sorted({*acted, *verdict.interventions}))
            if verdict.is_stopped:
                return Verdict(is_stopped=True, texts=verdict.texts, interventions=acted)
            masked += verdict.texts
        return Verdict(is_stopped=False, texts=tuple(masked), interventions=acted)

    def _apply(self, source: str, content: list[dict[str, Any]]) -> Mapping[str, Any]:
        request = {
            "guardrailIdentifier": self._settings.guardrail_id,
            "guardrailVersion": self._settings.guardrail_version,
            "source": source,
            "content": content,
        }
        try:
            return self._called(request)
        except (BusyError, UpstreamError, TooSlowError):
            self._sleep(random.uniform(0.1, 0.5))  # noqa: S311 -- jitter
        try:
            return self._called(request)
        except (BusyError, UpstreamError, TooSlowError) as error:
            # Not the model's failure: another one is no way around the guardrail.
            raise NotJudgedError("the guardrail failed, and nothing unjudged is answered: try again") from error

    def _called(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        with translated("the guardrail"):
            response: Mapping[str, Any] = self._runtime.apply_guardrail(**request)
            return response


def _pieces(text: str) -> list[str]:
    return [text[start : start + CALL_CHARACTERS] for start in range(0, len(text), CALL_CHARACTERS)]


def _batches(texts: Sequence[str]) -> list[list[str]]:
    """Return *texts* in calls that are not too long, a text that is itself too long in pieces."""
    batches: list[list[str]] = []
    room = 0
    for piece in (piece for text in texts for piece in _pieces(text)):
        if not batches or len(piece) > room:
            batches.append([])
            room = CALL_CHARACTERS
        batches[-1].append(piece)
        room -= len(piece)
    return batches


def _joined(texts: Sequence[str], judged: Sequence[str]) -> tuple[str, ...]:
    rest = iter(judged)
    return tuple("".join(next(rest) for _ in _pieces(text)) for text in texts)
