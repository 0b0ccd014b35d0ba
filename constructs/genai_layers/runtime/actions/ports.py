"""What the agent stands on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from ..assist.settings import AssistSettings
from ..chat.budget import Budgets
from ..chat.model import Completion
from ..chat.replay import Replays
from ..chat.store import Store
from .tools import Tool


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """
    What a model made of the conversation so far.

    Attributes:
        completion: Its words, and what they took.
        message: The message as Converse gave it, to be said back.
        wants: Uses of tools that it asks for, as Converse has them.
    """

    completion: Completion
    message: Mapping[str, Any]
    wants: tuple[Mapping[str, Any], ...] = ()


class Model(Protocol):
    """What decides."""

    def turn(self, request: Mapping[str, Any], seconds_left: Callable[[], float]) -> Turn:
        """Return what the model makes of *request*."""

    def judged(self, text: str) -> str | None:
        """Return *text* as the guardrail lets it through, masked where it masks; None where it blocks."""


class Hands(Protocol):
    """What does things."""

    def use(self, function: str, order: Mapping[str, Any]) -> tuple[str, bool]:
        """Return what the function of a tool answers, as JSON, and whether it did what it was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSettings(AssistSettings):
    """
    Settings of the agent.

    Attributes:
        tools: What it may have done.
        max_turns: How often the model is asked for one task.
        approval_seconds: How long an approval is waited for.
        instructions: What the operator adds to the instructions.
    """

    tools: tuple[Tool, ...] = ()
    max_turns: int = 6
    approval_seconds: int = 600
    instructions: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPorts:
    """
    What the agent stands on.

    Attributes:
        settings: Its settings.
        model: Decides.
        hands: Does things.
        store: Keeps what waits for an approval.
        replays: Answers to repeated requests.
        budgets: Tokens of the day.
        now: The time, UTC.
    """

    settings: AgentSettings
    model: Model
    hands: Hands
    store: Store
    replays: Replays
    budgets: Budgets
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
