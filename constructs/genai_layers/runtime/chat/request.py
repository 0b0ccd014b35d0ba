"""Reads a request and tells everything that is wrong with it at once."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from .errors import BadRequestError, TooLargeError
from .model import MAX_QUESTION_CHARACTERS, Question
from .unseen import seen

MAX_BODY_BYTES = 262_144
"""Longest body read: the longest conversation of the OpenAI protocol, even in escaped JSON."""

CONVERSATION_ID = re.compile(r"[0-9a-f]{32}")
_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,128}")


def body(event: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the JSON object in the body of an API Gateway event.

    Raises:
        TooLargeError: It is longer than `MAX_BODY_BYTES`.
        BadRequestError: It is not a JSON object.
    """
    text = event.get("body") or ""
    raw = text.encode()
    if event.get("isBase64Encoded"):
        try:
            raw = base64.b64decode(raw, validate=True)
        except binascii.Error:
            raise BadRequestError(["the body is not valid base64: send JSON"]) from None
    if len(raw) > MAX_BODY_BYTES:
        raise TooLargeError(f"the body has {len(raw)} bytes, at most {MAX_BODY_BYTES} are read: send less")
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        raise BadRequestError(["the body is not JSON: send a JSON object"]) from None
    if not isinstance(value, dict):
        raise BadRequestError([f"the body is a JSON {_kind(value)}: send a JSON object"])
    return value


def question(value: Mapping[str, Any], headers: Mapping[str, str]) -> Question:
    """
    Return what is asked in the body of `POST /chat`.

    Args:
        value: The body.
        headers: Headers with names in lower case.

    Raises:
        BadRequestError: Names every fault.
    """
    faults = [
        f"{name!r} is not a field of a question: allowed are 'conversation_id', 'model' and 'question'"
        for name in sorted(set(value) - {"question", "conversation_id", "model"})
    ]
    text = ""
    if "question" not in value:
        faults.append("'question' is missing: give the question as text")
    elif not isinstance(value["question"], str):
        faults.append(f"'question' is a JSON {_kind(value['question'])}: give the question as text")
    else:
        text = value["question"].strip()
        faults += text_faults("'question'", text, MAX_QUESTION_CHARACTERS)
    conversation_id = value.get("conversation_id")
    if conversation_id is not None and not (
        isinstance(conversation_id, str) and CONVERSATION_ID.fullmatch(conversation_id)
    ):
        faults.append("'conversation_id' is not one of ours: send one that an answer gave, or leave it out")
    model = value.get("model")
    if model is not None and not isinstance(model, str):
        faults.append(f"'model' is a JSON {_kind(model)}: give a name that GET /v1/models lists, or leave it out")
    key = idempotency_key(headers, faults)
    if faults:
        raise BadRequestError(faults)
    return Question(
        text=text,
        conversation_id=conversation_id,
        model=model,
        idempotency_key=key,
        fingerprint=fingerprint("chat", value),
    )


def text_faults(name: str, text: str, most: int) -> list[str]:
    """
    Return what is wrong with *text* as something to ask.

    Args:
        name: What the caller calls it.
        text: The text, without space around it.
        most: Characters of the longest.
    """
    faults = []
    if not seen(text).strip():
        faults.append(f"{name} is empty: ask something")
    if len(text) > most:
        faults.append(f"{name} has {len(text)} characters, at most {most} are allowed: shorten it")
    if any(character < " " and character not in "\t\n\r" for character in text) or "\x7f" in text:
        faults.append(f"{name} holds control characters: send plain text")
    if any("\ud800" <= character <= "\udfff" for character in text):
        faults.append(f"{name} holds half of a surrogate pair: send valid Unicode")
    return faults


def idempotency_key(headers: Mapping[str, str], faults: list[str]) -> str | None:
    """Return the `Idempotency-Key` header, if there is one, and add to *faults* what is wrong with it."""
    key = headers.get("idempotency-key")
    if key is not None and not _IDEMPOTENCY_KEY.fullmatch(key):
        faults.append("the header 'Idempotency-Key' must have 1 to 128 visible ASCII characters")
    return key


def fingerprint(route: str, value: Mapping[str, Any]) -> str:
    """Return a hash of what is asked of *route*, the same for the same request in any spelling."""
    canonical = json.dumps([route, value], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _kind(value: object) -> str:
    names = {bool: "boolean", int: "number", float: "number", str: "text", list: "list", dict: "object"}
    return names.get(type(value), "null")
