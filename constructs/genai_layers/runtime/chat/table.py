"""
The conversations of a user.

A user's partition holds the head of each conversation, its exchanges, the answers that are kept for a
repeated request, and the tokens of the day. Every call names one partition, which comes from the token:
there is no index and no scan, hence no call that could reach another user's items.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from . import records
from .deletion import delete_prefix
from .errors import BusyError, ConflictError, NotFoundError
from .model import Conversation, Exchange, Feedback
from .records import HEAD
from .replay import REQUEST
from .store import Item, Store, key, number, text

_DAY_SECONDS = 86_400
_LISTED = 50
"""Conversations on one page."""
_DELETED_AT_ONCE = 2_000
"""Items that one request deletes at most; at 25 a call that takes a few seconds."""


class Conversations:
    """
    Reads, writes and deletes conversations.

    Args:
        store: The table.
        retention_days: Days that an exchange is kept.
        now: The time, UTC.
    """

    def __init__(
        self, store: Store, *, retention_days: int, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._store = store
        self._retention_seconds = retention_days * _DAY_SECONDS
        self._now = now

    def exchanges(
        self, partition: str, conversation_id: str, *, limit: int, before: str | None = None
    ) -> tuple[list[Exchange], str | None]:
        """
        Return the latest exchanges of a conversation, oldest first, and where earlier ones go on.

        Args:
            partition: Partition of the user.
            conversation_id: Conversation.
            limit: Exchanges at most.
            before: What an earlier call returned as second.
        """
        items, last = self._page(
            partition, records.turns(conversation_id), after=before, Limit=limit, ScanIndexForward=False
        )
        return [records.exchange(item) for item in reversed(items)], last

    def all(self, partition: str, *, after: str | None = None) -> tuple[list[Conversation], str | None]:
        """Return a page of the user's conversations, and where the next one begins."""
        items, last = self._page(partition, HEAD, after=after, Limit=_LISTED)
        return [records.conversation(item) for item in items], last

    def append(
        self,
        partition: str,
        conversation_id: str,
        exchange: Exchange,
        *,
        is_new: bool,
        completion: Mapping[str, Any] | None = None,
    ) -> None:
        """
        Write an exchange and its conversation, and *completion* with them: all or nothing.

        Args:
            partition: Partition of the user.
            conversation_id: Conversation.
            exchange: What is added.
            is_new: Whether it begins the conversation.
            completion: Update that keeps the answer to a repeated request.

        Raises:
            NotFoundError: The conversation was deleted while the answer was made.
            ConflictError: Another request with the same idempotency key took over.
        """
        expires_at = self._seconds() + self._retention_seconds
        head = {
            "Key": key(partition, f"{HEAD}{conversation_id}"),
            "UpdateExpression": "SET updated_at_ms = :at, expires_at = :expires ADD exchanges :one",
            "ConditionExpression": f"attribute_{'not_' if is_new else ''}exists(pk)",
            "ExpressionAttributeValues": {
                ":at": number(exchange.at_ms),
                ":expires": number(expires_at),
                ":one": number(1),
            },
        }
        turn = records.turn(partition, conversation_id, exchange, salt=secrets.token_hex(4), expires_at=expires_at)
        writes: list[Mapping[str, Any]] = [{"Update": head}, {"Put": {"Item": turn}}]
        if completion is not None:
            writes.append({"Update": completion})
        failed = self._store.transact(writes)
        if failed == 0:
            raise NotFoundError("the conversation was deleted while the answer was made: begin a new one")
        if failed is not None:
            raise ConflictError("another request with this idempotency key was answered first: send it again")

    def rate(self, partition: str, conversation_id: str, at_ms: int, said: Feedback) -> tuple[bool, Feedback | None]:
        """
        Keep what its user says of an answer, in the item of the exchange: it goes when that goes.

        Args:
            partition: Partition of the user.
            conversation_id: Conversation.
            at_ms: When the answer was kept.
            said: What is said of it, in place of what was said before.

        Returns:
            Whether there is such an answer, and what was said before.
        """
        found, _ = self._page(partition, records.at(conversation_id, at_ms), after=None, Limit=1)
        if not found:
            return False, None
        is_there = self._store.update(
            Key=key(partition, found[0]["sk"]["S"]),
            UpdateExpression="SET rating = :rating, rating_comment = :comment",
            # Without it the answer to a deletion meanwhile would be an item of a rating alone, without an end.
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues={":rating": text(said.rating.value), ":comment": text(said.comment)},
        )
        return is_there, records.feedback(found[0])

    def delete(self, partition: str, conversation_id: str) -> bool:
        """Delete a conversation; return whether there was one."""
        # The head goes first: from then on no answer in the making can be added.
        head = key(partition, f"{HEAD}{conversation_id}")
        found = self._store.delete(Key=head, ConditionExpression="attribute_exists(pk)")
        deleted, is_all = delete_prefix(self._store, partition, records.turns(conversation_id), most=_DELETED_AT_ONCE)
        if not is_all:
            raise BusyError("the conversation is long and part of it is left: delete it again", retry_after_seconds=1)
        return found or deleted > 0

    def delete_everything(self, partition: str) -> tuple[int, bool]:
        """
        Delete what the user asked and was answered, kept answers included; the tokens of the day stay.

        Returns:
            Items deleted, and whether nothing is left.
        """
        total = 0
        for prefix in (HEAD, records.TURN, REQUEST):
            deleted, is_all = delete_prefix(self._store, partition, prefix, most=_DELETED_AT_ONCE - total)
            total += deleted
            if not is_all:
                return total, False
        return total, True

    def _page(self, partition: str, prefix: str, *, after: str | None, **options: Any) -> tuple[list[Item], str | None]:
        if after is not None:
            options["ExclusiveStartKey"] = key(partition, f"{prefix}{after}")
        response = self._store.query(
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues={":pk": text(partition), ":prefix": text(prefix)},
            ConsistentRead=True,
            **options,
        )
        # DynamoDB deletes what has expired within days, not at once.
        live = [item for item in response["Items"] if int(item["expires_at"]["N"]) > self._seconds()]
        last = response.get("LastEvaluatedKey")
        return live, last["sk"]["S"].removeprefix(prefix) if last else None

    def _seconds(self) -> int:
        return int(self._now().timestamp())
