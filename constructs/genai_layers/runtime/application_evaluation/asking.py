"""Asks one question the way the chat does: the same search, prompt, guardrail and cleaning; the border to Bedrock."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..chat import bedrock
from ..chat.model import Answer, Caller, Passage
from ..chat.settings import ChatSettings
from ..chat.show import shown
from .golden_set import Case

CALLER = "application-evaluation"
"""Who asks, in the log of the model's invocations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """
    What came of one question.

    Attributes:
        case: The question.
        found: Passages, best first.
        answer: What a user would have seen; None where there was no answer.
        grounding: How grounded the guardrail takes the answer to be in the passages, 0 to 1; None where it did not say.
        milliseconds: Time from the search to the answer.
        fault: Why there was no answer.
    """

    case: Case
    found: tuple[Passage, ...] = ()
    answer: Answer | None = None
    grounding: float | None = None
    milliseconds: int = 0
    fault: str | None = None


class Asker:
    """
    Asks questions.

    Args:
        settings: Settings of the chat.
        runtime: Client of bedrock-runtime.
        agent_runtime: Client of bedrock-agent-runtime.
    """

    def __init__(self, settings: ChatSettings, *, runtime: Any, agent_runtime: Any) -> None:
        self._settings = settings
        self._runtime = runtime
        self._agent_runtime = agent_runtime

    def ask(self, case: Case) -> Asked:
        """
        Return what came of *case*; a call that failed raises, for the caller to count.

        Args:
            case: The question.
        """
        started = time.monotonic()
        search = bedrock.retrieve_request(self._settings, case.question, case.tenant)
        found = bedrock.passages(self._agent_runtime.retrieve(**search))
        caller = Caller(user=CALLER, tenant=case.tenant)
        request = bedrock.converse_request(self._settings, caller, question=case.question, found=found)
        response = self._runtime.converse(**request)
        answer = shown(self._settings, bedrock.completion(response), found, conversation_id="evaluation")
        return Asked(
            case=case,
            found=tuple(found),
            answer=answer,
            grounding=grounding(response.get("trace", {}).get("guardrail", {})),
            milliseconds=round((time.monotonic() - started) * 1000),
        )


def grounding(trace: Mapping[str, Any]) -> float | None:
    """
    Return the lowest grounding score in the trace of a guardrail, or None where it gave none.

    Args:
        trace: `trace.guardrail` of a Converse response.

    Example:
        >>> policy = {"filters": [{"type": "GROUNDING", "score": 0.9}, {"type": "RELEVANCE", "score": 0.4}]}
        >>> grounding({"outputAssessments": {"abc": [{"contextualGroundingPolicy": policy}]}})
        0.9
    """
    return min(_scores(trace), default=None)


def _scores(trace: Mapping[str, Any]) -> Iterator[float]:
    for several in trace.get("outputAssessments", {}).values():
        for assessment in several:
            for judged in assessment.get("contextualGroundingPolicy", {}).get("filters", ()):
                if judged.get("type") == "GROUNDING" and "score" in judged:
                    yield float(judged["score"])
