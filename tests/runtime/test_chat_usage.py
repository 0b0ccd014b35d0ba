"""The tokens of today are told as the budget counts them."""

from __future__ import annotations

from dataclasses import replace

from genai_layers.runtime.chat.budget import Budgets, accounts
from genai_layers.runtime.chat.model import Caller
from genai_layers.runtime.chat.store import Store
from tests.runtime.fakes import SETTINGS, Chat, Clock, event


def test_what_was_used_is_what_the_budget_counts() -> None:
    """Read and written tokens of today against the limit, and when they are all there again."""
    chat = Chat(user_tokens_per_day=10_000)
    chat.ask("How much leave?")

    status, body, _ = chat.send(event("GET /usage"))

    assert status == 200
    assert body == {
        "budgets": [{"of": "user", "tokens": 120, "tokens_per_day": 10_000}],
        "resets_at": "2026-11-26T00:00:00Z",
    }


def test_deleting_conversations_brings_no_tokens_back() -> None:
    """The count is the budget's own and not one of what is kept."""
    chat = Chat(user_tokens_per_day=10_000)
    chat.ask("How much leave?")
    chat.send(event("DELETE /conversations"))

    assert chat.send(event("GET /usage"))[1]["budgets"][0]["tokens"] == 120


def test_a_new_day_begins_with_none() -> None:
    """Days are those of UTC."""
    chat = Chat(user_tokens_per_day=10_000)
    chat.ask("How much leave?")
    chat.clock.forward(hours=12)

    body = chat.send(event("GET /usage"))[1]

    assert body["budgets"][0]["tokens"] == 0
    assert body["resets_at"] == "2026-11-27T00:00:00Z"


def test_a_user_sees_their_own_and_the_tenants() -> None:
    """Never another user's; a tenant's count is of all of its users."""
    chat = Chat(user_tokens_per_day=10_000, tenant_tokens_per_day=50_000, tenant_group_prefix="tenant:")
    for user in ("ada", "bob"):
        chat.ask("How much leave?", user=user, groups=["tenant:acme"])

    body = chat.send(event("GET /usage", user="bob", groups=["tenant:acme"]))[1]

    assert [(one["of"], one["tokens"]) for one in body["budgets"]] == [("user", 120), ("tenant", 240)]


def test_without_a_budget_there_is_nothing_to_tell() -> None:
    """Nothing is counted then."""
    chat = Chat()
    chat.ask("How much leave?")

    assert chat.send(event("GET /usage"))[1]["budgets"] == []


def test_a_table_tells_the_count(store: Store) -> None:
    """The same in memory and in DynamoDB."""
    clock = Clock()
    (account,) = accounts(replace(SETTINGS, user_tokens_per_day=1_000), Caller(user="ada"), clock())
    budgets = Budgets(store, now=clock)

    assert budgets.used(account) == 0
    budgets.reserve([account], 500)
    budgets.settle([account], -380)
    assert budgets.used(account) == 120
