"""What a tuned model must reach."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class EvaluationError(ValueError):
    """The evaluation cannot be read, so nothing is known of the model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """
    What one metric must reach.

    Attributes:
        metric: Its name in the evaluation.
        higher_is_better: Which way is better.
        least: Value that must be reached: a lower bound, or an upper one where lower is better. None: any.
        tolerance: How much worse than the base model it may be, in units of the metric; negative demands a gain. None:
            not compared.
        margin: Gain over the base model from which nobody needs to look. None: somebody looks.
    """

    metric: str
    higher_is_better: bool = True
    least: float | None = None
    tolerance: float | None = 0.0
    margin: float | None = None

    def gain(self, base: float, tuned: float) -> float:
        """Return by how much *tuned* is better than *base*; negative when it is worse."""
        return tuned - base if self.higher_is_better else base - tuned

    def faults(self, base: float, tuned: float) -> list[str]:
        """Return why *tuned* falls short."""
        faults = []
        if self.least is not None and self.gain(self.least, tuned) < 0:
            word = "below" if self.higher_is_better else "above"
            faults.append(f"{self.metric} is {tuned:g}, {word} {self.least:g}")
        if self.tolerance is not None and self.gain(base, tuned) < -self.tolerance:
            faults.append(
                f"{self.metric} is {tuned:g} and {base:g} for the base model, allowed loss {self.tolerance:g}"
            )
        return faults

    def speaks_for_itself(self, base: float, tuned: float) -> bool:
        """Return whether the gain is large enough to go without a person."""
        return self.margin is not None and self.gain(base, tuned) >= self.margin


def parse(text: str) -> tuple[Standard, ...]:
    """Read standards from a JSON list of objects with the attributes of `Standard`."""
    return tuple(Standard(**each) for each in json.loads(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """
    What the evaluator measured.

    Attributes:
        base: Values by metric, for the base model.
        tuned: Values by metric, for the tuned model.
        records: Held-out records that both answered.
    """

    base: Mapping[str, float]
    tuned: Mapping[str, float]
    records: int

    @classmethod
    def parse(cls, text: bytes) -> Evaluation:
        """
        Read an evaluation: `{"records": 200, "base": {"accuracy": 0.71}, "tuned": {"accuracy": 0.84}}`.

        Raises:
            EvaluationError: It is something else.
        """
        try:
            content: Any = json.loads(text)
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise EvaluationError(f"evaluation.json is no JSON: {error}") from error
        if not isinstance(content, dict) or not isinstance(content.get("records"), int):
            raise EvaluationError("evaluation.json must hold records, base and tuned")
        return cls(base=_values(content, "base"), tuned=_values(content, "tuned"), records=content["records"])


def _values(content: Mapping[str, Any], which: str) -> dict[str, float]:
    values = content.get(which)
    if not isinstance(values, dict) or not values:
        raise EvaluationError(f"evaluation.json has no metrics of the {which} model")
    wrong = [
        name
        for name, value in values.items()
        # NaN compares as false with everything, so it would pass as not worse.
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value)
    ]
    if wrong:
        raise EvaluationError(f"{', '.join(wrong)} of the {which} model is no finite number")
    return {name: float(value) for name, value in values.items()}
