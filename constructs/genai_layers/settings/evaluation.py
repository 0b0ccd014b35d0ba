"""What an environment file may say of the evaluation of the chat."""

from __future__ import annotations

from pydantic import Field

from genai_layers.settings.section import Section


class EvaluationSettings(Section):
    """
    A golden set, and what is good enough; `genai-layers evaluate` asks it.

    Attributes:
        golden_set: File of questions, from the folder of the app. Default: none, and nothing is evaluated.
        retrieval_hit_rate: Share of the questions whose document is found, at least. Default: 0.9.
        citation_correctness: Share of the citations that are right, at least. Default: 0.8.
        groundedness: Grounding score that the guardrail gives answers, at least; 0 leaves it unjudged. Default: 0.7.
        right_answers: Share of the answers that say what they must, at least. Default: 0.9.
        refusals: Share of the questions to refuse that are refused, at least. Default: 1.
        false_refusals: Share of the other questions that are refused, at most. Default: 0.1.
        p95_ms: Milliseconds within which nineteen of twenty answers are there. Default: 20,000.
        usd_per_answer: Price of the tokens of one answer in the mean, in USD, at most. Default: unjudged.
    """

    golden_set: str | None = Field(default=None, pattern=r"^[\w.-]+(/[\w.-]+)*\.jsonl$")
    retrieval_hit_rate: float = Field(default=0.9, ge=0, le=1)
    citation_correctness: float = Field(default=0.8, ge=0, le=1)
    groundedness: float = Field(default=0.7, ge=0, le=1)
    right_answers: float = Field(default=0.9, ge=0, le=1)
    refusals: float = Field(default=1.0, ge=0, le=1)
    false_refusals: float = Field(default=0.1, ge=0, le=1)
    p95_ms: int = Field(default=20_000, ge=100, le=900_000)
    usd_per_answer: float | None = Field(default=None, gt=0)
