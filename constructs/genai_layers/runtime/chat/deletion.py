"""Deleting items of one partition, page by page, so that no number of them is too many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .store import Item, Store, text


def delete_prefix(store: Store, partition: str, prefix: str, *, most: int) -> tuple[int, bool]:
    """
    Delete the items of a partition whose sort key begins with *prefix*.

    Args:
        store: The table.
        partition: Partition.
        prefix: Empty deletes all of the partition.
        most: Items at most.

    Returns:
        Items deleted, and whether none is left.
    """
    deleted = 0
    for page in _pages(store, partition, prefix):
        keys = page[: most - deleted]
        store.delete_all(keys)
        deleted += len(keys)
        if len(keys) < len(page):
            return deleted, False
    return deleted, True


def _pages(store: Store, partition: str, prefix: str) -> Iterator[list[Item]]:
    condition, values = "pk = :pk", {":pk": text(partition)}
    if prefix:
        condition, values = f"{condition} AND begins_with(sk, :prefix)", {**values, ":prefix": text(prefix)}
    start: dict[str, Any] = {}
    while True:
        response = store.query(
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
            ProjectionExpression="pk, sk",
            # Said again for a role that may list keys and nothing more.
            Select="SPECIFIC_ATTRIBUTES",
            ConsistentRead=True,
            **start,
        )
        yield [{"pk": item["pk"], "sk": item["sk"]} for item in response["Items"]]
        if "LastEvaluatedKey" not in response:
            return
        start = {"ExclusiveStartKey": response["LastEvaluatedKey"]}
