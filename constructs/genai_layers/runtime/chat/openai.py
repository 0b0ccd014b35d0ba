"""
`POST /v1/chat/completions`: the same service for clients that speak the OpenAI protocol.

The client keeps the conversation and sends it whole. We did not write it down ourselves, so none of it is
trusted: not the instructions, not what it says that the assistant said. All of it goes to the guardrail as
the caller's words, and the last message of the user is the question.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import BadRequestError
from .model import MAX_QUESTION_CHARACTERS, Answer, Stop
from .request import fingerprint, idempotency_key, text_faults
from .shape import dumps

MAX_EARLIER_CHARACTERS = 24_000
"""Longest conversation before the question: what is guarded is paid for, and this is 24 text units."""
MAX_MESSAGES = 64

_ROLES = ("system", "developer", "user", "assistant")
_READ = frozenset(
    {"model", "messages", "max_tokens", "max_completion_tokens", "temperature", "stream", "stream_options"}
)
_IGNORED = frozenset({"user", "metadata", "store", "seed", "safety_identifier", "prompt_cache_key"})
_FIXED: Mapping[str, tuple[object, ...]] = {
    "n": (1, None),
    "logprobs": (False, None),
    "top_logprobs": (0, None),
    "tools": ([], None),
    "tool_choice": ("none", None),
    "response_format": ({"type": "text"}, None),
    "frequency_penalty": (0, None),
    "presence_penalty": (0, None),
    "top_p": (1, None),
    "stop": ([], None),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionRequest:
    """
    What a client of the OpenAI protocol asks.

    Attributes:
        model: Name of the model, as the client gave it.
        question: Its last message.
        earlier: What was said before, with who is said to have said it.
        previous: The user's message before the last; None where there is none.
        max_tokens: Longest answer.
        temperature: None leaves it to the settings.
        idempotency_key: The caller's name for this request.
        fingerprint: Hash of everything else that the request says.
    """

    model: str
    question: str
    earlier: str
    previous: str | None
    max_tokens: int
    temperature: float | None
    idempotency_key: str | None
    fingerprint: str


def read(
    value: Mapping[str, Any], headers: Mapping[str, str], *, models: Collection[str], most_tokens: int
) -> CompletionRequest:
    """
    Return what is asked.

    Args:
        value: The body.
        headers: Headers with names in lower case.
        models: Names that there are; whether the caller may use one is asked elsewhere.
        most_tokens: Longest answer that is offered.

    Raises:
        BadRequestError: Names every fault.
    """
    faults = [
        f"{name!r} is not offered here: leave it out" for name in sorted(set(value) - _READ - _IGNORED - set(_FIXED))
    ]
    for name, allowed in _FIXED.items():
        if name in value and not any(type(one) is type(value[name]) and one == value[name] for one in allowed):
            faults.append(f"{name!r} is not offered here except as {dumps(allowed[0])}: leave it out")
    model = value.get("model")
    if model not in tuple(models):
        known = repr(next(iter(models))) if len(models) == 1 else "one of those that GET /v1/models lists"
        faults.append(f"'model' is {dumps(model)[:80]}: the model here is {known}")
    max_tokens = _max_tokens(value, most_tokens, faults)
    faults += _stream_faults(value)
    temperature = value.get("temperature")
    if temperature is not None and not (
        isinstance(temperature, int | float) and not isinstance(temperature, bool) and 0 <= temperature <= 1
    ):
        faults.append("'temperature' must be a number from 0 to 1")
        temperature = None
    said = _messages(value.get("messages"), faults)
    question = said[-1][1] if said else ""
    key = idempotency_key(headers, faults)
    if faults:
        raise BadRequestError(faults)
    return CompletionRequest(
        model=str(model),
        question=question,
        earlier=_earlier(said),
        previous=next((text for role, text in reversed(said[:-1]) if role == "user" and text), None),
        max_tokens=max_tokens,
        temperature=None if temperature is None else float(temperature),
        idempotency_key=key,
        fingerprint=fingerprint("chat/completions", value),
    )


def completion(value: Answer) -> str:
    """Return the response; `citations` and `usd` come on top of what the protocol knows."""
    reasons = {Stop.ANSWERED: "stop", Stop.LENGTH: "length"}
    usage = value.usage
    return dumps(
        {
            "id": f"chatcmpl-{value.conversation_id}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": value.model,
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": value.text, "refusal": None},
                    "logprobs": None,
                    "finish_reason": reasons.get(value.stop, "content_filter"),
                }
            ],
            "usage": {
                "prompt_tokens": usage.input_tokens,
                "completion_tokens": usage.output_tokens,
                "total_tokens": usage.input_tokens + usage.output_tokens,
                "usd": None if usage.usd is None else float(usage.usd),
            },
            "citations": [
                {"text": passage.text, "source": passage.source, "score": passage.score} for passage in value.citations
            ],
        }
    )


def models(names: Sequence[str]) -> str:
    """Return the response of `GET /v1/models`."""
    return dumps(
        {
            "object": "list",
            "data": [{"id": name, "object": "model", "created": 0, "owned_by": "genai-layers"} for name in names],
        }
    )


def wants_usage(options: object) -> bool:
    """Return whether the `stream_options` of a request ask for the tokens at the end of the stream."""
    return isinstance(options, dict) and options.get("include_usage") is True


def _stream_faults(value: Mapping[str, Any]) -> list[str]:
    faults = []
    if value.get("stream") not in (True, False, None):
        faults.append("'stream' must be true or false")
    options = value.get("stream_options")
    if options is not None and not (
        value.get("stream") is True
        and isinstance(options, dict)
        and set(options) <= {"include_usage"}
        and all(isinstance(one, bool) for one in options.values())
    ):
        faults.append("'stream_options' may hold 'include_usage', true or false, and goes with 'stream': true")
    return faults


def _max_tokens(value: Mapping[str, Any], most: int, faults: list[str]) -> int:
    for name in ("max_completion_tokens", "max_tokens"):
        given = value.get(name)
        if given is None:
            continue
        if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= most:
            faults.append(f"{name!r} must be a whole number from 1 to {most}")
            return most
        return given
    return most


def _messages(value: object, faults: list[str]) -> list[tuple[str, str]]:
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_MESSAGES:
        faults.append(f"'messages' must be a list of 1 to {MAX_MESSAGES} messages")
        return []
    said: list[tuple[str, str]] = []
    for index, message in enumerate(value):
        role = message.get("role") if isinstance(message, dict) else None
        text = _text(message.get("content")) if isinstance(message, dict) else None
        if role not in _ROLES:
            faults.append(f"'messages[{index}].role' must be one of {', '.join(_ROLES)}")
        elif text is None:
            faults.append(f"'messages[{index}].content' must be text, or a list of parts of type 'text'")
        else:
            said.append((str(role), text.strip()))
    if len(said) < len(value):
        return []
    if said[-1][0] != "user":
        faults.append("the last of 'messages' must be of role 'user': it is the question")
    faults += text_faults("the last message", said[-1][1], MAX_QUESTION_CHARACTERS)
    if earlier := _earlier(said):
        faults += text_faults("the conversation before the last message", earlier, MAX_EARLIER_CHARACTERS)
    return said


def _earlier(said: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f"{role}: {text}" for role, text in said[:-1] if text)


def _text(content: object) -> str | None:
    if isinstance(content, str):
        return content
    if isinstance(content, list) and all(
        isinstance(part, dict) and part.get("type") == "text" and isinstance(part.get("text"), str) for part in content
    ):
        return "\n".join(part["text"] for part in content)
    return None
