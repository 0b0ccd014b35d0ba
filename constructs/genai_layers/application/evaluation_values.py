"""Values that an evaluation of the chat is asked for with."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from pathlib import Path

from genai_layers.application.errors import EvaluationError
from genai_layers.runtime.application_evaluation.golden_set import GoldenSetError, read

_AT_MOST = ("false_refusals", "p95_ms", "usd_per_answer")
_BEYOND_ONE = ("p95_ms", "usd_per_answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenSet:
    """
    Questions with what their answers must be, in a version that cannot be exchanged unseen.

    Attributes:
        sha256: Digest of the file, in hexadecimal; another file is not asked.
        cases: Number of questions.
        to_refuse: How many of them are to be refused.
    """

    sha256: str
    cases: int
    to_refuse: int

    @property
    def object_key(self) -> str:
        """Where the file lies in the bucket of the evaluation."""
        return f"{FOLDER}/{self.sha256}.jsonl"

    @classmethod
    def of_file(cls, path: Path) -> GoldenSet:
        """
        Return the golden set in *path*, checked line by line.

        Raises:
            EvaluationError: There is no such file, or it is no golden set; every fault is named.
        """
        try:
            content = path.read_bytes()
            sha256 = hashlib.sha256(content).hexdigest()
            cases = read(content, sha256)
            return cls(sha256=sha256, cases=len(cases), to_refuse=sum(case.should_refuse for case in cases))
        except (OSError, GoldenSetError) as fault:
            raise EvaluationError([f"golden set {str(path)!r}: {fault}"]) from fault


FOLDER = "golden-sets"
"""Folder of the golden sets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationThresholds:
    """
    What is good enough; None leaves a measure unjudged.

    Attributes:
        retrieval_hit_rate: Share of the questions whose document is found, at least. Default: 0.9.
        citation_correctness: Share of the citations that are right, at least. Default: 0.8.
        groundedness: Grounding score that the guardrail gives answers, at least. Default: 0.7.
        rated_share: Share of the answers that the guardrail must have scored, where groundedness is judged, at
            least. Default: 0.9.
        right_answers: Share of the answers that say what they must, at least. Default: 0.9.
        refusals: Share of the questions to refuse that are refused, at least. Default: 1, all of them.
        false_refusals: Share of the other questions that are refused, at most. Default: 0.1.
        p95_ms: Milliseconds within which nineteen of twenty answers are there, at most. Default: 20,000.
        usd_per_answer: Price of the tokens of one answer in the mean, in USD, at most. Default: unjudged.
    """

    retrieval_hit_rate: float | None = 0.9
    citation_correctness: float | None = 0.8
    groundedness: float | None = 0.7
    rated_share: float | None = 0.9
    right_answers: float | None = 0.9
    refusals: float | None = 1.0
    false_refusals: float | None = 0.1
    p95_ms: float | None = 20_000
    usd_per_answer: float | None = None

    def faults(self) -> list[str]:
        """Return what is wrong with them."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        faults = [
            f"threshold {name} is {value:g}: give 0 to 1"
            for name, value in given.items()
            if name not in _BEYOND_ONE and value is not None and not 0 <= value <= 1
        ]
        faults += [
            f"threshold {name} is {given[name]:g}: give more than 0"
            for name in _BEYOND_ONE
            if given[name] is not None and given[name] <= 0
        ]
        if self.right_answers is None and self.retrieval_hit_rate is None:
            faults.append("neither right_answers nor retrieval_hit_rate has a threshold: such a gate stops nothing")
        return faults

    def render(self, *, has_refusals: bool = True) -> list[dict[str, object]]:
        """
        Return them as the function takes them; what no one may ever find or lose is always judged.

        Args:
            has_refusals: Whether the golden set has questions to refuse.
        """
        judged: list[dict[str, object]] = [
            {"measure": "forbidden_finds", "at_most": 0},
            {"measure": "unanswered", "at_most": 0},
        ]
        for field in fields(self):
            value = getattr(self, field.name)
            is_idle = (field.name == "rated_share" and self.groundedness is None) or (
                field.name == "refusals" and not has_refusals
            )
            if value is not None and not is_idle:
                judged.append({"measure": field.name, "at_most" if field.name in _AT_MOST else "at_least": value})
        return judged
