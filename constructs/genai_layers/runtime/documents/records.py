"""The table of uploads: one partition a user, an item for each document, one for what the user has in all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ..chat.store import Item, Store, key, number, text
from .model import Document, Progress

DOCUMENT = "document#"
_DAY_SECONDS = 86_400
_WAITING_SECONDS = _DAY_SECONDS
"""An upload that never came is forgotten after a day."""


class Documents:
    """
    Reads and writes what is known of uploads.

    Args:
        store: The table.
        refused_days: Days that the reason of a refusal is kept.
        now: The time, UTC.
    """

    def __init__(
        self, store: Store, *, refused_days: int, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._store = store
        self._refused_seconds = refused_days * _DAY_SECONDS
        self._now = now

    def all(self, partition: str) -> list[Document]:
        """Return the documents of a user, the latest first."""
        found: list[Document] = []
        start: Mapping[str, Any] = {}
        while True:
            page = self._store.query(
                KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
                ExpressionAttributeValues={":pk": text(partition), ":prefix": text(DOCUMENT)},
                ConsistentRead=True,
                **start,
            )
            found += [_document(item) for item in page["Items"] if self._is_live(item)]
            if "LastEvaluatedKey" not in page:
                return sorted(found, key=lambda one: -one.at_ms)
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def find(self, partition: str, document_id: str) -> Document | None:
        """Return a document of a user; None where there is none of theirs."""
        page = self._store.query(
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues={":pk": text(partition), ":prefix": text(f"{DOCUMENT}{document_id}")},
            ConsistentRead=True,
        )
        found = [
            item for item in page["Items"] if item["sk"]["S"] == f"{DOCUMENT}{document_id}" and self._is_live(item)
        ]
        return _document(found[0]) if found else None

    def add(self, document: Document) -> None:
        """Remember that *document* is awaited."""
        item = {
            **key(document.partition, f"{DOCUMENT}{document.id}"),
            "document_name": text(document.name),
            "kind": text(document.kind),
            "bytes": number(document.size),
            "progress": text(document.progress.value),
            "at_ms": number(document.at_ms),
            "expires_at": number(self._seconds() + _WAITING_SECONDS),
            **({} if document.tenant is None else {"tenant": text(document.tenant)}),
        }
        self._store.put_or_get(Item=item, ConditionExpression="attribute_not_exists(pk)")

    def move(self, document: Document, to: Progress, *, reason: str = "", message: str = "") -> bool:
        """
        Write how far *document* has come.

        Returns:
            Whether it may: not where it was removed, or was judged before.
        """
        # Zero is no time: an accepted document is known as long as it is there.
        lives = {Progress.REFUSED: self._refused_seconds, Progress.SCANNING: _WAITING_SECONDS}
        expires_at = self._seconds() + lives[to] if to in lives else 0
        return self._store.update(
            Key=key(document.partition, f"{DOCUMENT}{document.id}"),
            UpdateExpression="SET progress = :to, refusal = :reason, refusal_text = :message, expires_at = :expires",
            ConditionExpression="progress = :waiting OR progress = :scanning",
            ExpressionAttributeValues={
                ":to": text(to.value),
                ":reason": text(reason),
                ":message": text(message),
                ":expires": number(expires_at),
                ":waiting": text(Progress.WAITING.value),
                ":scanning": text(Progress.SCANNING.value),
            },
        )

    def remove(self, document: Document) -> bool:
        """Forget *document*; return whether it was known."""
        return self._store.delete(
            Key=key(document.partition, f"{DOCUMENT}{document.id}"), ConditionExpression="attribute_exists(pk)"
        )

    def _is_live(self, item: Item) -> bool:
        expires_at = int(item["expires_at"]["N"])
        return expires_at == 0 or expires_at > self._seconds()

    def _seconds(self) -> int:
        return int(self._now().timestamp())


def held(documents: Sequence[Document]) -> tuple[int, int]:
    """Return how many of *documents* count against the limits of their user, and their bytes; refused ones do not."""
    counted = [one for one in documents if one.progress is not Progress.REFUSED]
    return len(counted), sum(one.size for one in counted)


def _document(item: Mapping[str, Any]) -> Document:
    return Document(
        id=item["sk"]["S"].removeprefix(DOCUMENT),
        partition=item["pk"]["S"],
        tenant=item["tenant"]["S"] if "tenant" in item else None,
        name=item["document_name"]["S"],
        kind=item["kind"]["S"],
        size=int(item["bytes"]["N"]),
        progress=Progress(item["progress"]["S"]),
        at_ms=int(item["at_ms"]["N"]),
        reason=item.get("refusal", {}).get("S", ""),
        message=item.get("refusal_text", {}).get("S", ""),
    )
