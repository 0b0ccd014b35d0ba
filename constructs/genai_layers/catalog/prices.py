"""
Prices of everything but Bedrock tokens, by line and region.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from genai_layers.catalog import regions
from genai_layers.catalog.errors import UnknownPriceError
from genai_layers.catalog.tables import Confidence, closest, listed, load


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """
    One price.

    Attributes:
        line: What it is for, e.g. ``kms:key`` or ``ec2:g6.xlarge``.
        region: Region it holds for.
        usd: Price of one *unit*, USD.
        unit: What one is, e.g. ``hour``, ``month``, ``GB-month``.
        source: Where it was read.
        as_of: When it was read, ISO date.
        confidence: How far to trust it.
        note: What else to know; empty when nothing.
    """

    line: str
    region: str
    usd: Decimal
    unit: str
    source: str
    as_of: str
    confidence: Confidence
    note: str = ""


def get(line: str, region: str) -> Price:
    """
    The price of *line* in *region*; another region's price is never used instead.

    A few prices are said to be the same in a whole partition; outside the region of reading they count as inferred.

    Raises:
        UnknownPriceError: The catalog has no price for the line, or none for this region.

    Example:
        >>> get("kms:key", "us-east-1").usd
        Decimal('1.00')
    """
    rows: dict[str, dict[str, Any]] = load("prices")["rows"]
    if line not in rows:
        near = closest(line, rows)
        raise UnknownPriceError(
            f"price line {line!r} is not in the catalog" + (f": choose one like {listed(near)}" if near else ""),
            alternatives=near,
        )
    row = rows[line]
    priced: dict[str, str] = row["usd"]
    where = next((key for key in (region, regions.partition(region)) if key in priced), None)
    if where is None:
        known = tuple(sorted(priced))
        raise UnknownPriceError(
            f"the catalog has no price of {line!r} in {region!r}: it has {listed(known)}, and another region's price "
            "is never used instead; refresh it with tools/catalog",
            alternatives=known,
        )
    confidence = Confidence(row["confidence"])
    if where != region and confidence is not Confidence.UNVERIFIED:
        confidence = Confidence.INFERRED
    return Price(
        line=line,
        region=region,
        usd=Decimal(priced[where]),
        unit=row["unit"],
        source=row["source"],
        as_of=row["as_of"],
        confidence=confidence,
        note=row.get("note", ""),
    )


def lines() -> tuple[str, ...]:
    """
    All price lines.
    """
    return tuple(load("prices")["rows"])
