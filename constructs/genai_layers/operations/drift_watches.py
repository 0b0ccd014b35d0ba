"""What is watched of the monitor of an endpoint."""

from __future__ import annotations

from genai_layers.operations.interfaces import IMeteredDrift
from genai_layers.operations.watch import AlarmRow, GraphRow, Watch

DRIFT: Watch[IMeteredDrift] = Watch(
    title="Drift",
    alarms=(
        AlarmRow(
            id="Violations",
            metric=lambda monitor: monitor.metric_violations(),
            threshold=0,
            means="What the endpoint is asked, or how it answers, has moved away from the baseline.",
            do="Read constraint_violations.json in the report of the run; tune the model anew, or make a new baseline "
            "where the change is meant.",
        ),
        AlarmRow(
            id="Failed",
            metric=lambda monitor: monitor.metric_failures(),
            threshold=0,
            means="A run of the monitor failed, so nothing was compared.",
            do="Read its log in /aws/sagemaker/ProcessingJobs: the baseline or the labels may be missing, or there "
            "were no requests.",
        ),
    ),
    graphs=(
        GraphRow(
            title="Runs",
            metrics={
                "with violations": lambda monitor: monitor.metric_violations(),
                "failed": lambda monitor: monitor.metric_failures(),
            },
            unit="runs",
        ),
    ),
)
