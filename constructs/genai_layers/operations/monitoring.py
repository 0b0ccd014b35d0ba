"""Alarms that say what to do, and one dashboard."""

from __future__ import annotations

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as stepfunctions

from genai_layers.foundation import KeyUse
from genai_layers.operations import application_watches, fleet_watches, hosting_watches, platform_watches, work_watches
from genai_layers.operations.board import Board, Thresholds
from genai_layers.operations.cluster_watches import CLUSTER
from genai_layers.operations.drift_watches import DRIFT
from genai_layers.operations.enclave_watches import BROKER, IMeteredBroker
from genai_layers.operations.errors import MonitoringError
from genai_layers.operations.evaluation_watches import EVALUATION, IMeteredEvaluation
from genai_layers.operations.interfaces import (
    ICountedJob,
    IMeteredAgent,
    IMeteredApi,
    IMeteredChat,
    IMeteredCluster,
    IMeteredDrift,
    IMeteredEndpoint,
    IMeteredFirewall,
    IMeteredFleet,
    IMeteredGuardrail,
    IMeteredIdleCheck,
    IMeteredJob,
    IMeteredModel,
    IMeteredStore,
    IQueuedEndpoint,
    ITimedAgent,
    IWakingEndpoint,
    IWakingFleet,
)
from genai_layers.operations.logging_watches import LOGGING, IMeteredLogging
from genai_layers.operations.permission_watches import TOOL_PERMISSIONS, IMeteredPermissions
from genai_layers.operations.queue_watches import FAILED_EVENTS
from genai_layers.operations.router_watches import ROUTED_CHAT, IRoutedChat
from genai_layers.operations.store_watches import STORE
from genai_layers.operations.trail_watches import TRAIL, IMeteredTrail
from genai_layers.operations.training_watches import TRAINING_CLUSTER, IMeteredTrainingCluster


