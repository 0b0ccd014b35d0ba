"""What is measured, when to shout and what to draw, as tables; one for each kind of thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from aws_cdk import aws_cloudwatch as cloudwatch

Watched = TypeVar("Watched", contravariant=True)
"""What is watched; a row for a thing in general also serves for one that offers more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRow(Generic[Watched]):
    """
    One alarm.

    Attributes:
        id: Name within the part; part of a public contract.
        metric: Makes the metric.
        threshold: Value that must be exceeded; deviations from what is usual where *is_anomaly*.
        means: What has happened, for whoever reads the message.
        do: What to do about it.
        minutes: Length of a period.
        periods: Periods that are looked at.
        of_them: Periods that must exceed the threshold. Default: all of *periods*.
        is_anomaly: Whether the threshold counts standard deviations above what CloudWatch learned to expect.
    """

    id: str
    metric: Callable[[Watched], cloudwatch.Metric | cloudwatch.MathExpression]
    threshold: float
    means: str
    do: str
    minutes: int = 5
    periods: int = 1
    of_them: int | None = None
    is_anomaly: bool = False

    @property
    def description(self) -> str:
        """What the message says."""
        return f"{self.means} {self.do}"

    def at(self, threshold: float | None) -> AlarmRow[Watched]:
        """Return the row with another threshold, or itself where that is None."""
        return self if threshold is None else replace(self, threshold=threshold)


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphRow(Generic[Watched]):
    """
    One graph.

    Attributes:
        title: What it shows.
        metrics: Make its lines, by their labels.
        unit: Label of the axis.
    """

    title: str
    metrics: dict[str, Callable[[Watched], cloudwatch.Metric]]
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch(Generic[Watched]):
    """
    All that is watched of one kind of thing.

    Attributes:
        title: Heading on the dashboard.
        alarms: Alarms.
        graphs: Graphs.
    """

    title: str
    alarms: tuple[AlarmRow[Watched], ...]
    graphs: tuple[GraphRow[Watched], ...]
