"""What the service stands on, and the ports through which it asks."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from .budget import Budgets
from .model import Completion, Passage
from .replay import Replays
from .settings import ChatSettings
from .table import Conversations

Tell = Callable[[str], None]
"""Is told the next piece of a text."""


class Answers(Protocol):
    """A model under its guardrail, wherever it runs."""

    def converse(
        self, request: Mapping[str, Any], seconds_left: Callable[[], float], tell: Tell | None = None
    ) -> Completion:
        """Return what the model makes of *request*, and meanwhile give *tell* each piece of it."""


class Model(Answers, Protocol):
    """The knowledge base and the model."""

    def retrieve(self, query: str, tenant: str | None) -> list[Passage]:
        """Return the passages nearest to *query* that *tenant* may read."""


class Models(Protocol):
    """Several models with names."""

    def among(self, names: Sequence[str]) -> Answers:
        """Return what asks one of *names*, and the next where it fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """
    What the service stands on.

    Attributes:
        settings: Settings of the function.
        model: The knowledge base and the model.
        models: The named models; None where the deployment has the one of *model*.
        conversations: Conversations of a user.
        replays: Answers to repeated requests.
        budgets: Tokens of the day.
        now: The time, UTC.
        new_id: Makes the id of a conversation.
    """

    settings: ChatSettings
    model: Model
    models: Models | None = None
    conversations: Conversations
    replays: Replays
    budgets: Budgets
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    new_id: Callable[[], str] = field(default=lambda: uuid.uuid4().hex)

    def among(self, names: Sequence[str]) -> Answers:
        """Return what asks one of *names*; without named models it is the one model."""
        return self.model if self.models is None else self.models.among(names)