class Monitoring(Board):
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
        return self.watch(application_watches.API, api, id, thresholds)

    def monitor_firewall(
        self, firewall: IMeteredFirewall, *, id: str = "Firewall", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch what a firewall refuses; see `monitor_api` for the arguments."""
        return self.watch(application_watches.FIREWALL, firewall, id, thresholds)

    def monitor_function(
        self, function: lambda_.IFunction, *, id: str = "Function", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch a function; see `monitor_api` for the arguments."""
        return self.watch(application_watches.FUNCTION, function, id, thresholds)

    def monitor_failed_events(
        self, queue: sqs.IQueue, *, id: str = "FailedEvents", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch a queue of events that failed every try; see `monitor_api` for the arguments."""
        return self.watch(FAILED_EVENTS, queue, id, thresholds)

    def monitor_table(
        self, table: dynamodb.ITable, *, id: str = "Table", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch a table; see `monitor_api` for the arguments."""
        return self.watch(application_watches.TABLE, table, id, thresholds)

    def monitor_chat(
        self, chat: IMeteredChat, *, id: str = "Chat", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch what a chat counts of its answers, and which models fail where it has several; see `monitor_api`."""
        if isinstance(chat, IRoutedChat) and chat.has_named_models:
            return self.watch(ROUTED_CHAT, chat, id, thresholds)
        return self.watch(application_watches.CHAT, chat, id, thresholds)

    def monitor_model(
        self, model: IMeteredModel, *, id: str = "Model", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch a model of Amazon Bedrock; see `monitor_api` for the arguments."""
        return self.watch(platform_watches.MODEL, model, id, thresholds)

    def monitor_guardrail(
        self, guardrail: IMeteredGuardrail, *, id: str = "Guardrail", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch a guardrail; see `monitor_api` for the arguments."""
        return self.watch(platform_watches.GUARDRAIL, guardrail, id, thresholds)

    def monitor_ingestion(
        self, machine: stepfunctions.IStateMachine, *, id: str = "Ingestion", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch the ingestion of documents; see `monitor_api` for the arguments."""
        return self.watch(platform_watches.INGESTION, machine, id, thresholds)

    def monitor_store(
        self, knowledge_base: IMeteredStore, *, id: str = "Store", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch the store of a knowledge base that has a bound of ours; see `monitor_api` for the arguments."""
        return self.watch(STORE, knowledge_base, id, thresholds)

    def monitor_fleet(
        self, fleet: IMeteredFleet, *, id: str = "Fleet", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch machines that serve a model, those that a request wakes for coming, too; see `monitor_api`."""
        if isinstance(fleet, IWakingFleet) and fleet.time_to_wake is not None:
            return self.watch(fleet_watches.waking_fleet(fleet.time_to_wake), fleet, id, thresholds)
        return self.watch(platform_watches.FLEET, fleet, id, thresholds)

    def monitor_cluster(
        self, cluster: IMeteredCluster, *, id: str = "Cluster", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch a cluster of Kubernetes; see `monitor_api` for the arguments."""
        return self.watch(CLUSTER, cluster, id, thresholds)

    def monitor_broker(
        self, broker: IMeteredBroker, *, id: str = "KeyBroker", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch machines that hold an enclave; see `monitor_api` for the arguments."""
        return self.watch(BROKER, broker, id, thresholds)

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
            return self.watch(hosting_watches.QUEUED_ENDPOINT, endpoint, id, thresholds)
        if isinstance(endpoint, IWakingEndpoint):
            return self.watch(hosting_watches.WAKING_ENDPOINT, endpoint, id, thresholds)
        if not isinstance(endpoint, IMeteredEndpoint):
            raise MonitoringError(
                [
                    f"{type(endpoint).__name__} {id!r} has no requests of its own: monitor each model that its "
                    "add_model returned"
                ]
            )
        return self.watch(hosting_watches.ENDPOINT, endpoint, id, thresholds)

    def monitor_job(
        self, job: IMeteredJob, *, id: str = "Job", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch the runs of a job; see `monitor_api` for the arguments."""
        if isinstance(job, ICountedJob):
            return self.watch(work_watches.COUNTED_JOB, job, id, thresholds)
        return self.watch(work_watches.JOB, job, id, thresholds)

    def monitor_agent(
        self, agent: IMeteredAgent, *, id: str = "Agent", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch an agent or a gateway to its tools; see `monitor_api` for the arguments."""
        if isinstance(agent, ITimedAgent):
            return self.watch(work_watches.TIMED_AGENT, agent, id, thresholds)
        return self.watch(work_watches.AGENT, agent, id, thresholds)

    def monitor_idle_check(
        self, check: IMeteredIdleCheck, *, id: str = "Idle", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch the check for what runs unused, and draw what it finds; see `monitor_api` for the arguments."""
        return self.watch(work_watches.IDLE_CHECK, check, id, thresholds)

    def monitor_evaluation(
        self, evaluation: IMeteredEvaluation, *, id: str = "Evaluation", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch what a golden set makes of the chat; see `monitor_api` for the arguments."""
        return self.watch(EVALUATION, evaluation, id, thresholds)

    def monitor_drift(
        self, monitor: IMeteredDrift, *, id: str = "Drift", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch what the monitor of an endpoint finds; see `monitor_api` for the arguments."""
        return self.watch(DRIFT, monitor, id, thresholds)

    def monitor_training_cluster(
        self, cluster: IMeteredTrainingCluster, *, id: str = "HyperPod", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch nodes and changes of a cluster for trainings; see `monitor_api` for the arguments."""
        return self.watch(TRAINING_CLUSTER, cluster, id, thresholds)

    def monitor_logging(
        self, logging: IMeteredLogging, *, id: str = "InvocationLog", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch whether every invocation is logged; see `monitor_api` for the arguments."""
        return self.watch(LOGGING, logging, id, thresholds)

    def monitor_permissions(
        self, permissions: IMeteredPermissions, *, id: str = "Permissions", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch who is refused the tools of a gateway; see `monitor_api` for the arguments."""
        return self.watch(TOOL_PERMISSIONS, permissions, id, thresholds)

    def monitor_trail(
        self, trail: IMeteredTrail, *, id: str = "Audit", thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """Watch a trail for signs of misuse; see `monitor_api` for the arguments."""
        return self.watch(TRAIL, trail, id, thresholds)
