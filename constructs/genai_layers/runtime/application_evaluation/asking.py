"""Asks one question the way the chat does: the same search, prompt, guardrail and cleaning; the border to Bedrock."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..chat import bedrock
from ..chat.model import Answer, Caller, Completion, Passage
from ..chat.ports import Answers
from ..chat.settings import ChatSettings
from ..chat.show import shown
from .golden_set import Case

CALLER = "application-evaluation"
"""Who asks, in the log of the model's invocations."""

PATIENCE_SECONDS = 300.0
"""As long as the chat itself would wait for one answer."""


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
        routed: The models of a chat that has several. Default: the one model of *settings*.
    """

    def __init__(
        self, settings: ChatSettings, *, runtime: Any, agent_runtime: Any, routed: Answers | None = None
    ) -> None:
        self._settings = settings
        self._runtime = runtime
        self._agent_runtime = agent_runtime
        self._routed = routed

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
        completion, score = self._answered(request)
        answer = shown(self._settings, completion, found, conversation_id="evaluation")
        took = round((time.monotonic() - started) * 1000)
        if self._routed is not None and not answer.is_stopped:
            score = self._judged(case, found, answer)
        return Asked(case=case, found=tuple(found), answer=answer, grounding=score, milliseconds=took)

    def _answered(self, request: Mapping[str, Any]) -> tuple[Completion, float | None]:
        if self._routed is not None:
            return self._routed.converse(request, lambda: PATIENCE_SECONDS), None
        response = self._runtime.converse(**request)
        return bedrock.completion(response), grounding(response.get("trace", {}).get("guardrail", {}))

    def _judged(self, case: Case, found: Sequence[Passage], answer: Answer) -> float | None:
        """Return the grounding score of an answer whose model is asked without the guardrail's own trace."""
        passages = "\n\n".join(passage.text for passage in found)
        texts = ((passages, ["grounding_source"]), (case.question, ["query"]), (answer.text, ["guard_content"]))
        judged = self._runtime.apply_guardrail(
            guardrailIdentifier=self._settings.guardrail_id,
            guardrailVersion=self._settings.guardrail_version,
            source="OUTPUT",
            content=[{"text": {"text": text, "qualifiers": kinds}} for text, kinds in texts if text],
        )
        return grounding({"outputAssessments": {"": judged.get("assessments", ())}})


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
