"""The chat completions protocol, as a client: what a model of ours is sent, and what its answer means."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import UpstreamError

MAX_ANSWER_BYTES = 4_000_000
"""Longest answer that is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """
    What a model said.

    Attributes:
        text: Its words.
        reason: Why it ended, as the protocol says it; None where the end never came.
        input_tokens: Tokens read; None where it does not say.
        output_tokens: Tokens written; None where it does not say.
    """

    text: str
    reason: str | None
    input_tokens: int | None
    output_tokens: int | None


def body(
    messages: Sequence[Mapping[str, str]], inference: Mapping[str, Any], *, model: str | None, is_streamed: bool
) -> bytes:
    """
    Return the body of a request.

    Args:
        messages: Roles and texts.
        inference: `inferenceConfig` of Converse.
        model: What the engine calls the model; None leaves it out.
        is_streamed: Whether the answer is to come in pieces, so that a long one is not taken for silence.
    """
    value: dict[str, Any] = {"messages": list(messages), "max_tokens": inference["maxTokens"]}
    if model is not None:
        value["model"] = model
    if "temperature" in inference:
        value["temperature"] = inference["temperature"]
    if is_streamed:
        value |= {"stream": True, "stream_options": {"include_usage": True}}
    return json.dumps(value, separators=(",", ":")).encode()


def whole(chunks: Iterable[bytes]) -> Said:
    """
    Return what the body of an answer means.

    Raises:
        UpstreamError: It is no answer of the protocol.
    """
    return _read([_object(b"".join(_bounded(chunks)))], "message")


def streamed(chunks: Iterable[bytes]) -> Said:
    """
    Return what the events of an answer come to.

    Raises:
        UpstreamError: They are no answer of the protocol, or break off before their end.
    """
    events = []
    for line in _lines(_bounded(chunks)):
        if line.startswith(b"data:"):
            data = line.removeprefix(b"data:").strip()
            if data == b"[DONE]":
                break
            events.append(_object(data))
    return _read(events, "delta")


def _read(parts: Sequence[Mapping[str, Any]], field: str) -> Said:
    words: list[str] = []
    reason: str | None = None
    usage: Mapping[str, Any] = {}
    try:
        for part in parts:
            for choice in part.get("choices") or ():
                words.append((choice.get(field) or {}).get("content") or "")
                reason = choice.get("finish_reason") or reason
            usage = part.get("usage") or usage
        text = "".join(words)
        read, written = usage.get("prompt_tokens"), usage.get("completion_tokens")
        tokens = (None if read is None else int(read), None if written is None else int(written))
    except (AttributeError, TypeError, ValueError) as error:
        raise UpstreamError("the model answered in another protocol: try again") from error
    if reason is None:
        raise UpstreamError("the model broke off before its end: try again")
    return Said(text=text.strip(), reason=reason, input_tokens=tokens[0], output_tokens=tokens[1])


def _object(data: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UpstreamError("the model's answer is not JSON: try again") from error
    if not isinstance(value, dict) or "error" in value:
        raise UpstreamError("the model failed while it answered: try again")
    return value


def _bounded(chunks: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > MAX_ANSWER_BYTES:
            raise UpstreamError("the model does not stop: ask for less")
        yield chunk


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines
    yield rest
