"""Which of several models is asked first."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from .budget import tokens
from .named_models import Choice, NamedModel

OUTPUT_TOKENS = 300
"""What an answer is reckoned to take when prices are compared."""

MEMORY_SECONDS = 300.0
"""How long a measurement counts; a model that was slow gets its next chance then."""

_NEWEST = 0.3
"""Weight of the newest measurement."""


class Speeds:
    """
    How long each model takes to its first words, as this process has seen it lately.

    Args:
        now: A clock, in seconds.
    """

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._seen: dict[tuple[str, bool], tuple[float, float]] = {}

    def add(self, name: str, is_told: bool, seconds: float) -> None:
        """
        Take note of an answer.

        Args:
            name: The model.
            is_told: Whether the answer came in pieces; a whole one takes longer to begin.
            seconds: Time to its first words.
        """
        before = self.of(name, is_told)
        mean = seconds if before is None else before + _NEWEST * (seconds - before)
        self._seen[name, is_told] = (mean, self._now())

    def of(self, name: str, is_told: bool) -> float | None:
        """Return the seconds to the first words; None where none were seen lately."""
        mean, at = self._seen.get((name, is_told), (0.0, float("-inf")))
        return mean if self._now() - at <= MEMORY_SECONDS else None


def ordered(
    choice: Choice,
    models: Sequence[NamedModel],
    *,
    request: Mapping[str, Any],
    is_told: bool,
    speeds: Speeds,
) -> list[NamedModel]:
    """
    Return *models*, the one to ask first at the front; those that are alike stay in the deployment's order.

    Args:
        choice: What is looked at.
        models: Models in the order of the deployment.
        request: Parameters of Converse.
        is_told: Whether the answer comes in pieces.
        speeds: What was measured. A model without a measurement comes first, so that it gets one.
    """
    if choice is Choice.CHEAPEST:
        read = tokens(sum(len(text) for text in texts(request)))
        return sorted(models, key=lambda one: _usd(one, read))
    if choice is Choice.FASTEST:
        return sorted(models, key=lambda one: speeds.of(one.name, is_told) or 0.0)
    return list(models)


def texts(request: Mapping[str, Any]) -> list[str]:
    """Return all that the model is to read."""
    blocks = [*request.get("system", ())]
    for message in request["messages"]:
        blocks += message["content"]
    return [block["guardContent"]["text"]["text"] if "guardContent" in block else block["text"] for block in blocks]


def _usd(model: NamedModel, read: int) -> Decimal:
    # What a self-hosted model costs is the machine's; without a price of its tokens it comes last.
    if model.input_usd_per_million is None or model.output_usd_per_million is None:
        return Decimal("Infinity")
    return read * model.input_usd_per_million + OUTPUT_TOKENS * model.output_usd_per_million
