"""What is watched of the platform and of the machines: model, guardrail, ingestion, fleet."""

from __future__ import annotations

from aws_cdk import aws_stepfunctions as stepfunctions

from genai_layers.operations.interfaces import IMeteredFleet, IMeteredGuardrail, IMeteredModel
from genai_layers.operations.watch import AlarmRow, GraphRow, Watch

MODEL: Watch[IMeteredModel] = Watch(
    title="Model",
    alarms=(
        AlarmRow(
            id="Throttles",
            metric=lambda model: model.metric("InvocationThrottles"),
            threshold=0,
            means="Amazon Bedrock refused runs of the model: the quota of the account is used up.",
            do="Compare tokens a minute with the quota; max_output_tokens counts in full when a request begins. "
            "Ask for more, or use a cross-region inference profile.",
        ),
        AlarmRow(
            id="ClientErrors",
            metric=lambda model: model.metric("InvocationClientErrors"),
            threshold=0,
            means="Amazon Bedrock refused requests as wrong.",
            do="Look for service_code in the log: access to the model may be missing, or it does not take a parameter.",
        ),
        AlarmRow(
            id="ServerErrors",
            metric=lambda model: model.metric("InvocationServerErrors"),
            threshold=4,
            means="Amazon Bedrock failed runs of the model.",
            do="Look at the AWS Health Dashboard; switch to another model or region if it lasts.",
        ),
        AlarmRow(
            id="Latency",
            metric=lambda model: model.metric("InvocationLatency").with_(statistic="p90"),
            threshold=18_000,
            periods=3,
            means="One run in ten takes longer than 18 seconds; the chat gives up at 20.",
            do="Shorten answers or passages, or choose a faster model.",
        ),
    ),
    graphs=(
        GraphRow(
            title="Runs",
            metrics={
                "runs": lambda model: model.metric("Invocations"),
                "throttled": lambda model: model.metric("InvocationThrottles"),
                "wrong": lambda model: model.metric("InvocationClientErrors"),
                "failed": lambda model: model.metric("InvocationServerErrors"),
            },
            unit="runs",
        ),
        GraphRow(
            title="Latency",
            metrics={
                "p50": lambda model: model.metric("InvocationLatency").with_(statistic="p50"),
                "p90": lambda model: model.metric("InvocationLatency").with_(statistic="p90"),
            },
            unit="ms",
        ),
        GraphRow(
            title="Tokens of all callers",
            metrics={
                "read": lambda model: model.metric("InputTokenCount"),
                "written": lambda model: model.metric("OutputTokenCount"),
            },
            unit="tokens",
        ),
    ),
)

GUARDRAIL: Watch[IMeteredGuardrail] = Watch(
    title="Guardrail",
    alarms=(
        AlarmRow(
            id="Interventions",
            metric=lambda guardrail: guardrail.metric_interventions(),
            threshold=10,
            means="The guardrail stopped or masked more than ten requests within five minutes.",
            do="Group the chat's log by user and interventions: one user is probing, or a policy is too strict.",
        ),
    ),
    graphs=(
        GraphRow(
            title="Judgements",
            metrics={
                "judged": lambda guardrail: guardrail.metric_invocations(),
                "stopped or masked": lambda guardrail: guardrail.metric_interventions(),
            },
            unit="requests",
        ),
    ),
)

INGESTION: Watch[stepfunctions.IStateMachine] = Watch(
    title="Ingestion",
    alarms=(
        AlarmRow(
            id="Failed",
            metric=lambda machine: machine.metric_failed(),
            threshold=0,
            means="Documents were not ingested: questions are answered from what was there before.",
            do="Open the execution that failed; its error names the documents or the permission.",
        ),
        AlarmRow(
            id="TimedOut",
            metric=lambda machine: machine.metric_timed_out(),
            threshold=0,
            means="An ingestion did not end in time.",
            do="Look at the ingestion job of the data source: it may still run. Split a large upload.",
        ),
        AlarmRow(
            id="Aborted",
            metric=lambda machine: machine.metric_aborted(),
            threshold=0,
            means="Somebody stopped an ingestion.",
            do="Find who in the trail (StopExecution), and start it again.",
        ),
    ),
    graphs=(
        GraphRow(
            title="Ingestions",
            metrics={
                "begun": lambda machine: machine.metric_started(),
                "done": lambda machine: machine.metric_succeeded(),
                "failed": lambda machine: machine.metric_failed(),
            },
            unit="ingestions",
        ),
    ),
)

FLEET: Watch[IMeteredFleet] = Watch(
    title="Fleet",
    alarms=(
        AlarmRow(
            id="UnhealthyMachines",
            metric=lambda fleet: fleet.metric_unhealthy_machines(),
            threshold=0,
            periods=6,
            of_them=6,
            means="A machine has not answered for half an hour, which is longer than a model takes to load.",
            do="Read the log of the machine's engine: the weights, the memory of the accelerator or the image.",
        ),
        AlarmRow(
            id="ServerErrors",
            metric=lambda fleet: fleet.metric_server_errors(),
            threshold=4,
            means="The machines failed five requests or more within five minutes.",
            do="Read the log of the engine; out of memory means fewer requests at once or a shorter context.",
        ),
        AlarmRow(
            id="ResponseTime",
            metric=lambda fleet: fleet.metric_response_time(),
            threshold=10,
            periods=3,
            means="One request in ten waits longer than 10 seconds for its first byte.",
            do="Look at the waiting requests: raise max_machines, or look for why no machine was added.",
        ),
    ),
    graphs=(
        GraphRow(
            title="Requests",
            metrics={
                "requests": lambda fleet: fleet.metric_requests(),
                "failed": lambda fleet: fleet.metric_server_errors(),
            },
            unit="requests",
        ),
        GraphRow(title="Time to first byte", metrics={"p90": lambda fleet: fleet.metric_response_time()}, unit="s"),
        GraphRow(
            title="Machines that do not answer",
            metrics={"machines": lambda fleet: fleet.metric_unhealthy_machines()},
            unit="machines",
        ),
    ),
)
