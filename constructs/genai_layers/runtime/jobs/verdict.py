"""Whether scores are good enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .scores import PREFIX, Scores


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """
    What the mean of a metric must be.

    Attributes:
        metric: Name, with or without `Builtin.`.
        at_least: Lowest mean that is good enough; None for no such bound.
        at_most: Highest; None for no such bound.
    """

    metric: str
    at_least: float | None
    at_most: float | None

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> Threshold:
        """Return the threshold that the state machine was given."""
        return cls(metric=given["metric"], at_least=given.get("at_least"), at_most=given.get("at_most"))


def verdict(scores: Scores, thresholds: Sequence[Threshold], rated_share: float) -> dict[str, Any]:
    """
    Return whether every threshold is kept, the scores, and every reason why not.

    A metric that was not measured, or that the judge could not rate often enough, keeps no threshold: silence is no
    good mark.

    Args:
        scores: What was measured.
        thresholds: What is wanted.
        rated_share: Share of the records that must have been rated, 0 to 1.
    """
    faults = [fault for threshold in thresholds for fault in _faults(scores, threshold, rated_share)]
    return {
        "passed": not faults,
        "faults": faults,
        "scores": {
            name: {"mean": score.mean, "rated": score.rated, "unrated": score.unrated}
            for name, score in sorted(scores.by_metric.items())
        },
    }


def _faults(scores: Scores, threshold: Threshold, rated_share: float) -> list[str]:
    score = scores.by_metric.get(threshold.metric.removeprefix(PREFIX))
    if score is None or score.mean is None:
        return [f"{threshold.metric} has no rating: look at the results for what the evaluation could not do"]
    faults = []
    if score.rated_share < rated_share:
        faults.append(
            f"{threshold.metric} was rated in {score.rated_share:.0%} of the records, at least {rated_share:.0%} is "
            "wanted"
        )
    if threshold.at_least is not None and score.mean < threshold.at_least:
        faults.append(f"{threshold.metric} is {score.mean:.4g} on average, at least {threshold.at_least:g} is wanted")
    if threshold.at_most is not None and score.mean > threshold.at_most:
        faults.append(f"{threshold.metric} is {score.mean:.4g} on average, at most {threshold.at_most:g} is wanted")
    return faults
