"""What DynamoDB puts off or refuses for a moment is tried again, and given up in the end."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.stub import Stubber

from genai_layers.runtime.chat.dynamodb import DynamoDbStore
from genai_layers.runtime.chat.errors import BusyError
from genai_layers.runtime.chat.store import key
from tests.runtime.tables import client


def _stubbed() -> tuple[DynamoDbStore, Stubber]:
    made = client()
    stub = Stubber(made)
    stub.activate()
    return DynamoDbStore("conversations", client=made, sleep=lambda _: None), stub


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
