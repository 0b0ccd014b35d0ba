"""What is watched of a model that SageMaker serves, however it is served. SageMaker counts latency in microseconds."""

from __future__ import annotations

from genai_layers.operations.interfaces import IMeteredEndpoint, IQueuedEndpoint, IWakingEndpoint
from genai_layers.operations.watch import AlarmRow, GraphRow, Watch

_SERVER_ERRORS: AlarmRow[IMeteredEndpoint] = AlarmRow(
    id="ServerErrors",
    metric=lambda endpoint: endpoint.metric_server_errors(),
    threshold=4,
    means="The container failed five requests or more within five minutes.",
    do="Read the log group of the model; out of memory means fewer requests at once or a shorter context.",
)
_CLIENT_ERRORS: AlarmRow[IMeteredEndpoint] = AlarmRow(
    id="ClientErrors",
    metric=lambda endpoint: endpoint.metric_client_errors(),
    threshold=50,
    means="The container refused more than 50 requests as wrong within five minutes.",
    do="Read the log group of the model: a client sends what the container does not take, or more than the context.",
)
_LATENCY: AlarmRow[IMeteredEndpoint] = AlarmRow(
    id="Latency",
    metric=lambda endpoint: endpoint.metric("ModelLatency", "p95"),
    threshold=20_000_000,
    periods=3,
    means="One request in twenty takes the model longer than 20 seconds.",
    do="Compare the requests with the copies or machines: raise their upper bound, or shorten answers.",
)
_OVERHEAD: AlarmRow[IMeteredEndpoint] = AlarmRow(
    id="Overhead",
    metric=lambda endpoint: endpoint.metric("OverheadLatency", "p95"),
    threshold=2_000_000,
    periods=3,
    means="One request in twenty waits longer than two seconds for SageMaker itself.",
    do="Look at the size of requests and at the AWS Health Dashboard; a serverless endpoint counts its cold starts "
    "here, so give it warm_concurrency.",
)
_REQUESTS: GraphRow[IMeteredEndpoint] = GraphRow(
    title="Requests",
    metrics={
        "requests": lambda endpoint: endpoint.metric_invocations(),
        "wrong": lambda endpoint: endpoint.metric_client_errors(),
        "failed": lambda endpoint: endpoint.metric_server_errors(),
    },
    unit="requests",
)
_TIME: GraphRow[IMeteredEndpoint] = GraphRow(
    title="Time to answer",
    metrics={
        "model, p50": lambda endpoint: endpoint.metric("ModelLatency", "p50"),
        "model, p95": lambda endpoint: endpoint.metric("ModelLatency", "p95"),
        "SageMaker, p95": lambda endpoint: endpoint.metric("OverheadLatency", "p95"),
    },
    unit="µs",
)

ENDPOINT: Watch[IMeteredEndpoint] = Watch(
    title="Endpoint",
    alarms=(_SERVER_ERRORS, _CLIENT_ERRORS, _LATENCY, _OVERHEAD),
    graphs=(_REQUESTS, _TIME),
)

WAKING_ENDPOINT: Watch[IWakingEndpoint] = Watch(
    title="Endpoint",
    alarms=(
        *ENDPOINT.alarms,
        AlarmRow(
            id="NoCapacity",
            metric=lambda endpoint: endpoint.metric_no_capacity(),
            threshold=0,
            periods=6,
            of_them=4,
            means="Requests have found no copy for longer than a copy takes to come back from zero.",
            do="Look at the activities of its scalable target and at the failure reason of the component: a machine "
            "may not be had, or the model does not start.",
        ),
    ),
    graphs=(
        *ENDPOINT.graphs,
        GraphRow(
            title="Requests that found no copy",
            metrics={"requests": lambda endpoint: endpoint.metric_no_capacity()},
            unit="requests",
        ),
    ),
)

QUEUED_ENDPOINT: Watch[IQueuedEndpoint] = Watch(
    title="Endpoint",
    alarms=(
        _SERVER_ERRORS,
        _CLIENT_ERRORS,
        AlarmRow(
            id="Unanswered",
            metric=lambda endpoint: endpoint.metric_failures(),
            threshold=0,
            means="A request of the queue ended without an answer.",
            do="Read what lies among the failures of the mailbox; send the request again when its cause is gone.",
        ),
        AlarmRow(
            id="Backlog",
            metric=lambda endpoint: endpoint.metric_backlog(),
            threshold=100,
            periods=6,
            means="More than 100 requests have waited for half an hour.",
            do="Look for why no machine was added; raise the upper bound of machines where all of them are at work.",
        ),
    ),
    graphs=(
        _REQUESTS,
        GraphRow(
            title="Queue",
            metrics={
                "waiting": lambda endpoint: endpoint.metric_backlog(),
                "without an answer": lambda endpoint: endpoint.metric_failures(),
            },
            unit="requests",
        ),
    ),
)
