"""The table of conversations, in memory and in DynamoDB: the fake is held against the real semantics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from genai_layers.runtime.chat.budget import Account, Budgets
from genai_layers.runtime.chat.dynamodb import DynamoDbStore
from genai_layers.runtime.chat.errors import (
    BudgetExhaustedError,
    BusyError,
    ConflictError,
    KeyReusedError,
    NotFoundError,
)
from genai_layers.runtime.chat.model import Exchange, Passage, Usage
from genai_layers.runtime.chat.replay import Claim, Replays
from genai_layers.runtime.chat.store import Store, key
from genai_layers.runtime.chat.table import Conversations
from tests.runtime.fakes import Clock, MemoryStore

ID = "0" * 32


def _client() -> Any:
    return botocore.session.get_session().create_client(
        "dynamodb", region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )


@pytest.fixture(params=["memory", "dynamodb"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A table without items."""
    if request.param == "memory":
        yield MemoryStore()
        return
    with mock_aws():
        client = _client()
        client.create_table(
            TableName="conversations",
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        yield DynamoDbStore("conversations", client=client, sleep=lambda _: None)


def _exchange(at_ms: int = 1, *, usage: Usage | None = None) -> Exchange:
    return Exchange(
        at_ms=at_ms,
        question=f"question {at_ms}",
        answer="28 days [1].",
        citations=(Passage(text="Leave", source="s3://docs/leave.md", score=0.25),),
        usage=usage or Usage(input_tokens=10, output_tokens=2, usd=None),
        is_stopped=False,
    )


def test_an_exchange_comes_back_as_it_was_kept(store: Store) -> None:
    """With every field, the price to the last digit."""
    from decimal import Decimal

    table = Conversations(store, retention_days=1, now=Clock())
    exchange = _exchange(usage=Usage(input_tokens=1, output_tokens=2, usd=Decimal("0.00000006")))

    table.append("user#-#ada", ID, exchange, is_new=True)

    assert table.exchanges("user#-#ada", ID, limit=5) == ([exchange], None)


def test_exchanges_come_in_pages_from_the_latest(store: Store) -> None:
    """Each exchange once, and the pages end."""
    table = Conversations(store, retention_days=1, now=Clock())
    for at_ms in range(1, 8):
        table.append("user#-#ada", ID, _exchange(at_ms), is_new=at_ms == 1)

    pages, before = [], None
    while True:
        page, before = table.exchanges("user#-#ada", ID, limit=3, before=before)
        pages.append([exchange.at_ms for exchange in page])
        if before is None:
            break

    assert [one for page in reversed(pages) for one in page] == list(range(1, 8))


def test_two_answers_of_the_same_millisecond_are_both_kept(store: Store) -> None:
    """Neither is lost and none is doubled."""
    table = Conversations(store, retention_days=1, now=Clock())
    table.append("user#-#ada", ID, _exchange(5), is_new=True)
    table.append("user#-#ada", ID, _exchange(5), is_new=False)

    assert len(table.exchanges("user#-#ada", ID, limit=5)[0]) == 2
    assert table.all("user#-#ada")[0][0].exchanges == 2


def test_an_answer_to_a_deleted_conversation_is_dropped(store: Store) -> None:
    """Deleting wins over an answer in the making."""
    table = Conversations(store, retention_days=1, now=Clock())
    table.append("user#-#ada", ID, _exchange(1), is_new=True)
    table.delete("user#-#ada", ID)

    with pytest.raises(NotFoundError, match="was deleted while the answer was made"):
        table.append("user#-#ada", ID, _exchange(2), is_new=False)

    assert table.exchanges("user#-#ada", ID, limit=5) == ([], None)


def test_deleting_takes_more_items_than_one_batch(store: Store) -> None:
    """Thirty exchanges are two batches of DynamoDB."""
    table = Conversations(store, retention_days=1, now=Clock())
    for at_ms in range(30):
        table.append("user#-#ada", ID, _exchange(at_ms), is_new=at_ms == 0)
    table.append("user#-#ada", "1" * 32, _exchange(1), is_new=True)

    assert table.delete("user#-#ada", ID) is True
    assert table.delete("user#-#ada", ID) is False
    assert [one.id for one in table.all("user#-#ada")[0]] == ["1" * 32]


def test_a_very_long_conversation_is_deleted_in_several_goes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each says that more is left, the last one not; what is left is out of reach meanwhile."""
    from genai_layers.runtime.chat import table as module

    monkeypatch.setattr(module, "_DELETED_AT_ONCE", 2)
    table = Conversations(store, retention_days=1, now=Clock())
    for at_ms in range(3):
        table.append("user#-#ada", ID, _exchange(at_ms), is_new=at_ms == 0)

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
    table.append("user#-#ada", ID, _exchange(1), is_new=True, completion=replays.completion("user#-#ada", claim, "{}"))

    assert table.delete_everything("user#-#ada") == (3, True)

    assert isinstance(replays.claim("user#-#ada", "k", "f"), Claim)
    with pytest.raises(BudgetExhaustedError):
        budgets.reserve([account], 20)


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
            "user#-#ada", ID, _exchange(1), is_new=True, completion=replays.completion("user#-#ada", lost, "{}")
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


def _stubbed() -> tuple[DynamoDbStore, Stubber]:
    client = _client()
    stub = Stubber(client)
    stub.activate()
    return DynamoDbStore("conversations", client=client, sleep=lambda _: None), stub


def _cancelled(*codes: str) -> dict[str, Any]:
    return {"CancellationReasons": [{"Code": code} for code in codes]}


def test_writes_that_collide_are_tried_again() -> None:
    """Two questions in one conversation at a time are both kept."""
    store, stub = _stubbed()
    for _ in range(2):
        stub.add_client_error(
            "transact_write_items",
            "TransactionCanceledException",
            modeled_fields=_cancelled("TransactionConflict", "None"),
        )
    stub.add_response("transact_write_items", {})

    assert store.transact([{"Put": {"Item": key("a", "b")}}]) is None
    stub.assert_no_pending_responses()


def test_writes_that_go_on_colliding_are_given_up() -> None:
    """The caller is told to come back."""
    store, stub = _stubbed()
    for _ in range(4):
        stub.add_client_error(
            "transact_write_items",
            "TransactionCanceledException",
            modeled_fields=_cancelled("ThrottlingError"),
        )

    with pytest.raises(BusyError):
        store.transact([{"Put": {"Item": key("a", "b")}}])


def test_a_batch_that_was_done_in_part_is_finished() -> None:
    """DynamoDB may put some of a batch off."""
    store, stub = _stubbed()
    left = {"conversations": [{"DeleteRequest": {"Key": key("a", "b")}}]}
    stub.add_response("batch_write_item", {"UnprocessedItems": left})
    stub.add_response("batch_write_item", {}, {"RequestItems": left})

    store.delete_all([key("a", "b"), key("a", "c")])

    stub.assert_no_pending_responses()


def test_a_claim_is_read_where_the_failed_condition_does_not_return_it() -> None:
    """Not every store returns the item with the error."""
    store, stub = _stubbed()
    stub.add_client_error("put_item", "ConditionalCheckFailedException", http_status_code=400)
    item = {**key("a", "b"), "fingerprint": {"S": "f"}}
    stub.add_response("get_item", {"Item": item})

    assert store.put_or_get(Item=key("a", "b"), ConditionExpression="attribute_not_exists(pk)") == item
