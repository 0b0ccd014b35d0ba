"""What is counted, and what of an answer goes into the log."""

from __future__ import annotations

from ..shared import log
from ..shared.env import Environment
from ..shared.log import Unit
from .model import Answer, Rating, Stop

NAMESPACE = "GenAiLayers/Chat"
"""Namespace of the metrics; the construct's alarms look there."""


def answered(answer: Answer) -> None:
    """Count an answer."""
    usage = answer.usage
    _count(
        {
            "Answers": (Unit.COUNT, 1),
            "InputTokens": (Unit.COUNT, usage.input_tokens),
            "OutputTokens": (Unit.COUNT, usage.output_tokens),
            "Usd": (Unit.NONE, float(usage.usd or 0)),
            "GuardrailInterventions": (Unit.COUNT, int(answer.stop is Stop.GUARDRAIL or bool(answer.interventions))),
            "InstructionsWithheld": (Unit.COUNT, int(answer.stop is Stop.LEAK)),
            "SanitizedAnswers": (Unit.COUNT, int(answer.sanitized > 0)),
            "UncitedAnswers": (Unit.COUNT, int(not answer.is_stopped and not answer.citations)),
        }
    )


def first_words(milliseconds: int) -> None:
    """Count the wait for the first words of an answer that is told piece by piece."""
    _count({"TimeToFirstWords": (Unit.MILLISECONDS, milliseconds)})


def rated(rating: Rating) -> None:
    """Count what a person says of an answer."""
    _count({"FeedbackUp" if rating is Rating.UP else "FeedbackDown": (Unit.COUNT, 1)})


def fell_back() -> None:
    """Count a try after one that failed."""
    _count({"Fallbacks": (Unit.COUNT, 1)})


def breaker_opened() -> None:
    """Count a model that is left alone from now on."""
    _count({"BreakersOpened": (Unit.COUNT, 1)})


def refused(code: str) -> None:
    """Count a request that got no answer, by its code."""
    _count({"".join(word.capitalize() for word in code.split("_")): (Unit.COUNT, 1)})


def fields(answer: Answer) -> dict[str, log.Value]:
    """Return what the log says of *answer*: numbers and names, no text."""
    usage = answer.usage
    return {
        "conversation_id": answer.conversation_id,
        "citations": len(answer.citations),
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "usd": None if usage.usd is None else float(usage.usd),
        "stop": answer.stop.value,
        "interventions": answer.interventions,
        "sanitized": answer.sanitized,
        "model": answer.model[: log.LONGEST_VALUE],
        "fallbacks": answer.fallbacks,
    }


def _count(values: dict[str, tuple[Unit, int | float]]) -> None:
    function_name = Environment().optional("AWS_LAMBDA_FUNCTION_NAME") or "local"
    log.metrics(NAMESPACE, {"FunctionName": function_name}, values)
