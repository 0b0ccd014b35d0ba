"""Puts AWS behind answers about data."""

from __future__ import annotations

from ..assist import wiring
from ..assist.judging import Guardrail
from .athena import Athena
from .ports import InsightPorts, InsightSettings


def wire(settings: InsightSettings) -> InsightPorts:
    """Return what answers of *settings* stand on, with one client for each AWS service."""
    shared = wiring.wire(settings)
    return InsightPorts(
        settings=settings,
        model=shared.model,
        judge=Guardrail(settings),
        engine=Athena(settings),
        replays=shared.replays,
        budgets=shared.budgets,
    )
