"""What is watched of the evaluation of a chat."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from aws_cdk import aws_cloudwatch as cloudwatch

from genai_layers.operations.watch import AlarmRow, GraphRow, Watch


@runtime_checkable
class IMeteredEvaluation(Protocol):
    """An evaluation that counts what it measured."""

    def metric(self, name: str, *, statistic: str = "Average") -> cloudwatch.Metric:
        """Return a metric that the evaluation writes, once a run."""
        ...

    def metric_below(self) -> cloudwatch.Metric:
        """Return how many measures were not good enough."""
        ...

    def metric_broken(self) -> cloudwatch.Metric:
        """Return how many runs broke off."""
        ...


EVALUATION: Watch[IMeteredEvaluation] = Watch(
    title="Evaluation",
    alarms=(
        AlarmRow(
            id="BelowThreshold",
            metric=lambda evaluation: evaluation.metric_below(),
            threshold=0,
            means="The answers to the golden set are not good enough: a threshold was not met.",
            do="Read below and wrong in the report that the execution names; take back what was deployed before it.",
        ),
        AlarmRow(
            id="Broken",
            metric=lambda evaluation: evaluation.metric_broken(),
            threshold=0,
            means="An evaluation broke off, so nothing was measured.",
            do="Read its log: the golden set was not put, is another than was deployed, or a permission is missing.",
        ),
    ),
    graphs=(
        GraphRow(
            title="Quality",
            metrics={
                "document found": lambda evaluation: evaluation.metric("RetrievalHitRate"),
                "citations right": lambda evaluation: evaluation.metric("CitationCorrectness"),
                "grounded": lambda evaluation: evaluation.metric("Groundedness"),
                "answers right": lambda evaluation: evaluation.metric("RightAnswers"),
            },
            unit="share",
        ),
        GraphRow(
            title="Refusals",
            metrics={
                "rightly": lambda evaluation: evaluation.metric("Refusals"),
                "wrongly": lambda evaluation: evaluation.metric("FalseRefusals"),
            },
            unit="share",
        ),
        GraphRow(
            title="Time to answer",
            metrics={
                "p50": lambda evaluation: evaluation.metric("P50Ms"),
                "p95": lambda evaluation: evaluation.metric("P95Ms"),
            },
            unit="ms",
        ),
        GraphRow(title="Cost of a run", metrics={"USD": lambda evaluation: evaluation.metric("Usd")}, unit="USD"),
    ),
)
