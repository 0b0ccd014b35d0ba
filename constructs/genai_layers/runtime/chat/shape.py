"""Answers and errors as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from .budget import Account, resets_at
from .errors import BadRequestError, BudgetExhaustedError, ChatError
from .model import Answer, Conversation, Exchange, Passage, Usage


def answer(value: Answer) -> str:
    """Return the response of `POST /chat`."""
    return dumps(
        {
            "conversation_id": value.conversation_id,
            "at": _moment(value.at_ms),
            "answer": value.text,
            "citations": [_citation(passage) for passage in value.citations],
            "usage": usage_body(value.usage),
            "stopped_by_guardrail": value.is_stopped,
            "stop_reason": value.stop.value,
            "model": value.model,
        }
    )


def conversation(conversation_id: str, exchanges: Sequence[Exchange], rest: str | None) -> str:
    """Return the response of `GET /conversations/{id}`; a stopped exchange has no question, since none is kept."""
    messages: list[dict[str, Any]] = []
    for exchange in exchanges:
        at = _moment(exchange.at_ms)
        if not exchange.is_stopped:
            messages.append({"role": "user", "at": at, "text": exchange.question})
        messages.append(
            {
                "role": "assistant",
                "at": at,
                "text": exchange.answer,
                "citations": [_citation(passage) for passage in exchange.citations],
                "usage": usage_body(exchange.usage),
                "stopped_by_guardrail": exchange.is_stopped,
                **_feedback(exchange),
            }
        )
    return dumps({"conversation_id": conversation_id, "messages": messages, "before": rest})


def conversations(values: Sequence[Conversation], rest: str | None) -> str:
    """Return the response of `GET /conversations`."""
    return dumps(
        {
            "conversations": [
                {"conversation_id": one.id, "updated_at": _time(one.updated_at_ms), "exchanges": one.exchanges}
                for one in values
            ],
            "after": rest,
        }
    )


def deleted(items: int, is_all: bool) -> str:
    """Return the response of `DELETE /conversations`."""
    return dumps({"deleted_items": items, "is_complete": is_all})


def usage(counts: Sequence[tuple[Account, int]], now: datetime) -> str:
    """Return the response of `GET /usage`."""
    return dumps(
        {
            "budgets": [
                {"of": account.name, "tokens": tokens, "tokens_per_day": account.limit} for account, tokens in counts
            ],
            "resets_at": f"{resets_at(now):%Y-%m-%dT%H:%M:%SZ}",
        }
    )


def error(value: ChatError, request_id: str) -> str:
    """Return the response of a request that got no answer."""
    return dumps({"error": error_body(value, request_id)})


def error_body(value: ChatError, request_id: str) -> dict[str, Any]:
    """Return what a caller is told of an error."""
    body: dict[str, Any] = {"code": value.code, "message": str(value), "request_id": request_id}
    if isinstance(value, BadRequestError):
        body["faults"] = list(value.faults)
    if isinstance(value, BudgetExhaustedError):
        body["resets_at"] = f"{value.resets_at:%Y-%m-%dT%H:%M:%SZ}"
    return body


def dumps(value: object) -> str:
    """Return *value* as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _citation(passage: Passage) -> dict[str, Any]:
    return {"text": passage.text, "source": passage.source, "score": passage.score}


def usage_body(value: Usage) -> dict[str, Any]:
    """Return tokens and their price as they stand in every answer."""
    return {
        "input_tokens": value.input_tokens,
        "output_tokens": value.output_tokens,
        "usd": None if value.usd is None else float(value.usd),
    }


def _feedback(value: Exchange) -> dict[str, Any]:
    said = value.feedback
    return {} if said is None else {"feedback": {"rating": said.rating.value, "comment": said.comment}}


def _moment(milliseconds: int) -> str:
    """Return a time to the millisecond, which names an exchange within its conversation."""
    return f"{datetime.fromtimestamp(milliseconds // 1000, UTC):%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03d}Z"


def _time(milliseconds: int) -> str:
    return f"{datetime.fromtimestamp(milliseconds / 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"
