"""Text: that all of it can be seen."""

from __future__ import annotations

import unicodedata

from .refusal import Reason, RefusedError

_JOINERS = frozenset("\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff\u180e")
"""Have no width. Between letters of some scripts they say how these join, so one by itself may be right."""
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Show text in another order than a model reads it."""
_SPACES = frozenset("\t\n\r\f")


def inspect(content: bytes) -> None:
    """
    Refuse a text with characters that nobody sees.

    Raises:
        RefusedError: It has such characters, or it is no text.
    """
    inspect_text(content.decode("utf-8").removeprefix("\ufeff"))


def inspect_text(text: str) -> None:
    """
    Refuse *text* if a reader does not see what a model reads in it.

    Raises:
        RefusedError: It has characters of tags, of no width, or that turn the order round.
    """
    before = ""
    for character in text:
        if "\U000e0000" <= character <= "\U000e007f":
            raise _hidden("characters of tags, which nobody sees and a model reads")
        if character in _TURNS:
            raise _hidden("characters that turn the order of its text round")
        if character in _JOINERS and (before in _JOINERS or (before.isascii() and before.isalnum())):
            raise _hidden("characters without width within words")
        if _is_selector(character) and _is_selector(before):
            raise _hidden("variation selectors in a row, which nobody sees and a model reads")
        if (character < " " and character not in _SPACES) or "\x7f" <= character <= "\x9f":
            raise RefusedError(Reason.WRONG_TYPE, "the document holds control characters: it is no text")
        if character >= "\U000f0000" and unicodedata.category(character) == "Co":
            raise _hidden("characters for private use, which nobody sees")
        before = character


def _is_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _hidden(what: str) -> RefusedError:
    return RefusedError(Reason.HIDDEN_TEXT, f"the document holds {what}")
