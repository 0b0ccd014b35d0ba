"""Marks such as `[2]` in an answer, made to resolve: each one left in the text has its passage."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .model import Passage

_MARK = re.compile(r"[ \t]?\[((?:passage\s*)?\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")


def resolve(text: str, passages: Sequence[Passage]) -> tuple[str, tuple[Passage, ...]]:
    """
    Return *text* with its marks numbered anew from 1, and the passages that they mean, in that order.

    A mark that means no passage is taken out: a source that nobody can open is worse than none.

    Args:
        text: An answer with marks that number *passages* from 1.
        passages: What the model was given.

    Example:
        >>> found = [Passage(text="a", source="s3://b/a", score=1.0), Passage(text="b", source="s3://b/b", score=0.5)]
        >>> text, cited = resolve("Yes [2]. No [7].", found)
        >>> text, [passage.source for passage in cited]
        ('Yes [1]. No.', ['s3://b/b'])
    """
    order: dict[int, int] = {}

    def renumbered(match: re.Match[str]) -> str:
        numbers = [int(number) for number in _NUMBER.findall(match[1])]
        known = [number for number in dict.fromkeys(numbers) if 1 <= number <= len(passages)]
        if not known:
            return ""
        space = " " if match[0][0] in " \t" else ""
        return space + "".join(f"[{order.setdefault(number, len(order) + 1)}]" for number in known)

    marked = _MARK.sub(renumbered, text)
    return marked, tuple(passages[number - 1] for number in order)
