"""How exchanges and conversations look as items of the table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .model import Conversation, Exchange, Feedback, Passage, Rating, Usage
from .store import Item, key, number, text

HEAD = "head#"
TURN = "turn#"


def turns(conversation_id: str) -> str:
    """Return what the sort keys of a conversation's exchanges begin with."""
    return f"{TURN}{conversation_id}#"


def at(conversation_id: str, at_ms: int) -> str:
    """Return what the sort key of the exchange of a moment begins with."""
    return f"{turns(conversation_id)}{at_ms:013d}#"


def turn(partition: str, conversation_id: str, exchange: Exchange, *, salt: str, expires_at: int) -> Item:
    """
    Return the item of an exchange; its sort key orders by time.

    Args:
        partition: Partition of the user.
        conversation_id: Conversation.
        exchange: The exchange.
        salt: Tells two of the same millisecond apart.
        expires_at: When it is deleted, seconds since 1970.
    """
    usage = exchange.usage
    return {
        **key(partition, f"{at(conversation_id, exchange.at_ms)}{salt}"),
        "at_ms": number(exchange.at_ms),
        "question": text(exchange.question),
        "answer": text(exchange.answer),
        "citations": text(json.dumps([[one.text, one.source, one.score] for one in exchange.citations])),
        "input_tokens": number(usage.input_tokens),
        "output_tokens": number(usage.output_tokens),
        **({} if usage.usd is None else {"usd": {"N": format(usage.usd, "f")}}),
        "is_stopped": {"BOOL": exchange.is_stopped},
        "expires_at": number(expires_at),
    }


def exchange(item: Mapping[str, Any]) -> Exchange:
    """Return the exchange in an item."""
    return Exchange(
        at_ms=int(item["at_ms"]["N"]),
        question=item["question"]["S"],
        answer=item["answer"]["S"],
        citations=tuple(
            Passage(text=passage, source=source, score=score)
            for passage, source, score in json.loads(item["citations"]["S"])
        ),
        usage=Usage(
            input_tokens=int(item["input_tokens"]["N"]),
            output_tokens=int(item["output_tokens"]["N"]),
            usd=Decimal(item["usd"]["N"]) if "usd" in item else None,
        ),
        is_stopped=item["is_stopped"]["BOOL"],
        feedback=feedback(item),
    )


def feedback(item: Mapping[str, Any]) -> Feedback | None:
    """Return what was said of the answer in an item."""
    if "rating" not in item:
        return None
    return Feedback(rating=Rating(item["rating"]["S"]), comment=item["rating_comment"]["S"])


def conversation(item: Mapping[str, Any]) -> Conversation:
    """Return the conversation in the item that heads it."""
    return Conversation(
        id=item["sk"]["S"].removeprefix(HEAD),
        updated_at_ms=int(item["updated_at_ms"]["N"]),
        exchanges=int(item["exchanges"]["N"]),
    )
