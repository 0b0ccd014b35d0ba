"""The words of the chat: who asks, what is asked, what was found, what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

MAX_QUESTION_CHARACTERS = 8_000
"""Longest question; a text unit of a guardrail is 1,000 characters, so this is eight of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """
    Who asks, as the token says and the request cannot.

    Attributes:
        user: Subject of the token, stable for the life of the account.
        tenant: Tenant of the user; None where the deployment has none.
        groups: Groups of the user.
        tokens_per_day: Tokens of a day that this caller has in place of those of a user; None for those of a user.
    """

    user: str
    tenant: str | None = None
    groups: tuple[str, ...] = ()
    tokens_per_day: int | None = None

    @property
    def partition(self) -> str:
        """Where the user's data lies; another user, or the same one in another tenant, has another."""
        return f"user#{self.tenant or '-'}#{self.user}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """
    What a user asks.

    Attributes:
        text: The question, without space around it.
        conversation_id: Conversation that it continues; None begins one.
        model: Name of the model that is to answer; None leaves the choice to us.
        idempotency_key: The caller's name for this request, so that it is answered once.
        fingerprint: Hash of everything else that the request says.
    """

    text: str
    conversation_id: str | None = None
    model: str | None = None
    idempotency_key: str | None = None
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """
    A piece of a document.

    Attributes:
        text: The piece.
        source: Address of the document.
        score: How near it is to the question, as the store scores it; higher is nearer.
    """

    text: str
    source: str
    score: float


class Stop(Enum):
    """Why an answer ended."""

    ANSWERED = "answered"
    LENGTH = "length"
    GUARDRAIL = "guardrail"
    LEAK = "instructions_withheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """
    What the model and the guardrail made of a prompt.

    Attributes:
        text: The model's words; the guardrail's message where it blocked them.
        stop: Why it ended.
        input_tokens: Tokens read.
        output_tokens: Tokens written.
        interventions: Policies of the guardrail that acted, as `contentPolicy:BLOCKED`.
        model: Name of the model that answered; empty where the deployment has one.
        fallbacks: Tries that failed before it.
    """

    text: str
    stop: Stop
    input_tokens: int
    output_tokens: int
    interventions: tuple[str, ...] = ()
    model: str = ""
    fallbacks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """
    What an answer took.

    Attributes:
        input_tokens: Tokens read.
        output_tokens: Tokens written.
        usd: Price of both at the prices of the deployment; None where it has none.
    """

    input_tokens: int
    output_tokens: int
    usd: Decimal | None


class Rating(Enum):
    """What a person thinks of an answer."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """
    What a person says of an answer.

    Attributes:
        rating: Whether it was of use.
        comment: Why; empty where nothing was written.
    """

    rating: Rating
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """
    What goes back to the user.

    Attributes:
        conversation_id: Conversation that it belongs to.
        text: The answer, safe to render.
        citations: Passages that it cites; the mark `[1]` in the text means the first.
        usage: What it took.
        stop: Why it ended.
        interventions: Policies of the guardrail that acted.
        sanitized: Links, images and the like that were taken out.
        model: Name of the model that answered.
        fallbacks: Tries that failed before it.
        at_ms: When it was kept, milliseconds since 1970, which names it in its conversation; 0 where it is not kept.
    """

    conversation_id: str
    text: str
    citations: tuple[Passage, ...]
    usage: Usage
    stop: Stop
    interventions: tuple[str, ...] = ()
    sanitized: int = 0
    model: str = ""
    fallbacks: int = 0
    at_ms: int = 0

    @property
    def is_stopped(self) -> bool:
        """Whether *text* is a message in place of an answer."""
        return self.stop in (Stop.GUARDRAIL, Stop.LEAK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """
    A question and its answer, as they are kept.

    Attributes:
        at_ms: When it was answered, milliseconds since 1970.
        question: The question; empty where the answer was stopped, so that an attack is not kept.
        answer: The answer, or the message in its place.
        citations: Passages that the answer cites.
        usage: What it took.
        is_stopped: Whether it is left out of what a model is told later.
        feedback: What its user says of the answer; None where nothing was said.
    """

    at_ms: int
    question: str
    answer: str
    citations: tuple[Passage, ...]
    usage: Usage
    is_stopped: bool
    feedback: Feedback | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """
    A conversation in a list of them.

    Attributes:
        id: Its id.
        updated_at_ms: When it was last answered in, milliseconds since 1970.
        exchanges: Questions answered so far.
    """

    id: str
    updated_at_ms: int
    exchanges: int
