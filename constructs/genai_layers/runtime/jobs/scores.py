"""The scores in the results of an evaluation, whatever kind of evaluation wrote them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

PREFIX = "Builtin."


@dataclass(slots=True)
class Score:
    """
    What all records together got for one metric.

    Attributes:
        total: Sum of the ratings.
        rated: How many records were rated.
        unrated: How many the judge could not rate.
    """

    total: float = 0.0
    rated: int = 0
    unrated: int = 0

    @property
    def mean(self) -> float | None:
        """Mean of the ratings; None where there are none."""
        return self.total / self.rated if self.rated else None

    @property
    def rated_share(self) -> float:
        """Share of the records that were rated, 0 to 1."""
        records = self.rated + self.unrated
        return self.rated / records if records else 0.0


@dataclass(slots=True)
class Scores:
    """
    Scores by metric, without the `Builtin.` that some results have before a name and others have not.

    Attributes:
        by_metric: Score of each metric.
    """

    by_metric: dict[str, Score] = field(default_factory=dict)

    def add_lines(self, lines: Iterable[str | bytes]) -> None:
        """
        Count the records of a file.

        Args:
            lines: One JSON object each.
        """
        for line in lines:
            if line.strip():
                for name, rating in _ratings(json.loads(line)):
                    score = self.by_metric.setdefault(name.removeprefix(PREFIX), Score())
                    if rating is None:
                        score.unrated += 1
                    else:
                        score.total += rating
                        score.rated += 1


def _ratings(value: Any) -> Iterator[tuple[str, float | None]]:
    """Yield each metric and its rating; evaluations of models and of retrieval nest them in different places."""
    if isinstance(value, Mapping):
        name = value.get("metricName")
        if isinstance(name, str) and "result" in value:
            yield name, _number(value["result"])
            return
        for key, inner in value.items():
            # What was asked and answered is text of others, and no place for ratings.
            if key not in ("inputRecord", "modelResponses", "output"):
                yield from _ratings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _ratings(inner)


def _number(result: Any) -> float | None:
    if isinstance(result, Mapping):
        result = result.get("floatValue")
    return float(result) if isinstance(result, int | float) and not isinstance(result, bool) else None
