"""One prompt to several models at the same time, each told as it answers."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ..assist import asking
from ..assist.asking import Ports
from ..assist.settings import ModelChoice
from ..chat import budget, metrics
from ..chat.errors import ChatError
from ..chat.events import event
from ..chat.model import Answer, Caller, Completion, Stop, Usage
from ..chat.prompt import without_tags
from ..chat.service import Tell
from ..chat.shape import dumps, error_body, usage_body
from ..shared import log
from .prompt import Trial

_OURS = "something went wrong on our side: try again, or report the request id"


class NobodyAnsweredError(Exception):
    """No model answered, so there is nothing to keep for a repeated request; each failure was told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """
    What came of one model.

    Attributes:
        told: The event that says so.
        answer: Its answer; None where there is none.
        completion: What it took.
    """

    told: str
    answer: Answer | None = None
    completion: Completion | None = None


def run(
    ports: Ports, caller: Caller, trial: Trial, *, request_id: str, seconds_left: Callable[[], float], tell: Tell
) -> tuple[str, Answer]:
    """
    Ask every model of *trial* and tell what they say; return the events of their ends, and the answers as one.

    Args:
        ports: What the playground stands on.
        caller: Who tries.
        trial: What is tried.
        request_id: Lambda's name for the invocation.
        seconds_left: Time until the function is stopped.
        tell: Is told each event.

    Raises:
        BudgetExhaustedError: The caller has too few tokens left for all of them.
        NobodyAnsweredError: Every model failed, and that was told.
    """
    characters = len(trial.prompt) + len(trial.system)
    reserved = len(trial.models) * (budget.tokens(characters) + trial.max_tokens)
    with asking.charged(ports, caller, reserved) as meter:

        def one(index: int, choice: ModelChoice) -> Outcome:
            outcome = _outcome(ports, caller, trial, index, choice, request_id, seconds_left, tell)
            tell(outcome.told)
            return outcome

        with ThreadPoolExecutor(max_workers=len(trial.models), thread_name_prefix="model") as together:
            outcomes = list(together.map(one, range(len(trial.models)), trial.models))
        for outcome in outcomes:
            if outcome.completion is not None:
                meter.add(outcome.completion, characters)
    answers = [outcome.answer for outcome in outcomes if outcome.answer is not None]
    if not answers:
        raise NobodyAnsweredError
    return "".join(outcome.told for outcome in outcomes), _together(answers)


def _outcome(
    ports: Ports,
    caller: Caller,
    trial: Trial,
    index: int,
    choice: ModelChoice,
    request_id: str,
    seconds_left: Callable[[], float],
    tell: Tell,
) -> Outcome:
    started = time.monotonic()
    first: list[int] = []

    def milliseconds() -> int:
        return round((time.monotonic() - started) * 1000)

    def piece(text: str) -> None:
        if not first:
            first.append(milliseconds())
        tell(event(dumps({"model": index, "text": text}), "piece").decode())

    completion: Completion | None = None
    try:
        completion = ports.model.converse(
            _request(ports, caller, trial, choice), seconds_left, asking.drafting(ports.settings, "", piece)
        )
        answer = asking.shown(ports.settings, choice, completion, secret="", id=uuid.uuid4().hex)
    except ChatError as error:
        metrics.refused(error.code)
        return Outcome(told=_failed(index, error, request_id), completion=completion)
    except Exception as error:  # noqa: BLE001 -- the border of one model: the other one goes on
        log.failure("model_failed", error, request_id=request_id, model=choice.id)
        failure = ChatError(_OURS)
        metrics.refused(failure.code)
        return Outcome(told=_failed(index, failure, request_id), completion=completion)
    total = milliseconds()
    body = {
        "model": index,
        "model_id": choice.id,
        "text": answer.text,
        "usage": usage_body(answer.usage),
        "first_words_ms": first[0] if first else total,
        "total_ms": total,
        "stop_reason": answer.stop.value,
        "stopped_by_guardrail": answer.is_stopped,
    }
    return Outcome(told=event(dumps(body), "answer").decode(), answer=answer, completion=completion)


def _request(ports: Ports, caller: Caller, trial: Trial, choice: ModelChoice) -> dict[str, Any]:
    # Both are the caller's words, so the guardrail judges both.
    system = [asking.from_the_caller(trial.system)] if trial.system else []
    return asking.request(
        ports.settings,
        caller,
        choice.id,
        system=system,
        messages=[{"role": "user", "content": [asking.from_the_caller(without_tags(trial.prompt))]}],
        inference=trial.inference,
    )


def _failed(index: int, error: ChatError, request_id: str) -> str:
    return event(dumps({"model": index, "error": error_body(error, request_id)}), "error").decode()


def _together(answers: Sequence[Answer]) -> Answer:
    """Return *answers* as one, for the log and the metrics."""
    prices = [one.usage.usd for one in answers]
    return replace(
        answers[0],
        usage=Usage(
            input_tokens=sum(one.usage.input_tokens for one in answers),
            output_tokens=sum(one.usage.output_tokens for one in answers),
            usd=sum((one for one in prices if one is not None), Decimal(0)) if None not in prices else None,
        ),
        stop=next((one.stop for one in answers if one.is_stopped), Stop.ANSWERED),
        interventions=tuple(sorted({each for one in answers for each in one.interventions})),
        sanitized=sum(one.sanitized for one in answers),
    )
