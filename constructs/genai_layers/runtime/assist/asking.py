"""Asking a model: charged to the caller, under the guardrail, and shown only as it may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from ..chat import bedrock, budget, leak, output
from ..chat.budget import Budgets
from ..chat.draft import SafeDraft
from ..chat.errors import UpstreamError
from ..chat.model import Answer, Caller, Completion, Stop
from ..chat.price import usage
from ..chat.prompt import without_tags
from ..chat.replay import Replays
from ..chat.service import Tell
from ..chat.show import BLOCKED, WITHHELD
from .settings import AssistSettings, ModelChoice


class Model(Protocol):
    """What answers."""

    def converse(
        self, request: Mapping[str, Any], seconds_left: Callable[[], float], tell: Tell | None = None
    ) -> Completion:
        """Return what the model makes of *request*, and meanwhile give *tell* each piece of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """
    What an application stands on.

    Attributes:
        settings: Its settings.
        model: Answers.
        replays: Answers to repeated requests.
        budgets: Tokens of the day.
        now: The time, UTC.
    """

    settings: AssistSettings
    model: Model
    replays: Replays
    budgets: Budgets
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))


@dataclass(slots=True)
class Meter:
    """Tokens that a request took so far."""

    used: int = 0

    def add(self, completion: Completion, characters: int) -> None:
        """Count *completion*; what the guardrail stopped took no tokens, but it was judged, and that costs too."""
        self.used += max(completion.input_tokens + completion.output_tokens, budget.tokens(characters))


class Charging(Protocol):
    """What keeps the tokens of the day."""

    @property
    def settings(self) -> budget.Limits:
        """Tokens that a day has."""

    @property
    def budgets(self) -> Budgets:
        """Tokens that are taken."""

    @property
    def now(self) -> Callable[[], datetime]:
        """The time, UTC."""


@contextmanager
def charged(ports: Charging, caller: Caller, reserved: int) -> Iterator[Meter]:
    """
    Reserve tokens for what is done within, and charge those that the meter counts; none where it fails.

    Args:
        ports: What the application stands on.
        caller: Who pays.
        reserved: Tokens that it may take at most.

    Raises:
        BudgetExhaustedError: Too few are left.
    """
    accounts = budget.accounts(ports.settings, caller, ports.now())
    ports.budgets.reserve(accounts, reserved)
    meter = Meter()
    try:
        yield meter
    finally:
        ports.budgets.settle(accounts, meter.used - reserved)


def request(
    settings: AssistSettings,
    caller: Caller,
    model_id: str,
    *,
    system: Sequence[Mapping[str, Any]],
    messages: Sequence[Mapping[str, Any]],
    inference: Mapping[str, float | int],
) -> dict[str, Any]:
    """
    Return the request for an answer under the guardrail.

    Args:
        settings: Settings of the application.
        caller: Who asks; kept in Bedrock's invocation log as request metadata.
        model_id: Who answers.
        system: Blocks of the system prompt.
        messages: What was said.
        inference: Longest answer, and how it is drawn.
    """
    return {
        "modelId": model_id,
        **({"system": list(system)} if system else {}),
        "messages": list(messages),
        "inferenceConfig": dict(inference),
        "guardrailConfig": bedrock.guardrail_config(settings.guardrail_id, settings.guardrail_version),
        "requestMetadata": bedrock.request_metadata(caller),
    }


def from_the_caller(text: str) -> dict[str, Any]:
    """Return *text* as a block that the guardrail judges whole, without what no reader would see."""
    return bedrock.guarded(without_tags(text), "guard_content")


def _same(text: str) -> str:
    return text


def drafting(
    settings: AssistSettings, secret: str, tell: Tell, *, also: Callable[[str], str] = _same
) -> Callable[[str], None]:
    """
    Return what is told a model's words, and tells on what of them may be shown.

    Args:
        settings: Settings of the application.
        secret: Instructions that must not be shown.
        tell: Is told each piece.
        also: Cleans further. Default: nothing.
    """
    return SafeDraft(secret, lambda text: also(output.sanitize(text, hosts=settings.link_hosts).text), tell).add


def shown(
    settings: AssistSettings,
    choice: ModelChoice,
    completion: Completion,
    *,
    secret: str,
    id: str,
    also: Callable[[str], str] = _same,
) -> Answer:
    """
    Return the answer in *completion*, safe to show.

    Args:
        settings: Settings of the application.
        choice: Who wrote it.
        completion: What the model and the guardrail made of the prompt.
        secret: Instructions that must not be shown; empty where there are none.
        id: What the log calls the answer.
        also: Cleans further. Default: nothing.

    Raises:
        UpstreamError: The model wrote nothing.
    """
    text, stop, removed = completion.text, completion.stop, 0
    if stop is Stop.GUARDRAIL:
        text = text or BLOCKED
    elif secret and leak.repeats(text, secret):
        text, stop = WITHHELD, Stop.LEAK
    else:
        safe = output.sanitize(text, hosts=settings.link_hosts)
        text, removed = also(safe.text), safe.removed
        if not text:
            raise UpstreamError("the model gave no answer: ask again")
    return Answer(
        conversation_id=id,
        text=text,
        citations=(),
        usage=usage(
            completion.input_tokens,
            completion.output_tokens,
            input_usd_per_million=choice.input_usd_per_million,
            output_usd_per_million=choice.output_usd_per_million,
        ),
        stop=stop,
        interventions=completion.interventions,
        sanitized=removed,
    )
