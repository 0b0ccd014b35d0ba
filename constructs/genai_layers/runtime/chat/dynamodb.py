"""The table of conversations in DynamoDB: conditions that do not hold become values, not errors."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from .aws import client as make_client
from .aws import code_of, translated
from .errors import BusyError
from .store import Item

_BATCH = 25
"""Items of one BatchWriteItem (API reference)."""
_TRIES = 4
"""Times that a write is tried which collides with another, or which DynamoDB puts off."""

_PASSING = frozenset({"None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
"""Why a transaction is cancelled that would succeed a moment later."""


class DynamoDbStore:
    """
    One table.

    Args:
        table_name: Its name.
        client: DynamoDB client. Default: one of its own.
        sleep: Waits, in seconds.
    """

    def __init__(
        self, table_name: str, *, client: Any | None = None, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._name = table_name
        self._client = client or make_client("dynamodb", seconds=1, attempts=3)
        self._sleep = sleep

    def query(self, **request: Any) -> Mapping[str, Any]:
        """Return a page of items."""
        with translated("the table"):
            page: Mapping[str, Any] = self._client.query(TableName=self._name, **request)
            return page

    def update(self, **request: Any) -> bool:
        """Update an item; return whether its condition held."""
        return self._held(self._client.update_item, request)

    def delete(self, **request: Any) -> bool:
        """Delete an item; return whether its condition held."""
        return self._held(self._client.delete_item, request)

    def put_or_get(self, **request: Any) -> Item | None:
        """Put an item and return None, or return the one that is there where the condition does not hold."""
        with translated("the table"):
            try:
                self._client.put_item(TableName=self._name, ReturnValuesOnConditionCheckFailure="ALL_OLD", **request)
            except ClientError as error:
                if code_of(error) != "ConditionalCheckFailedException":
                    raise
                taken: Any = error.response.get("Item")
                return taken or self._item(request["Item"])
        return None

    def transact(self, writes: Sequence[Mapping[str, Any]]) -> int | None:
        """Write all of *writes* and return None, or none and return the index of one whose condition fails."""
        items = [{kind: {"TableName": self._name, **request} for kind, request in write.items()} for write in writes]
        for attempt in range(_TRIES):
            with translated("the table"):
                try:
                    self._client.transact_write_items(TransactItems=items)
                except ClientError as error:
                    codes = [reason.get("Code") for reason in error.response.get("CancellationReasons", ())]
                    if "ConditionalCheckFailed" in codes:
                        return codes.index("ConditionalCheckFailed")
                    if not codes or set(codes) - _PASSING:
                        raise
                else:
                    return None
            self._wait(attempt)
        raise BusyError("the conversation is being written to: try again", retry_after_seconds=2)

    def delete_all(self, keys: Sequence[Item]) -> None:
        """Delete the items with these keys, however many."""
        for start in range(0, len(keys), _BATCH):
            left = {self._name: [{"DeleteRequest": {"Key": one}} for one in keys[start : start + _BATCH]]}
            for attempt in range(_TRIES):
                with translated("the table"):
                    left = self._client.batch_write_item(RequestItems=left).get("UnprocessedItems", {})
                if not left:
                    break
                self._wait(attempt)
            else:
                raise BusyError("the table is busy: send the deletion again", retry_after_seconds=5)

    def _held(self, call: Callable[..., Any], request: Mapping[str, Any]) -> bool:
        with translated("the table"):
            try:
                call(TableName=self._name, **request)
            except ClientError as error:
                if code_of(error) != "ConditionalCheckFailedException":
                    raise
                return False
        return True

    def _item(self, item: Item) -> Item:
        """Return the item with the key of *item*; some stores do not return it with the failed condition."""
        response = self._client.get_item(
            TableName=self._name, Key={"pk": item["pk"], "sk": item["sk"]}, ConsistentRead=True
        )
        found: Item | None = response.get("Item")
        if found is None:
            raise BusyError("the request was given up a moment ago: send it again", retry_after_seconds=1)
        return found

    def _wait(self, attempt: int) -> None:
        self._sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311 -- jitter
