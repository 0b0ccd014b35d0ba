"""Alarms that say what to do, and one dashboard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as stepfunctions
from constructs import Construct

from genai_layers.foundation import KeyUse
from genai_layers.operations import application_watches, fleet_watches, hosting_watches, platform_watches, work_watches
from genai_layers.operations.alarm import alarm
from genai_layers.operations.alarm_topic import alarm_topic
from genai_layers.operations.cluster_watches import CLUSTER
from genai_layers.operations.drift_watches import DRIFT
from genai_layers.operations.errors import MonitoringError
from genai_layers.operations.interfaces import (
    ICountedJob,
    IMeteredAgent,
    IMeteredApi,
    IMeteredChat,
    IMeteredCluster,
    IMeteredDrift,
    IMeteredEndpoint,
    IMeteredFleet,
    IMeteredGuardrail,
    IMeteredIdleCheck,
    IMeteredJob,
    IMeteredModel,
    IQueuedEndpoint,
    ITimedAgent,
    IWakingEndpoint,
    IWakingFleet,
)
from genai_layers.operations.watch import Watch

Watched = TypeVar("Watched")
Thresholds = Mapping[str, float]

_WIDTH = 24
"""Columns of a dashboard (CloudWatch)."""


class Monitoring(Construct):
    """
    A topic, alarms for each part that is monitored, and a dashboard with a row for each.

    Every alarm tells the topic when it begins and when it ends, and its message says what has happened and what
    to do. A part that sends no data is quiet, not broken: nobody may have asked anything.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new topic.
        key: Key for the messages; it needs `REQUIRED_KEY_USES`.
        email: Who is written to; the address confirms by a link. Default: nobody, others subscribe to the topic.
        anomaly_detection: Whether alarms that learn what is usual are made too; each costs 0.30 USD a month and
            needs two weeks to learn. Default: yes.

    Attributes:
        topic: What alarms are told to.
        dashboard: The dashboard.
        alarms: Alarms by their path within this construct.

    Example:
        monitoring = Monitoring(self, "Monitoring", key=log_key.key, email="oncall@example.com")
        monitoring.monitor_api(api)
        monitoring.monitor_model(model, thresholds={"Latency": 15_000})
    """

    REQUIRED_KEY_USES = (KeyUse.CLOUDWATCH_ALARMS,)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        email: str | None = None,
        anomaly_detection: bool = True,
    ) -> None:
        super().__init__(scope, id)
        self._learns = anomaly_detection
        self.topic = alarm_topic(self, "Topic", key=key, email=email)
        self.dashboard = cloudwatch.Dashboard(
            self, "Dashboard", default_interval=Duration.hours(12), period_override=cloudwatch.PeriodOverride.AUTO
        )
        self.alarms: dict[str, cloudwatch.AlarmBase] = {}

    def monitor_api(
        self, api: IMeteredApi, *, id: str = "Api", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """
        Watch an API.

        Args:
            api: The API.
            id: Name of the part, on the dashboard and in the ids of its alarms.
            thresholds: Thresholds that differ, by the id of the alarm.
        """
        return self._watch(application_watches.API, api, id, thresholds)

    def monitor_function(
        self, function: lambda_.IFunction, *, id: str = "Function", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch a function; see `monitor_api` for the arguments."""
        return self._watch(application_watches.FUNCTION, function, id, thresholds)

    def monitor_table(
        self, table: dynamodb.ITable, *, id: str = "Table", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch a table; see `monitor_api` for the arguments."""
        return self._watch(application_watches.TABLE, table, id, thresholds)

    def monitor_chat(
        self, chat: IMeteredChat, *, id: str = "Chat", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch what a chat counts of its answers; see `monitor_api` for the arguments."""
        return self._watch(application_watches.CHAT, chat, id, thresholds)

    def monitor_model(
        self, model: IMeteredModel, *, id: str = "Model", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch a model of Amazon Bedrock; see `monitor_api` for the arguments."""
        return self._watch(platform_watches.MODEL, model, id, thresholds)

    def monitor_guardrail(
        self, guardrail: IMeteredGuardrail, *, id: str = "Guardrail", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch a guardrail; see `monitor_api` for the arguments."""
        return self._watch(platform_watches.GUARDRAIL, guardrail, id, thresholds)

    def monitor_ingestion(
        self, machine: stepfunctions.IStateMachine, *, id: str = "Ingestion", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch the ingestion of documents; see `monitor_api` for the arguments."""
        return self._watch(platform_watches.INGESTION, machine, id, thresholds)

    def monitor_fleet(
        self, fleet: IMeteredFleet, *, id: str = "Fleet", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch machines that serve a model, those that a request wakes for coming, too; see `monitor_api`."""
        if isinstance(fleet, IWakingFleet) and fleet.time_to_wake is not None:
            return self._watch(fleet_watches.waking_fleet(fleet.time_to_wake), fleet, id, thresholds)
        return self._watch(platform_watches.FLEET, fleet, id, thresholds)

    def monitor_cluster(
        self, cluster: IMeteredCluster, *, id: str = "Cluster", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch a cluster of Kubernetes; see `monitor_api` for the arguments."""
        return self._watch(CLUSTER, cluster, id, thresholds)

    def monitor_endpoint(
        self, endpoint: IMeteredEndpoint, *, id: str = "Endpoint", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """
        Watch a model that SageMaker serves; see `monitor_api` for the arguments.

        A model that may have no copy is also watched for requests that find none, and one with a queue for what
        waits in it; its answers may take their time. Thresholds of latencies are microseconds, as SageMaker counts.

        Raises:
            MonitoringError: It has no requests of its own, as an endpoint that several models share.
        """
        if isinstance(endpoint, IQueuedEndpoint):
            return self._watch(hosting_watches.QUEUED_ENDPOINT, endpoint, id, thresholds)
        if isinstance(endpoint, IWakingEndpoint):
            return self._watch(hosting_watches.WAKING_ENDPOINT, endpoint, id, thresholds)
        if not isinstance(endpoint, IMeteredEndpoint):
            raise MonitoringError(
                [
                    f"{type(endpoint).__name__} {id!r} has no requests of its own: monitor each model that its "
                    "add_model returned"
                ]
            )
        return self._watch(hosting_watches.ENDPOINT, endpoint, id, thresholds)

    def monitor_job(
        self, job: IMeteredJob, *, id: str = "Job", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch the runs of a job; see `monitor_api` for the arguments."""
        if isinstance(job, ICountedJob):
            return self._watch(work_watches.COUNTED_JOB, job, id, thresholds)
        return self._watch(work_watches.JOB, job, id, thresholds)

    def monitor_agent(
        self, agent: IMeteredAgent, *, id: str = "Agent", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch an agent or a gateway to its tools; see `monitor_api` for the arguments."""
        if isinstance(agent, ITimedAgent):
            return self._watch(work_watches.TIMED_AGENT, agent, id, thresholds)
        return self._watch(work_watches.AGENT, agent, id, thresholds)

    def monitor_idle_check(
        self, check: IMeteredIdleCheck, *, id: str = "Idle", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch the check for what runs unused, and draw what it finds; see `monitor_api` for the arguments."""
        return self._watch(work_watches.IDLE_CHECK, check, id, thresholds)

    def monitor_drift(
        self, monitor: IMeteredDrift, *, id: str = "Drift", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch what the monitor of an endpoint finds; see `monitor_api` for the arguments."""
        return self._watch(DRIFT, monitor, id, thresholds)

    def _watch(
        self, watch: Watch[Watched], thing: Watched, id: str, thresholds: Thresholds | None
    ) -> list[cloudwatch.AlarmBase]:
        given = dict(thresholds or {})
        known = [row.id for row in watch.alarms]
        faults = [
            f"threshold {name!r} is for no alarm of {id}: choose from {', '.join(known)}"
            for name in given
            if name not in known
        ]
        if self.node.try_find_child(id) is not None:
            faults.append(f"a part {id!r} is monitored already: give this one another id")
        if faults:
            raise MonitoringError(faults)
        part = Construct(self, id)
        made = {
            row.id: alarm(part, row.at(given.get(row.id)), thing, topic=self.topic)
            for row in watch.alarms
            if self._learns or not row.is_anomaly
        }
        self.alarms |= {f"{id}/{name}": one for name, one in made.items()}
        self._draw(watch, thing, id, list(made.values()))
        return list(made.values())

    def _draw(self, watch: Watch[Watched], thing: Watched, id: str, alarms: list[cloudwatch.AlarmBase]) -> None:
        title = watch.title if id == watch.title else f"{watch.title} {id}"
        graphs: list[cloudwatch.IWidget] = [
            cloudwatch.GraphWidget(
                title=graph.title,
                width=_WIDTH // len(watch.graphs),
                left=[make(thing).with_(label=label) for label, make in graph.metrics.items()],
                left_y_axis=cloudwatch.YAxisProps(label=graph.unit, min=0, show_units=False),
            )
            for graph in watch.graphs
        ]
        self.dashboard.add_widgets(cloudwatch.TextWidget(markdown=f"## {title}", width=_WIDTH, height=1))
        self.dashboard.add_widgets(cloudwatch.AlarmStatusWidget(alarms=alarms, width=_WIDTH, height=2))
        self.dashboard.add_widgets(*graphs)
