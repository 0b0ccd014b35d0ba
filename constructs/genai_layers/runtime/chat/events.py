"""
An answer as server-sent events, in the two dialects that clients speak.

What was told piece by piece is a draft. The last event has the whole answer, which may say something else: that the
guardrail stopped it, say.
"""

from __future__ import annotations

import json
import time
from typing import Any, Protocol

from .errors import ChatError
from .shape import dumps, error

BEAT = b": still working\n\n"
"""A comment, which every reader of events skips: it keeps the connection from being taken for dead."""

MEDIA_TYPE = "text/event-stream"
HEADERS = {"content-type": f"{MEDIA_TYPE}; charset=utf-8", "cache-control": "no-store, no-transform"}


class Dialect(Protocol):
    """How pieces, the whole answer and a failure are told."""

    def piece(self, text: str) -> bytes:
        """Return the event for the next piece."""

    def whole(self, body: str) -> bytes:
        """Return the event for the whole answer."""

    def failed(self, failure: ChatError, request_id: str) -> bytes:
        """Return the event for a failure after the first piece."""


class Ours:
    """`piece`, `answer` and `error` events of `POST /chat`; `answer` has what the route gives without a stream."""

    def piece(self, text: str) -> bytes:
        """Return the event for the next piece."""
        return event(dumps({"text": text}), "piece")

    def whole(self, body: str) -> bytes:
        """Return the event for the whole answer."""
        return event(body, "answer")

    def failed(self, failure: ChatError, request_id: str) -> bytes:
        """Return the event for a failure after the first piece."""
        return event(error(failure, request_id), "error")


class OpenAi:
    """
    Chunks of the OpenAI protocol.

    It cannot take back what was told. Where the whole answer says something else, it follows after an empty line
    with the reason `content_filter`.

    Args:
        model: Name of the model, as the client gave it.
        request_id: Name of the completion until its own is known.
        has_usage: Whether the client asked for the tokens at the end.
    """

    def __init__(self, model: str, request_id: str, *, has_usage: bool) -> None:
        self._frame: dict[str, Any] = {
            "id": f"chatcmpl-{request_id}",
            "object": "chat.completion.chunk",
            "created": int(time.time()),
            "model": model,
        }
        self._has_usage = has_usage
        self._told = ""

    def piece(self, text: str) -> bytes:
        """Return the chunk for the next piece."""
        self._told += text
        return self._chunk({"role": "assistant", "content": text})

    def whole(self, body: str) -> bytes:
        """Return the chunks for the rest of the answer, its end, and the tokens where they were asked for."""
        answer = json.loads(body)
        # Who answered is known at the end, where the client left the choice to us.
        self._frame["model"] = answer["model"]
        choice = answer["choices"][0]
        text = choice["message"]["content"]
        rest = text.removeprefix(self._told) if text.startswith(self._told) else f"\n\n{text}"
        chunks = self._chunk({"role": "assistant", "content": rest}) if rest else b""
        chunks += self._chunk({}, choice["finish_reason"], citations=answer["citations"])
        if self._has_usage:
            chunks += event(dumps({**self._frame, "choices": [], "usage": answer["usage"]}))
        return chunks + event("[DONE]")

    def failed(self, failure: ChatError, request_id: str) -> bytes:
        """Return the event for a failure after the first chunk."""
        return event(error(failure, request_id))

    def _chunk(self, delta: dict[str, str], reason: str | None = None, **more: object) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        return event(dumps({**self._frame, "choices": [choice], **more}))


def event(data: str, name: str | None = None) -> bytes:
    """
    Return a server-sent event.

    Args:
        data: JSON.
        name: Its name. Default: it has none.
    """
    # JSON has no line breaks of its own, so one line of data is enough.
    return (f"event: {name}\n" if name else "").encode() + f"data: {data}\n\n".encode()
