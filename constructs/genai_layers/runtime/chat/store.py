"""What the table's users need of DynamoDB, so that tests can put a dictionary in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Item = dict[str, dict[str, Any]]
"""An item in DynamoDB's own notation."""


class Store(Protocol):
    """One table; every call takes the parameters of the DynamoDB call that it makes, without the table's name."""

    def query(self, **request: Any) -> Mapping[str, Any]:
        """Return a page of items."""

    def update(self, **request: Any) -> bool:
        """Update an item; return whether its condition held."""

    def delete(self, **request: Any) -> bool:
        """Delete an item; return whether its condition held."""

    def put_or_get(self, **request: Any) -> Item | None:
        """Put an item and return None, or return the one that is there where the condition does not hold."""

    def transact(self, writes: Sequence[Mapping[str, Any]]) -> int | None:
        """Write all of *writes* and return None, or none and return the index of one whose condition fails."""

    def delete_all(self, keys: Sequence[Item]) -> None:
        """Delete the items with these keys, however many."""


def key(partition: str, sort: str) -> Item:
    """Return the key of an item."""
    return {"pk": {"S": partition}, "sk": {"S": sort}}


def number(value: int) -> dict[str, str]:
    """Return a number as an attribute."""
    return {"N": str(value)}


def text(value: str) -> dict[str, str]:
    """Return a text as an attribute."""
    return {"S": value}
