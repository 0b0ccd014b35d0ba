"""
What an idle deployment costs, line by line, and what nobody could price.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from genai_layers.catalog.prices import Price


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """
    One thing that costs money while it idles.

    Attributes:
        stack: Stack that holds it.
        logical_id: Its logical id.
        type: Its CloudFormation type.
        what: What is paid for, in words.
        units_per_month: Units of the price in a month.
        price: Price of one unit, with its source and date.
        note: What to know about the number; empty when nothing.
    """

    stack: str
    logical_id: str
    type: str
    what: str
    units_per_month: Decimal
    price: Price
    note: str = ""

    @property
    def usd_per_month(self) -> Decimal:
        """
        Price of a month of 730 hours, USD.
        """
        return self.units_per_month * self.price.usd


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """
    One thing that costs nothing while it idles.

    Attributes:
        stack: Stack that holds it.
        logical_id: Its logical id.
        type: Its CloudFormation type.
        what: What it is, in words.
        prices: What its usage costs.
    """

    stack: str
    logical_id: str
    type: str
    what: str
    prices: tuple[Price, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpriced:
    """
    One thing whose price is not known; the total is without it.

    Attributes:
        stack: Stack that holds it.
        logical_id: Its logical id.
        type: Its CloudFormation type.
        what: What it is, in words.
        reason: Why there is no price.
    """

    stack: str
    logical_id: str
    type: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """
    The idle floor of one or more stacks.

    Attributes:
        lines: What is paid for at zero use.
        usage: What is paid for only when used.
        unpriced: What has no price; empty when the total is whole.
    """

    lines: tuple[Line, ...] = ()
    usage: tuple[Usage, ...] = ()
    unpriced: tuple[Unpriced, ...] = ()

    @property
    def usd_per_month(self) -> Decimal:
        """
        All lines together, USD a month; without what is unpriced.
        """
        return sum((line.usd_per_month for line in self.lines), Decimal(0))

    def by_stack(self) -> Mapping[str, Decimal]:
        """
        USD a month by stack, in the order of the lines.
        """
        totals: defaultdict[str, Decimal] = defaultdict(Decimal)
        for line in self.lines:
            totals[line.stack] += line.usd_per_month
        return dict(totals)

    def joined(self, *others: Report) -> Report:
        """
        This report and *others* as one.
        """
        reports = (self, *others)
        return Report(
            lines=tuple(line for report in reports for line in report.lines),
            usage=tuple(item for report in reports for item in report.usage),
            unpriced=tuple(item for report in reports for item in report.unpriced),
        )
