"""Find the passages and the question in what a chat sends to a model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_PASSAGE = re.compile(r'<passage\s+number="(\d+)"[^>]*>(.*?)</passage>', re.DOTALL)
_EARLIER = re.compile(r"<earlier>.*?</earlier>", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """
    A numbered quotation in the prompt.

    Attributes:
        number: The number that an answer cites it by.
        text: Its words.
    """

    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """
    What one request asks.

    Attributes:
        question: The user's words.
        passages: The quotations that came with them.
    """

    question: str
    passages: tuple[Passage, ...]


def read(messages: Sequence[Mapping[str, object]]) -> Prompt:
    """The last user message of an OpenAI-style conversation, taken apart."""
    texts = [str(message.get("content") or "") for message in messages if message.get("role") == "user"]
    text = texts[-1] if texts else ""
    passages = tuple(Passage(number=int(number), text=body.strip()) for number, body in _PASSAGE.findall(text))
    question = _EARLIER.sub("", _PASSAGE.sub("", text)).strip()
    return Prompt(question=question, passages=passages)
