"""What is watched of work that takes its time, jobs and agents, and of the check for what runs unused."""

from __future__ import annotations

from genai_layers.operations.interfaces import (
    ICountedJob,
    IMeteredAgent,
    IMeteredIdleCheck,
    IMeteredJob,
    ITimedAgent,
)
from genai_layers.operations.watch import AlarmRow, GraphRow, Watch

JOB: Watch[IMeteredJob] = Watch(
    title="Job",
    alarms=(
        AlarmRow(
            id="Failed",
            metric=lambda job: job.metric_failed(),
            threshold=0,
            means="A run of the job failed.",
            do="Open the execution that failed; its error and cause name the step, the data or the permission.",
        ),
        AlarmRow(
            id="TimedOut",
            metric=lambda job: job.metric_timed_out(),
            threshold=0,
            means="A run of the job did not end in time.",
            do="Look in the console of the service whether its job still runs and costs money, and stop it there.",
        ),
    ),
    graphs=(
        GraphRow(
            title="Runs without a result",
            metrics={
                "failed": lambda job: job.metric_failed(),
                "out of time": lambda job: job.metric_timed_out(),
            },
            unit="runs",
        ),
    ),
)

COUNTED_JOB: Watch[ICountedJob] = Watch(
    title="Job",
    alarms=JOB.alarms,
    graphs=(
        GraphRow(
            title="Runs",
            metrics={
                "begun": lambda job: job.metric_started(),
                "failed": lambda job: job.metric_failed(),
                "out of time": lambda job: job.metric_timed_out(),
            },
            unit="runs",
        ),
    ),
)

AGENT: Watch[IMeteredAgent] = Watch(
    title="Agent",
    alarms=(
        AlarmRow(
            id="Errors",
            metric=lambda agent: agent.metric_errors(),
            threshold=4,
            means="Five calls or more failed within five minutes.",
            do="Read the log group of the agent and of its actions; with nothing there, the AWS Health Dashboard.",
        ),
        AlarmRow(
            id="Throttles",
            metric=lambda agent: agent.metric_throttles(),
            threshold=0,
            means="Calls were refused for their rate: a quota of the account is used up.",
            do="Look for a caller in a loop, an agent that calls itself included; then ask for a higher quota.",
        ),
    ),
    graphs=(
        GraphRow(
            title="Calls without an answer",
            metrics={
                "failed": lambda agent: agent.metric_errors(),
                "refused": lambda agent: agent.metric_throttles(),
            },
            unit="calls",
        ),
    ),
)

TIMED_AGENT: Watch[ITimedAgent] = Watch(
    title="Agent",
    alarms=(
        *AGENT.alarms,
        AlarmRow(
            id="Latency",
            metric=lambda agent: agent.metric_latency().with_(statistic="p90"),
            threshold=60_000,
            periods=3,
            means="One answer in ten takes longer than a minute.",
            do="Read the trace of a slow one: it shows how many steps there were, and how long each tool took.",
        ),
    ),
    graphs=(
        GraphRow(
            title="Calls",
            metrics={
                "calls": lambda agent: agent.metric_invocations(),
                "failed": lambda agent: agent.metric_errors(),
                "refused": lambda agent: agent.metric_throttles(),
            },
            unit="calls",
        ),
        GraphRow(
            title="Time to answer",
            metrics={
                "p50": lambda agent: agent.metric_latency().with_(statistic="p50"),
                "p90": lambda agent: agent.metric_latency().with_(statistic="p90"),
            },
            unit="ms",
        ),
    ),
)

IDLE_CHECK: Watch[IMeteredIdleCheck] = Watch(
    title="Idle",
    alarms=(
        AlarmRow(
            id="Failed",
            metric=lambda check: check.metric_failures(),
            threshold=0,
            means="The check for idle endpoints failed, so nothing idle is told until it runs again.",
            do="Read its log; a denied action or a service that did not answer stands there. The event is in its "
            "dead letter queue.",
        ),
    ),
    graphs=(
        GraphRow(
            title="Without use",
            metrics={
                "endpoints": lambda check: check.metric("IdleEndpoints"),
                "inference components": lambda check: check.metric("IdleComponents"),
                "notebooks": lambda check: check.metric("IdleNotebooks"),
                "of them without a price": lambda check: check.metric("IdleWithoutPrice"),
            },
            unit="things",
        ),
        GraphRow(
            title="Cost of what is unused",
            metrics={"a month": lambda check: check.metric("IdleUsdPerMonth")},
            unit="USD",
        ),
    ),
)
