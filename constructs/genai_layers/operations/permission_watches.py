"""What is watched of who may use which tool of a gateway."""

from __future__ import annotations

from typing import Protocol

from aws_cdk import aws_cloudwatch as cloudwatch

from genai_layers.operations.watch import AlarmRow, GraphRow, Watch


class IMeteredPermissions(Protocol):
    """Permissions of tools, whose refusals AgentCore counts."""

    def metric_denied(self) -> cloudwatch.Metric:
        """Return how many calls no permission named."""
        ...


TOOL_PERMISSIONS: Watch[IMeteredPermissions] = Watch(
    title="Permissions",
    alarms=(
        AlarmRow(
            id="Denied",
            metric=lambda permissions: permissions.metric_denied(),
            threshold=10,
            means="More than ten calls of tools within five minutes were named by no permission.",
            do="Look in the trace for the caller and the tool: an agent was led astray, or a permission was forgotten.",
        ),
    ),
    graphs=(
        GraphRow(
            title="Calls that no permission names",
            metrics={"refused": lambda permissions: permissions.metric_denied()},
            unit="calls",
        ),
    ),
)
