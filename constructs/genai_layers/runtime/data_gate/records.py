"""One record of a JSONL file: read strictly, and made comparable."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

_WORDS = re.compile(r"[\W_]+")
_ROLES = ("system", "user", "assistant")


class RecordError(ValueError):
    """A line is no record of the format; the message holds nothing of what the line says."""


@dataclass(frozen=True, slots=True)
class Record:
    """
    What a model is shown, and what it is to say.

    Attributes:
        prompt: What it is shown; the whole text where there is no answer.
        answer: What it is to say; empty for plain text.
    """

    prompt: str
    answer: str

    @property
    def text(self) -> str:
        """Everything of it."""
        return f"{self.prompt}\n{self.answer}"

    @property
    def fingerprint(self) -> bytes:
        """Same for records that differ in case, spaces and punctuation only."""
        return fingerprint(self.text)


def fingerprint(text: str) -> bytes:
    """Return 16 bytes that stand for *text* apart from case, spaces, punctuation and Unicode look-alike forms."""
    plain = _WORDS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).digest()[:16]


def parse(line: bytes, format: str) -> Record:
    """
    Read one line.

    Args:
        line: UTF-8 text of one JSON object.
        format: `prompt_completion`, `messages`, `instruction` or `text`.

    Raises:
        RecordError: The line is no such record.
    """
    try:
        value = json.loads(line.decode("utf-8"), object_pairs_hook=_no_twins)
    except UnicodeDecodeError as error:
        raise RecordError(f"byte {error.start} is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise RecordError(f"no JSON at character {error.pos}: {error.msg}") from error
    except RecursionError as error:
        raise RecordError("nested too deeply") from error
    if not isinstance(value, dict):
        raise RecordError(f"a {type(value).__name__} instead of an object")
    if format == "messages":
        return _messages(value)
    names = _NAMES[format]
    _require(value, names, optional=("input",) if format == "instruction" else ())
    if format == "text":
        return Record(value["text"], "")
    prompt, answer = names
    extra = value.get("input", "") if format == "instruction" else ""
    return Record(f"{value[prompt]}\n{extra}" if extra else value[prompt], value[answer])


_NAMES = {"prompt_completion": ("prompt", "completion"), "instruction": ("instruction", "output"), "text": ("text",)}


def _require(value: dict[str, Any], names: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
    missing = [name for name in names if not isinstance(value.get(name), str) or not value[name].strip()]
    if missing:
        raise RecordError(f"{', '.join(missing)} must be text that is not empty")
    if any(not isinstance(value.get(name, ""), str) for name in optional):
        raise RecordError(f"{', '.join(optional)} must be text")
    # What no check looks at must not reach a training either.
    unknown = len(set(value) - set(names) - set(optional))
    if unknown:
        raise RecordError(f"{unknown} names beside {', '.join((*names, *optional))}")


def _messages(value: dict[str, Any]) -> Record:
    turns = value.get("messages")
    if set(value) != {"messages"} or not isinstance(turns, list) or len(turns) < 2:
        raise RecordError("messages must be a list of at least two, and the only name")
    for turn in turns:
        if not isinstance(turn, dict):
            raise RecordError("a message is no object")
        _require(turn, ("role", "content"))
        if turn["role"] not in _ROLES:
            raise RecordError(f"a role is none of {', '.join(_ROLES)}")
    if turns[-1]["role"] != "assistant":
        raise RecordError("the last message is not the assistant's")
    return Record("\n".join(turn["content"] for turn in turns[:-1]), turns[-1]["content"])


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Readers disagree on which of two equal names counts, so one of them would be trained on unchecked.
    if len({name for name, _ in pairs}) != len(pairs):
        raise RecordError("a name stands twice in one object")
    return dict(pairs)
