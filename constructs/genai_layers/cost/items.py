"""
What a pricing line may say about a resource.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from genai_layers.cost.resource import Resource

# AWS bills by the hour and quotes months of 730 hours.
HOURS_PER_MONTH = Decimal(730)
SECONDS_PER_MONTH = HOURS_PER_MONTH * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Charged:
    """
    Costs money while it idles.

    Attributes:
        what: What is paid for, in words.
        line: Price line of the catalog.
        per_month: Units of that price in a month.
        note: What to know about the number; empty when nothing.
    """

    what: str
    line: str
    per_month: Decimal = Decimal(1)
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageOnly:
    """
    Costs nothing while it idles; costs *lines* when used.
    """

    what: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """
    May cost money, and the template does not say how much.
    """

    what: str
    reason: str


Item: TypeAlias = Charged | UsageOnly | Unknown
Pricer: TypeAlias = Callable[[Resource], Iterable[Item]]


def hourly(what: str, line: str, count: Decimal | int = 1, note: str = "") -> Charged:
    """
    *count* things that are paid by the hour, all month.
    """
    return Charged(what=what, line=line, per_month=HOURS_PER_MONTH * count, note=note)


def used(what: str, *lines: str) -> Pricer:
    """
    A pricer for a type that costs only its usage.
    """
    item = UsageOnly(what=what, lines=lines)
    return lambda _: (item,)


def free(_: Resource) -> Iterable[Item]:
    """
    The pricer of a type that is never paid for.
    """
    return ()
