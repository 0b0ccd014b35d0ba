"""What is watched of the log of what models are asked."""

from __future__ import annotations

from typing import Protocol

from aws_cdk import aws_cloudwatch as cloudwatch

from genai_layers.operations.watch import AlarmRow, GraphRow, Watch


class IMeteredLogging(Protocol):
    """A log of invocations, whose losses Amazon Bedrock counts."""

    def metric_delivery_failures(self) -> cloudwatch.Metric:
        """Return how many invocations could not be written."""
        ...


LOGGING: Watch[IMeteredLogging] = Watch(
    title="Invocation log",
    alarms=(
        AlarmRow(
            id="Lost",
            metric=lambda logging: logging.metric_delivery_failures(),
            threshold=0,
            means="Amazon Bedrock could not write an invocation into the log: it is in no record of ours.",
            do="Look at the role that writes and at the key of the log group: somebody changed one of them.",
        ),
    ),
    graphs=(
        GraphRow(
            title="Invocations that were not logged",
            metrics={"lost": lambda logging: logging.metric_delivery_failures()},
            unit="invocations",
        ),
    ),
)
