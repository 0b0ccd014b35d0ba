"""Notices an answer that repeats the instructions, also where it spells them another way."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterator

RUN = 60
"""Letters and digits in a row that no honest answer shares with the instructions: some twelve words."""

BEGINNING = 12
"""Letters and digits that are shown of a leak at most: two or three words, which honest answers share too."""

_OTHER = re.compile(r"[\W_]+")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{40,}={0,2}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}[\s:]?){40,}")
_HEX_AT_THE_END = re.compile(r"(?:[0-9A-Fa-f]{2}[\s:]?){6,}[0-9A-Fa-f]?\Z")


def repeats(text: str, secret: str) -> bool:
    """
    Return whether *text* holds a run of *secret*, plain, spaced out, backwards, as ROT13, Base64 or hex.

    A translation or a summary is not noticed: that the instructions hold nothing worth hiding is the first
    defence, and this one keeps them from being copied.

    Args:
        text: An answer.
        secret: The instructions.
    """
    whole = _letters(secret)
    runs = {whole[start : start + RUN] for start in range(max(0, len(whole) - RUN) + 1)}
    return any(
        letters[start : start + RUN] in runs
        for spelling in _spellings(text)
        for letters in (_letters(spelling),)
        for start in range(max(0, len(letters) - RUN) + 1)
    )


def begins(text: str, secret: str) -> int:
    """
    Return where the end of *text* begins to look like a leak of *secret*; the length of *text* where it does not.

    Args:
        text: The beginning of an answer.
        secret: The instructions.
    """
    whole = _letters(secret)
    places = [place for place, character in enumerate(text) if not _OTHER.fullmatch(character)][-RUN:]
    letters = "".join(text[place] for place in places).casefold()
    spellings = (whole, whole[::-1], codecs.encode(whole, "rot13"))
    for length in range(len(letters), BEGINNING - 1, -1):
        if any(letters[-length:] in spelling for spelling in spellings):
            return places[-length]
    found = _HEX_AT_THE_END.search(text)
    return len(text) if found is None else found.start()


def _letters(text: str) -> str:
    return _OTHER.sub("", text).casefold()


def _spellings(text: str) -> Iterator[str]:
    yield text
    yield text[::-1]
    yield codecs.encode(text, "rot13")
    for found in _BASE64.findall(text):
        raw = found.rstrip("=").translate(str.maketrans("-_", "+/"))
        try:
            yield base64.b64decode(raw[: len(raw) // 4 * 4]).decode(errors="ignore")
        except binascii.Error:
            continue
    for found in _HEX.findall(text):
        digits = re.sub(r"[\s:]", "", found)
        yield bytes.fromhex(digits[: len(digits) // 2 * 2]).decode(errors="ignore")
