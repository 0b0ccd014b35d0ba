"""
How the cost report is printed: tables for people, plain data for programs.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from rich.table import Table

from genai_layers.catalog.prices import Price
from genai_layers.cli.console import console, new_table, print_table
from genai_layers.cost import Report, TokenPrice

LEGEND = (
    "Trust: A read from an AWS API, B read in AWS documentation or data generated from it, C from third parties or "
    "general knowledge, ? unverified. A month has 730 hours. Free tiers are not counted off."
)


def show(report: Report, paths: Sequence[TokenPrice], without: Sequence[str]) -> None:
    """
    Print the tables.
    """
    out = console()
    print_table(_idle(report))
    for line, note in _notes(report).items():
        out.print(f"{line}: {note}", highlight=False, soft_wrap=True)
    if report.usage:
        print_table(_usage(report))
    print_table(_tokens(paths))
    for path in paths:
        out.print(f"[bold]{path.path}[/bold]: {'; '.join(path.assumptions)}", highlight=False, soft_wrap=True)
    print_table(_unpriced(report, without))
    out.print(LEGEND, highlight=False, soft_wrap=True)


def as_data(report: Report, paths: Sequence[TokenPrice], without: Sequence[str]) -> dict[str, Any]:
    """
    The report as plain data; amounts are text, so that no digit is lost.
    """
    return {
        "usd_per_month": str(report.usd_per_month),
        "stacks": {stack: str(usd) for stack, usd in report.by_stack().items()},
        "lines": [
            {
                "stack": line.stack,
                "logical_id": line.logical_id,
                "type": line.type,
                "what": line.what,
                "units_per_month": str(line.units_per_month),
                "usd_per_month": str(line.usd_per_month),
                "price": _price(line.price),
                "note": line.note,
            }
            for line in report.lines
        ],
        "usage": [
            {
                "stack": item.stack,
                "logical_id": item.logical_id,
                "type": item.type,
                "what": item.what,
                "prices": [_price(price) for price in item.prices],
            }
            for item in report.usage
        ],
        "per_million_tokens": [
            {
                "path": path.path,
                "input_usd": None if path.input_usd is None else str(path.input_usd),
                "output_usd": None if path.output_usd is None else str(path.output_usd),
                "mixed_usd": str(path.mixed_usd),
                "assumptions": list(path.assumptions),
                "source": path.source,
                "as_of": path.as_of,
                "confidence": str(path.confidence),
            }
            for path in paths
        ],
        "unpriced": [
            *(
                {"stack": item.stack, "logical_id": item.logical_id, "what": item.what, "reason": item.reason}
                for item in report.unpriced
            ),
            *({"stack": None, "logical_id": None, "what": "tokens", "reason": reason} for reason in without),
        ],
    }


def _idle(report: Report) -> Table:
    table = new_table("Idle floor, USD a month", show_footer=True)
    table.add_column("stack", "total")
    table.add_column("what")
    table.add_column("times", justify="right")
    table.add_column("USD a month", _dollars(report.usd_per_month), justify="right")
    table.add_column("price of one")
    table.add_column("as of")
    table.add_column("trust")
    for stack, lines in groupby(report.lines, key=lambda line: line.stack):
        alike: dict[tuple[str, str], list[Any]] = {}
        for line in lines:
            alike.setdefault((line.what, line.price.line), []).append(line)
        total = report.by_stack()[stack]
        table.add_row(f"[bold]{stack}[/bold]", "", "", f"[bold]{_dollars(total)}[/bold]")
        for (what, _), same in alike.items():
            price = same[0].price
            usd = sum((line.usd_per_month for line in same), Decimal(0))
            one = f"{price.usd} per {price.unit}"
            table.add_row("", what, str(len(same)), _dollars(usd), one, price.as_of, str(price.confidence))
        table.add_section()
    return table


def _notes(report: Report) -> dict[str, str]:
    """
    What to know about a price, by its line.
    """
    return {line.price.line: line.price.note for line in report.lines if line.price.note}


def _usage(report: Report) -> Table:
    table = new_table("Free while idle, paid by usage")
    for heading in ("what", "USD", "as of", "trust"):
        table.add_column(heading)
    seen: dict[str, Price] = {price.line: price for item in report.usage for price in item.prices}
    for line in sorted(seen):
        price = seen[line]
        table.add_row(line, f"{price.usd} per {price.unit}", price.as_of, str(price.confidence))
    return table


def _tokens(paths: Sequence[TokenPrice]) -> Table:
    table = new_table("A million tokens, USD")
    table.add_column("path")
    for heading in ("input", "output", "mixed"):
        table.add_column(heading, justify="right")
    table.add_column("as of")
    table.add_column("trust")
    for path in paths:
        amounts = (path.input_usd, path.output_usd, path.mixed_usd)
        table.add_row(path.path, *map(_fine, amounts), path.as_of, str(path.confidence))
    return table


def _unpriced(report: Report, without: Sequence[str]) -> Table:
    title = "Without a price" if report.unpriced or without else "Without a price: nothing"
    table = new_table(title)
    for heading in ("stack", "what", "times", "why"):
        table.add_column(heading)
    alike: dict[tuple[str, str, str], int] = {}
    for item in report.unpriced:
        key = (item.stack, item.what, item.reason)
        alike[key] = alike.get(key, 0) + 1
    for (stack, what, reason), times in alike.items():
        table.add_row(stack, what, str(times), reason)
    for reason in without:
        table.add_row("", "tokens", "", reason)
    return table


def _price(price: Price) -> dict[str, str]:
    return {
        "line": price.line,
        "usd": str(price.usd),
        "unit": price.unit,
        "source": price.source,
        "as_of": price.as_of,
        "confidence": str(price.confidence),
    }


def _dollars(usd: Decimal) -> str:
    return f"{usd:,.2f}"


def _fine(usd: Decimal | None) -> str:
    return "-" if usd is None else f"{usd:,.4f}"
