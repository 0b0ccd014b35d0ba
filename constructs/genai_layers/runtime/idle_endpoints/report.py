"""What is told: a message for people, and figures for alarms and graphs."""

from __future__ import annotations

from collections.abc import Sequence

from ..shared import log
from ..shared.log import Unit
from .things import Idle, Kind

NAMESPACE = "GenAiLayers/IdleEndpoints"
"""Namespace of the metrics; the construct's graphs look there."""

_MOST_LINES = 200


def subject(found: Sequence[Idle]) -> str:
    """Return the headline: how many things, and their price a month."""
    noun = "thing" if len(found) == 1 else "things"
    return f"SageMaker: {len(found)} idle {noun}, {_usd(total_usd(found))} a month"


def message(found: Sequence[Idle], days: int) -> str:
    """
    Return the text, dearest first.

    Args:
        found: What is idle.
        days: Length of the window.
    """
    ordered = sorted(found, key=lambda each: (-(each.usd_per_month or 0), each.kind, each.name))
    lines = [f"Nobody has used these in {days} days, and they run:", ""]
    lines += [_line(each) for each in ordered[:_MOST_LINES]]
    if len(ordered) > _MOST_LINES:
        lines.append(f"and {len(ordered) - _MOST_LINES} more.")
    lines += [
        "",
        "An endpoint or a notebook is changed where it is defined: delete it, scale it to zero, or stop it.",
        "What somebody does inside a notebook without opening it, such as a job of its own clock, is not seen.",
    ]
    return "\n".join(lines)


def measure(name: str, found: Sequence[Idle]) -> None:
    """
    Write the metrics, also where they are 0.

    Args:
        name: Which check it is, so that two do not add up.
        found: What is idle.
    """
    log.metrics(
        NAMESPACE,
        {"Check": name},
        {
            "IdleEndpoints": (Unit.COUNT, _count(found, Kind.ENDPOINT)),
            "IdleComponents": (Unit.COUNT, _count(found, Kind.COMPONENT)),
            "IdleNotebooks": (Unit.COUNT, _count(found, Kind.NOTEBOOK)),
            "IdleUsdPerMonth": (Unit.NONE, round(total_usd(found), 2)),
            "IdleWithoutPrice": (
                Unit.COUNT,
                sum(each.usd_per_month is None and not each.is_paid_elsewhere for each in found),
            ),
        },
    )


def total_usd(found: Sequence[Idle]) -> float:
    """Return what all of it costs a month, as far as prices are known."""
    return sum(each.usd_per_month or 0 for each in found)


def _line(each: Idle) -> str:
    if each.is_paid_elsewhere:
        price = ""
    elif each.usd_per_month is None:
        price = ", price not known"
    else:
        price = f", {_usd(each.usd_per_month)} a month"
    outlook = f"; {each.outlook}" if each.outlook else ""
    return f"- {each.kind} {each.name}: {each.what}{price}{outlook}"


def _usd(amount: float) -> str:
    return f"{amount:,.2f} USD"


def _count(found: Sequence[Idle], kind: Kind) -> int:
    return sum(each.kind is kind for each in found)
