"""
A request that comes twice is answered once.

A caller that lost the answer sends the request again under the same `Idempotency-Key`. The key is claimed
before anything is spent, and the answer is kept beside it for a day in the same write that keeps the
exchange, so that no failure in between leaves a question answered twice or an answer that nobody can fetch.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from .errors import ConflictError, KeyReusedError
from .store import Store, key, number, text

CLAIM_SECONDS = 60
"""How long a claim stands whose function died; twice the function's own time limit."""

KEPT_SECONDS = 86_400
"""How long an answer can be fetched again."""

REQUEST = "request#"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """
    The right to answer a request.

    Attributes:
        name: The caller's idempotency key.
        token: Which claim this is, should another take over.
    """

    name: str
    token: str


class Replays:
    """
    The claims and the kept answers.

    Args:
        store: The table.
        now: The time, UTC.
    """

    def __init__(self, store: Store, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store = store
        self._now = now

    def claim(self, partition: str, name: str, fingerprint: str) -> Claim | str:
        """
        Return the claim to answer a request, or the answer that it got before.

        Args:
            partition: Partition of the user.
            name: The caller's idempotency key.
            fingerprint: Hash of the request.

        Raises:
            ConflictError: The same request is being answered now.
            KeyReusedError: The key was used for another request.
        """
        now = int(self._now().timestamp())
        claim = Claim(name=name, token=secrets.token_hex(8))
        taken = self._store.put_or_get(
            Item={
                **key(partition, f"{REQUEST}{name}"),
                "claim": text(claim.token),
                "fingerprint": text(fingerprint),
                "expires_at": number(now + CLAIM_SECONDS),
            },
            ConditionExpression="attribute_not_exists(pk) OR expires_at < :now",
            ExpressionAttributeValues={":now": number(now)},
        )
        if taken is None:
            return claim
        if taken["fingerprint"]["S"] != fingerprint:
            raise KeyReusedError("the idempotency key was used for another request: use a new key for each question")
        if "response" not in taken:
            raise ConflictError(
                "a request with this idempotency key is being answered: come back for its answer",
                retry_after_seconds=2,
            )
        return str(taken["response"]["S"])

    def completion(self, partition: str, claim: Claim, response: str) -> Mapping[str, Any]:
        """Return the update that keeps *response*, for a write of its own or as part of another."""
        return {
            "Key": key(partition, f"{REQUEST}{claim.name}"),
            "UpdateExpression": "SET #response = :response, expires_at = :expires",
            "ConditionExpression": "claim = :claim",
            "ExpressionAttributeNames": {"#response": "response"},
            "ExpressionAttributeValues": {
                ":response": text(response),
                ":expires": number(int(self._now().timestamp()) + KEPT_SECONDS),
                ":claim": text(claim.token),
            },
        }

    def complete(self, partition: str, claim: Claim, response: str) -> None:
        """Keep the answer to a claimed request; nothing happens where another claim took over."""
        self._store.update(**self.completion(partition, claim, response))

    def release(self, partition: str, claim: Claim) -> None:
        """Give a claim back, so that the request can be sent again at once."""
        self._store.delete(
            Key=key(partition, f"{REQUEST}{claim.name}"),
            ConditionExpression="claim = :claim",
            ExpressionAttributeValues={":claim": text(claim.token)},
        )


class Replaying(Protocol):
    """What a service stands on that answers a repeated request once."""

    @property
    def replays(self) -> Replays:
        """The claims and the kept answers."""
