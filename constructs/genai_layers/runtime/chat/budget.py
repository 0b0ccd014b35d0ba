"""Tokens of the day: reserved before a model is called, so that many requests at once cannot overdraw them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from .errors import BudgetExhaustedError
from .model import Caller, Exchange
from .settings import ChatSettings
from .store import Store, key, number, text

CHARACTERS_PER_TOKEN = 4
"""Rule of thumb for English; the reservation is replaced by the true count afterwards."""

PASSAGE_TOKENS = 400
"""Tokens that a passage is reckoned to take: the knowledge base cuts documents at about 300 tokens."""


BUDGET = "budget#"

_KEPT_SECONDS = 3 * 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """
    A count of tokens with a limit.

    Attributes:
        name: Whose it is, in the words of the message: `user` or `tenant`.
        partition: Where the count lies.
        day: Day that it counts, as `2026-11-25`, UTC.
        limit: Tokens of the day.
    """

    name: str
    partition: str
    day: str
    limit: int


class Limits(Protocol):
    """Settings that say how many tokens a day has; None sets no limit."""

    @property
    def user_tokens_per_day(self) -> int | None:
        """Tokens of one user."""

    @property
    def tenant_tokens_per_day(self) -> int | None:
        """Tokens of all users of a tenant together."""


def accounts(settings: Limits, caller: Caller, now: datetime) -> list[Account]:
    """
    Return what a question of *caller* is charged to; none where the deployment sets no limit.

    Args:
        settings: Settings of the function.
        caller: Who asks.
        now: Time, UTC.
    """
    day = now.astimezone(UTC).date().isoformat()
    charged = []
    own = settings.user_tokens_per_day if caller.tokens_per_day is None else caller.tokens_per_day
    if own is not None:
        charged.append(Account(name="user", partition=caller.partition, day=day, limit=own))
    if settings.tenant_tokens_per_day is not None and caller.tenant is not None:
        charged.append(
            Account(name="tenant", partition=f"tenant#{caller.tenant}", day=day, limit=settings.tenant_tokens_per_day)
        )
    return charged


def estimate(settings: ChatSettings, *, texts: Sequence[str], history: Sequence[Exchange], max_tokens: int) -> int:
    """
    Return the tokens that an answer may take, in all.

    Args:
        settings: Settings of the function.
        texts: What the caller wrote.
        history: Earlier exchanges that the model is told.
        max_tokens: Longest answer.
    """
    characters = sum(len(text) for text in texts)
    characters += sum(len(exchange.question) + len(exchange.answer) for exchange in history)
    return tokens(characters) + settings.passages * PASSAGE_TOKENS + max_tokens


def tokens(characters: int) -> int:
    """Return the tokens that so many characters are reckoned to be."""
    return characters // CHARACTERS_PER_TOKEN + 1


def exhausted(account: Account, now: datetime) -> BudgetExhaustedError:
    """Return the refusal of a question that *account* has no tokens left for."""
    again = resets_at(now)
    return BudgetExhaustedError(
        f"the {account.name}'s {account.limit} tokens of the day are used up, or too few are left for an answer: "
        f"they are there again at {again:%Y-%m-%dT%H:%M:%SZ}",
        resets_at=again,
        now=now,
    )


def resets_at(now: datetime) -> datetime:
    """Return when the day of *now* ends, and all tokens are there again."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


class Budgets:
    """
    The counts of tokens.

    Args:
        store: The table.
        now: The time, UTC.
    """

    def __init__(self, store: Store, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store = store
        self._now = now

    def reserve(self, charged: Sequence[Account], tokens: int) -> None:
        """
        Take *tokens* from every account, or from none.

        Raises:
            BudgetExhaustedError: An account has too few left.
        """
        for index, account in enumerate(charged):
            if not self._take(account, tokens):
                self.settle(charged[:index], -tokens)
                raise exhausted(account, self._now())

    def used(self, account: Account) -> int:
        """Return the tokens that are taken of *account*, those of answers in the making among them."""
        page = self._store.query(
            KeyConditionExpression="pk = :pk AND sk = :prefix",
            ExpressionAttributeValues={":pk": text(account.partition), ":prefix": text(f"{BUDGET}{account.day}")},
            ConsistentRead=True,
        )
        return max(0, sum(int(item["tokens"]["N"]) for item in page["Items"]))

    def settle(self, charged: Sequence[Account], difference: int) -> None:
        """Correct what was reserved by *difference* tokens, below 0 to give some back."""
        for account in charged if difference else ():
            self._store.update(
                Key=key(account.partition, f"{BUDGET}{account.day}"),
                UpdateExpression="ADD tokens :tokens",
                ExpressionAttributeValues={":tokens": number(difference)},
            )

    def _take(self, account: Account, tokens: int) -> bool:
        if tokens > account.limit:
            return False
        return self._store.update(
            Key=key(account.partition, f"{BUDGET}{account.day}"),
            UpdateExpression="SET expires_at = :expires ADD tokens :tokens",
            ConditionExpression="attribute_not_exists(tokens) OR tokens <= :room",
            ExpressionAttributeValues={
                ":expires": number(int(self._now().timestamp()) + _KEPT_SECONDS),
                ":tokens": number(tokens),
                ":room": number(account.limit - tokens),
            },
        )
