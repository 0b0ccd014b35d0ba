"""The table of conversations, in memory and in DynamoDB: the fake is held against the real semantics."""

from __future__ import annotations

from decimal import Decimal

import pytest

from genai_layers.runtime.chat.budget import Account, Budgets
from genai_layers.runtime.chat.errors import (
    BudgetExhaustedError,
    BusyError,
    NotFoundError,
)
from genai_layers.runtime.chat.model import Usage
from genai_layers.runtime.chat.replay import Claim, Replays
from genai_layers.runtime.chat.store import Store
from genai_layers.runtime.chat.table import Conversations
from tests.runtime.fakes import Clock
from tests.runtime.tables import ID, exchange


def test_an_exchange_comes_back_as_it_was_kept(store: Store) -> None:
    """With every field, the price to the last digit."""
    table = Conversations(store, retention_days=1, now=Clock())
    kept = exchange(usage=Usage(input_tokens=1, output_tokens=2, usd=Decimal("0.00000006")))

    table.append("user#-#ada", ID, kept, is_new=True)

    assert table.exchanges("user#-#ada", ID, limit=5) == ([kept], None)


def test_exchanges_come_in_pages_from_the_latest(store: Store) -> None:
    """Each exchange once, and the pages end."""
    table = Conversations(store, retention_days=1, now=Clock())
    for at_ms in range(1, 8):
        table.append("user#-#ada", ID, exchange(at_ms), is_new=at_ms == 1)

    pages, before = [], None
    while True:
        page, before = table.exchanges("user#-#ada", ID, limit=3, before=before)
        pages.append([one.at_ms for one in page])
        if before is None:
            break

    assert [one for page in reversed(pages) for one in page] == list(range(1, 8))


def test_two_answers_of_the_same_millisecond_are_both_kept(store: Store) -> None:
    """Neither is lost and none is doubled."""
    table = Conversations(store, retention_days=1, now=Clock())
    table.append("user#-#ada", ID, exchange(5), is_new=True)
    table.append("user#-#ada", ID, exchange(5), is_new=False)

    assert len(table.exchanges("user#-#ada", ID, limit=5)[0]) == 2
    assert table.all("user#-#ada")[0][0].exchanges == 2


def test_an_answer_to_a_deleted_conversation_is_dropped(store: Store) -> None:
    """Deleting wins over an answer in the making."""
    table = Conversations(store, retention_days=1, now=Clock())
    table.append("user#-#ada", ID, exchange(1), is_new=True)
    table.delete("user#-#ada", ID)

    with pytest.raises(NotFoundError, match="was deleted while the answer was made"):
        table.append("user#-#ada", ID, exchange(2), is_new=False)

    assert table.exchanges("user#-#ada", ID, limit=5) == ([], None)


def test_deleting_takes_more_items_than_one_batch(store: Store) -> None:
    """Thirty exchanges are two batches of DynamoDB."""
    table = Conversations(store, retention_days=1, now=Clock())
    for at_ms in range(30):
        table.append("user#-#ada", ID, exchange(at_ms), is_new=at_ms == 0)
    table.append("user#-#ada", "1" * 32, exchange(1), is_new=True)

    assert table.delete("user#-#ada", ID) is True
    assert table.delete("user#-#ada", ID) is False
    assert [one.id for one in table.all("user#-#ada")[0]] == ["1" * 32]


def test_a_very_long_conversation_is_deleted_in_several_goes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each says that more is left, the last one not; what is left is out of reach meanwhile."""
    from genai_layers.runtime.chat import table as module

    monkeypatch.setattr(module, "_DELETED_AT_ONCE", 2)
    table = Conversations(store, retention_days=1, now=Clock())
    for at_ms in range(3):
        table.append("user#-#ada", ID, exchange(at_ms), is_new=at_ms == 0)

    with pytest.raises(BusyError, match="part of it is left"):
        table.delete("user#-#ada", ID)

    assert table.delete("user#-#ada", ID) is True
    assert table.exchanges("user#-#ada", ID, limit=5) == ([], None)


def test_deleting_everything_keeps_the_tokens_of_the_day(store: Store) -> None:
    """Nobody gets a new budget by deleting their data; kept answers go with the rest."""
    clock = Clock()
    table, replays, budgets = Conversations(store, retention_days=1, now=clock), Replays(store), Budgets(store)
    account = Account(name="user", partition="user#-#ada", day="2026-11-25", limit=100)
    budgets.reserve([account], 90)
    claim = replays.claim("user#-#ada", "k", "f")
    assert isinstance(claim, Claim)
    table.append("user#-#ada", ID, exchange(1), is_new=True, completion=replays.completion("user#-#ada", claim, "{}"))

    assert table.delete_everything("user#-#ada") == (3, True)

    assert isinstance(replays.claim("user#-#ada", "k", "f"), Claim)
    with pytest.raises(BudgetExhaustedError):
        budgets.reserve([account], 20)
