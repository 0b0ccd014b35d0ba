"""
What waits for a person's approval.

An approval is good for one use of one tool with the arguments that were shown, by the person who was shown them, for
a few minutes. The item is deleted before the tool is used, and only who deletes it may go on: what is approved twice
is done once, and what fails in between is not done.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..chat.errors import ConflictError
from ..chat.store import Store, key, number, text
from .tools import digest

PENDING = "pending#"

_GONE = "there is no such action to approve: it was decided already, it is too old, or it is another person's"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """
    An action that waits.

    Attributes:
        tool: Name of the tool.
        arguments: What it would be asked.
        use_id: How the model calls this use.
        messages: The conversation up to and with the model's wish.
        results: Results of the other uses that the model asked for in the same breath.
        turns: How often the model was asked so far.
    """

    tool: str
    arguments: Mapping[str, Any]
    use_id: str
    messages: list[dict[str, Any]]
    results: list[dict[str, Any]]
    turns: int


def ask(store: Store, partition: str, pending: Pending, *, now: datetime, seconds: int) -> tuple[str, int]:
    """
    Keep *pending* and return the token that approves it, and until when, in seconds since 1970.

    Args:
        store: The table.
        partition: Partition of the user who has to approve.
        pending: The action.
        now: The time, UTC.
        seconds: How long it is waited for.
    """
    token = secrets.token_urlsafe(32)
    expires_at = int(now.timestamp()) + seconds
    store.put_or_get(
        Item={
            **_key(partition, token),
            "nonce": text(secrets.token_hex(8)),
            "digest": text(digest(pending.tool, pending.arguments)),
            "tool": text(pending.tool),
            "arguments": text(json.dumps(pending.arguments)),
            "use_id": text(pending.use_id),
            "messages": text(json.dumps(pending.messages)),
            "results": text(json.dumps(pending.results)),
            "turns": number(pending.turns),
            "expires_at": number(expires_at),
        },
        ConditionExpression="attribute_not_exists(pk)",
    )
    return token, expires_at


def take(store: Store, partition: str, token: str, arguments: object, *, now: datetime) -> Pending:
    """
    Return the action that *token* is for, and let nobody have it again.

    Args:
        store: The table.
        partition: Partition of the user who decides.
        token: What the user was given.
        arguments: What the user was shown.
        now: The time, UTC.

    Raises:
        ConflictError: There is none, or the arguments are not those that were shown.
    """
    one = _key(partition, token)
    page = store.query(
        KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
        ExpressionAttributeValues={":pk": one["pk"], ":prefix": one["sk"]},
        ConsistentRead=True,
    )
    item = next(iter(page["Items"]), None)
    if item is None or int(item["expires_at"]["N"]) <= now.timestamp():
        raise ConflictError(_GONE)
    if not secrets.compare_digest(item["digest"]["S"], digest(item["tool"]["S"], arguments)):
        raise ConflictError("the arguments are not those that were shown: send them back as they came")
    is_ours = store.delete(
        Key=one, ConditionExpression="nonce = :nonce", ExpressionAttributeValues={":nonce": item["nonce"]}
    )
    if not is_ours:
        raise ConflictError(_GONE)
    return Pending(
        tool=item["tool"]["S"],
        arguments=json.loads(item["arguments"]["S"]),
        use_id=item["use_id"]["S"],
        messages=json.loads(item["messages"]["S"]),
        results=json.loads(item["results"]["S"]),
        turns=int(item["turns"]["N"]),
    )


def _key(partition: str, token: str) -> dict[str, dict[str, Any]]:
    # The table holds a hash: who can read it cannot approve.
    return key(partition, f"{PENDING}{hashlib.sha256(token.encode()).hexdigest()}")
