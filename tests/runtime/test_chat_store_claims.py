"""Claims and counts in the table, in memory and in DynamoDB."""

from __future__ import annotations

import pytest

from genai_layers.runtime.chat.budget import Account, Budgets
from genai_layers.runtime.chat.errors import BudgetExhaustedError, ConflictError, KeyReusedError
from genai_layers.runtime.chat.replay import Claim, Replays
from genai_layers.runtime.chat.store import Store
from genai_layers.runtime.chat.table import Conversations
from tests.runtime.fakes import Clock
from tests.runtime.tables import ID, exchange


def test_a_claimed_request_is_answered_once(store: Store) -> None:
    """First the claim, then the wait, then the kept answer."""
    replays = Replays(store, now=Clock())
    claim = replays.claim("user#-#ada", "k", "f")
    assert isinstance(claim, Claim)

    with pytest.raises(ConflictError, match="is being answered"):
        replays.claim("user#-#ada", "k", "f")
    replays.complete("user#-#ada", claim, '{"answer":"x"}')

    assert replays.claim("user#-#ada", "k", "f") == '{"answer":"x"}'
    assert isinstance(replays.claim("user#-#eve", "k", "f"), Claim)


def test_a_key_belongs_to_one_request(store: Store) -> None:
    """Another question under the same key is a mistake of the caller."""
    replays = Replays(store, now=Clock())
    replays.claim("user#-#ada", "k", "one")

    with pytest.raises(KeyReusedError):
        replays.claim("user#-#ada", "k", "two")


def test_a_claim_that_was_given_up_or_forgotten_can_be_taken(store: Store) -> None:
    """A failed request can be sent again at once; one whose function died, a minute later."""
    clock = Clock()
    replays = Replays(store, now=clock)
    first = replays.claim("user#-#ada", "k", "f")
    assert isinstance(first, Claim)
    replays.release("user#-#ada", first)
    second = replays.claim("user#-#ada", "k", "f")
    assert isinstance(second, Claim)
    clock.forward(seconds=61)
    third = replays.claim("user#-#ada", "k", "f")
    assert isinstance(third, Claim)

    replays.release("user#-#ada", second)  # its owner wakes up: the claim is no longer its own

    with pytest.raises(ConflictError):
        replays.claim("user#-#ada", "k", "f")


def test_an_answer_under_a_lost_claim_is_not_kept_twice(store: Store) -> None:
    """The exchange and the kept answer are written together or not at all."""
    clock = Clock()
    table, replays = Conversations(store, retention_days=1, now=clock), Replays(store, now=clock)
    lost = replays.claim("user#-#ada", "k", "f")
    assert isinstance(lost, Claim)
    clock.forward(seconds=61)
    replays.claim("user#-#ada", "k", "f")

    with pytest.raises(ConflictError):
        table.append(
            "user#-#ada", ID, exchange(1), is_new=True, completion=replays.completion("user#-#ada", lost, "{}")
        )

    assert table.exchanges("user#-#ada", ID, limit=5) == ([], None)
    assert table.all("user#-#ada") == ([], None)


def test_a_budget_is_taken_from_every_account_or_from_none(store: Store) -> None:
    """A tenant without tokens does not cost its users theirs."""
    budgets = Budgets(store, now=Clock())
    user = Account(name="user", partition="user#t#ada", day="2026-11-25", limit=100)
    tenant = Account(name="tenant", partition="tenant#t", day="2026-11-25", limit=120)
    budgets.reserve([user, tenant], 80)

    with pytest.raises(BudgetExhaustedError, match="the tenant's 120 tokens"):
        budgets.reserve([Account(name="user", partition="user#t#eve", day="2026-11-25", limit=100), tenant], 60)

    budgets.settle([user, tenant], -60)
    budgets.reserve([Account(name="user", partition="user#t#eve", day="2026-11-25", limit=100), tenant], 100)
