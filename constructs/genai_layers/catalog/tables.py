"""
Reading of the packaged tables.
"""

from __future__ import annotations

import difflib
import json
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


class Confidence(StrEnum):
    """
    How far a fact may be trusted.
    """

    READ = "A"
    """Read from an AWS API, or from data generated from one."""
    DOCUMENTED = "B"
    """Read in the vendor's documentation."""
    INFERRED = "C"
    """From a third party or from general knowledge; check it before you rely on it."""
    UNVERIFIED = "?"
    """Not verified at all."""


@cache
def load(name: str) -> dict[str, Any]:
    """
    Read one table of ``catalog/data``; read once a process.
    """
    text = resources.files("genai_layers.catalog").joinpath("data", f"{name}.json").read_text("utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


def closest(name: str, names: Iterable[str], *, count: int = 5, likeness: float = 0.6) -> tuple[str, ...]:
    """
    Names of *names* that look most like *name*, best first; *likeness* is a share of 1, below which none counts.

    Example:
        >>> closest("g6.xlrage", ["g6.xlarge", "H100"])
        ('g6.xlarge',)
    """
    return tuple(difflib.get_close_matches(name, sorted(names), n=count, cutoff=likeness))


def listed(names: Iterable[str], *, limit: int = 8) -> str:
    """
    Names as they appear in a message, cut off after *limit*.

    Example:
        >>> listed(["a", "b", "c"], limit=2)
        'a, b and 1 more'
    """
    every = list(names)
    if len(every) <= limit:
        return ", ".join(every)
    return f"{', '.join(every[:limit])} and {len(every) - limit} more"
