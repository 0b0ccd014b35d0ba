"""Characters that nobody sees: messages past the reader, to a model or from one."""

from __future__ import annotations

import unicodedata

_KEPT = frozenset("\n\t\u200c\u200d\ufe0f")
"""Line breaks, what joins letters in Persian or Hindi, and what gives an emoji its colour."""

_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})


def seen(text: str) -> str:
    """
    Return *text* without characters that a reader does not see but a model reads.

    Example:
        >>> seen("Hello\\U000e0041\\u202e!")
        'Hello!'
    """
    return "".join(character for character in text if _is_seen(character))


def _is_seen(character: str) -> bool:
    if character in _KEPT:
        return True
    return unicodedata.category(character) not in _CATEGORIES and not (
        "\ufe00" <= character <= "\ufe0e" or "\U000e0100" <= character <= "\U000e01ef"
    )
