"""Whether measures are good enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .measures import Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """
    Bounds of one measure.

    Attributes:
        measure: The measure.
        at_least: Lowest value that is good enough; None sets none.
        at_most: Highest; None sets none.
    """

    measure: Measure
    at_least: float | None = None
    at_most: float | None = None

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> Threshold:
        """Return the threshold that the state machine wrote."""
        return cls(measure=Measure(given["measure"]), at_least=given.get("at_least"), at_most=given.get("at_most"))

    def fault(self, value: float | None) -> str | None:
        """Return what is wrong with *value*; a measure that could not be taken is not good enough."""
        name = self.measure.value
        if value is None:
            return f"{name} could not be measured, and has a threshold"
        if self.at_least is not None and value < self.at_least:
            return f"{name} is {value:.4g}, at least {self.at_least:g} is wanted"
        if self.at_most is not None and value > self.at_most:
            return f"{name} is {value:.4g}, at most {self.at_most:g} is wanted"
        return None


def faults(measured: Mapping[Measure, float | None], thresholds: Sequence[Threshold]) -> list[str]:
    """Return what is not good enough."""
    found = (threshold.fault(measured[threshold.measure]) for threshold in thresholds)
    return [fault for fault in found if fault is not None]
