"""What is watched of a queue of events that failed."""

from __future__ import annotations

from aws_cdk import aws_sqs as sqs

from genai_layers.operations.watch import AlarmRow, GraphRow, Watch

FAILED_EVENTS: Watch[sqs.IQueue] = Watch(
    title="Failed events",
    alarms=(
        AlarmRow(
            id="Waiting",
            metric=lambda queue: queue.metric_approximate_number_of_messages_visible(statistic="Maximum"),
            threshold=0,
            means="An event failed every try and waits for somebody to look at it.",
            do="Read the message and the log of the function it was for; mend the fault and send the event again.",
        ),
    ),
    graphs=(
        GraphRow(
            title="Waiting",
            metrics={
                "events": lambda queue: queue.metric_approximate_number_of_messages_visible(statistic="Maximum"),
            },
            unit="events",
        ),
    ),
)
