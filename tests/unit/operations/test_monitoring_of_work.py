"""Models of SageMaker, jobs and agents are watched by what each of them counts."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch

from genai_layers import testing
from genai_layers.foundation import EncryptionKey
from genai_layers.inference import AcceleratorFleet, AttestedFleet
from genai_layers.inference.ecs import ContainerFleet
from genai_layers.inference.eks import KubernetesFleet
from genai_layers.jobs import IngestionJob, MonitorBaseline
from genai_layers.jobs.batch_transform import BatchTransform
from genai_layers.jobs.bedrock.bedrock_job import BedrockJob
from genai_layers.jobs.fine_tuning import FineTuningPipeline
from genai_layers.operations import (
    ICountedJob,
    IMeteredAgent,
    IMeteredDrift,
    IMeteredEndpoint,
    IMeteredFleet,
    IMeteredJob,
    IQueuedEndpoint,
    ITimedAgent,
    IWakingEndpoint,
    Monitoring,
    MonitoringError,
)
from genai_layers.operations.hosting_watches import ENDPOINT, WAKING_ENDPOINT
from genai_layers.operations.work_watches import AGENT, COUNTED_JOB, JOB, TIMED_AGENT
from genai_layers.platform.agents import AgentAlias, AgentGateway, AgentRuntime
from genai_layers.platform.sagemaker import AsyncEndpoint, DedicatedEndpoint, ModelEndpoint, ServerlessEndpoint
from genai_layers.platform.sagemaker.model_component import ModelComponent
from genai_layers.platform.sagemaker.monitor import EndpointMonitor
from genai_layers.testing import Resolver, resources
from tests.unit.sagemaker.sagemaker_estate import Estate

pytestmark = pytest.mark.synth


class _Work:
    """A job and an agent at once, as far as either is watched."""

    def _metric(self, name: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(namespace="Work", metric_name=name)

    def metric_failed(self) -> cloudwatch.Metric:
        return self._metric("Failed")

    def metric_timed_out(self) -> cloudwatch.Metric:
        return self._metric("TimedOut")

    def metric_errors(self) -> cloudwatch.Metric:
        return self._metric("Errors")

    def metric_throttles(self) -> cloudwatch.Metric:
        return self._metric("Throttles")


class _CountedWork(_Work):
    """The same, with what it began, answered and took."""

    def metric_started(self) -> cloudwatch.Metric:
        return self._metric("Started")

    def metric_invocations(self) -> cloudwatch.Metric:
        return self._metric("Invocations")

    def metric_latency(self) -> cloudwatch.Metric:
        return self._metric("Latency")


@pytest.fixture(scope="module")
def monitoring() -> Monitoring:
    """Every kind of it, watched."""
    estate = Estate()
    endpoint = estate.endpoint()
    key = EncryptionKey(estate.stack, "AlarmKey", description="alarms", uses=Monitoring.REQUIRED_KEY_USES)
    made = Monitoring(estate.stack, "Monitoring", key=key.key)
    made.monitor_endpoint(endpoint.add_model("Llama", estate.llama()), thresholds={"Latency": 5_000_000})
    made.monitor_endpoint(estate.dedicated(), id="Dedicated")
    made.monitor_endpoint(estate.asynchronous(), id="Reports")
    made.monitor_endpoint(estate.serverless(), id="Embeddings")
    made.monitor_job(_Work(), id="Transform")
    made.monitor_job(_CountedWork())
    made.monitor_agent(_Work(), id="Tools")
    made.monitor_agent(_CountedWork())
    return made


@pytest.fixture(scope="module")
def alarms(monitoring: Monitoring) -> dict[str, dict[str, Any]]:
    """Their alarms, by the part and the name of the alarm."""
    found = resources(testing.template(Stack.of(monitoring)), "AWS::CloudWatch::Alarm")
    stack = Stack.of(monitoring)
    return {
        path: found[stack.get_logical_id(alarm.node.default_child)]["Properties"]  # type: ignore[arg-type]
        for path, alarm in monitoring.alarms.items()
    }


def test_each_part_has_the_alarms_of_what_it_counts(alarms: dict[str, Any]) -> None:
    """A queue has no latency to speak of, and only what may have no copy can lack one."""
    parts: dict[str, set[str]] = {}
    for path in alarms:
        part, name = path.split("/")
        parts.setdefault(part, set()).add(name)

    assert parts == {
        "Endpoint": {"ServerErrors", "ClientErrors", "Latency", "Overhead", "NoCapacity"},
        "Dedicated": {"ServerErrors", "ClientErrors", "Latency", "Overhead"},
        "Reports": {"ServerErrors", "ClientErrors", "Unanswered", "Backlog"},
        "Embeddings": {"ServerErrors", "ClientErrors", "Latency", "Overhead"},
        "Transform": {"Failed", "TimedOut"},
        "Job": {"Failed", "TimedOut"},
        "Tools": {"Errors", "Throttles"},
        "Agent": {"Errors", "Throttles", "Latency"},
    }


def test_metrics_are_those_that_sagemaker_writes(alarms: dict[str, Any]) -> None:
    """Under its names, and for the model or the variant that is meant."""
    seen = {
        path: (one["Namespace"], one["MetricName"], tuple(each["Name"] for each in one["Dimensions"]))
        for path, one in alarms.items()
        if "Dimensions" in one
    }

    assert seen["Endpoint/NoCapacity"] == (
        "AWS/SageMaker",
        "NoCapacityInvocationFailures",
        ("InferenceComponentName",),
    )
    assert seen["Endpoint/Overhead"][1:] == ("OverheadLatency", ("InferenceComponentName",))
    assert seen["Dedicated/ServerErrors"][1:] == ("Invocation5XXErrors", ("EndpointName", "VariantName"))
    assert seen["Reports/Backlog"][1:] == ("ApproximateBacklogSize", ("EndpointName",))


def test_latency_is_the_95th_percentile_in_microseconds(alarms: dict[str, Any]) -> None:
    """SageMaker counts a second as a million."""
    usual, other = alarms["Dedicated/Latency"], alarms["Endpoint/Latency"]

    assert (usual["ExtendedStatistic"], usual["MetricName"]) == ("p95", "ModelLatency")
    assert (usual["Threshold"], other["Threshold"]) == (20_000_000, 5_000_000)


def test_a_start_from_zero_is_no_alarm(alarms: dict[str, Any]) -> None:
    """Callers of a model without copies fail for some minutes, as was chosen; for half an hour, something is wrong."""
    alarm = alarms["Endpoint/NoCapacity"]

    assert alarm["Period"] * alarm["DatapointsToAlarm"] >= 20 * 60
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 30 * 60


def test_every_alarm_tells_the_topic_and_says_what_to_do(alarms: dict[str, Any]) -> None:
    """Two sentences at least, within what CloudWatch keeps."""
    for path, alarm in alarms.items():
        assert alarm["AlarmActions"] == alarm["OKActions"] != [], path
        assert alarm["TreatMissingData"] == "notBreaching", path
        assert alarm["AlarmDescription"].count(".") >= 2, path
        assert 60 <= len(alarm["AlarmDescription"]) <= 1024, path


def test_every_part_has_its_row_on_the_dashboard(monitoring: Monitoring) -> None:
    """A heading, its alarms and its graphs."""
    import json

    template = testing.template(Stack.of(monitoring))
    (dashboard,) = resources(template, "AWS::CloudWatch::Dashboard").values()
    body = json.loads(Resolver(template=template).resolve(dashboard["Properties"]["DashboardBody"]))
    texts = [one["properties"]["markdown"] for one in body["widgets"] if one["type"] == "text"]
    graphs = [one["properties"]["title"] for one in body["widgets"] if one["type"] == "metric"]

    assert texts[:4] == ["## Endpoint", "## Endpoint Dedicated", "## Endpoint Reports", "## Endpoint Embeddings"]
    assert texts[4:] == ["## Job Transform", "## Job", "## Agent Tools", "## Agent"]
    assert graphs.count("Requests that found no copy") == 1
    assert graphs.count("Queue") == 1


def test_an_endpoint_that_models_share_is_refused_with_what_to_watch_instead(monitoring: Monitoring) -> None:
    """Its requests are counted for each model."""
    shared = next(each for each in Stack.of(monitoring).node.children if isinstance(each, ModelEndpoint))

    with pytest.raises(MonitoringError, match="monitor each model that its add_model returned"):
        monitoring.monitor_endpoint(shared, id="Shared")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "offers"),
    [
        (DedicatedEndpoint, IMeteredEndpoint),
        (ServerlessEndpoint, IMeteredEndpoint),
        (ModelComponent, IWakingEndpoint),
        (AsyncEndpoint, IQueuedEndpoint),
        (BatchTransform, IMeteredJob),
        (BedrockJob, ICountedJob),
        (FineTuningPipeline, ICountedJob),
        (IngestionJob, ICountedJob),
        (AgentGateway, IMeteredAgent),
        (AgentAlias, ITimedAgent),
        (AgentRuntime, ITimedAgent),
        (AcceleratorFleet, IMeteredFleet),
        (AttestedFleet, IMeteredFleet),
        (ContainerFleet, IMeteredFleet),
        (KubernetesFleet, IMeteredFleet),
        (EndpointMonitor, IMeteredDrift),
        (MonitorBaseline, IMeteredJob),
    ],
    ids=lambda one: one.__name__,
)
def test_every_construct_of_ours_offers_what_is_watched(kind: type, offers: Any) -> None:
    """A metric that is renamed there is missed here."""
    assert issubclass(kind, offers)


def test_the_tables_for_less_are_part_of_those_for_more() -> None:
    """So the page lists one table for each method."""
    assert set(ENDPOINT.alarms) < set(WAKING_ENDPOINT.alarms)
    assert set(AGENT.alarms) < set(TIMED_AGENT.alarms)
    assert COUNTED_JOB.alarms == JOB.alarms
