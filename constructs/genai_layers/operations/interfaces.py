"""What can be watched: anything that has the metrics named here."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch


@runtime_checkable
class IMeteredApi(Protocol):
    """An API whose requests are counted."""

    def metric_requests(self) -> cloudwatch.Metric:
        """Return how many requests came."""
        ...

    def metric_client_errors(self) -> cloudwatch.Metric:
        """Return how many requests were refused."""
        ...

    def metric_server_errors(self) -> cloudwatch.Metric:
        """Return how many requests failed."""
        ...

    def metric_latency(self) -> cloudwatch.Metric:
        """Return how long requests took, in milliseconds, at the 95th percentile."""
        ...


@runtime_checkable
class IMeteredChat(Protocol):
    """A chat that counts its answers."""

    def metric(self, name: str, *, statistic: str = "Sum") -> cloudwatch.Metric:
        """Return a metric that the chat writes."""
        ...


@runtime_checkable
class IMeteredFirewall(Protocol):
    """A firewall that counts what it refuses."""

    def metric_refused(self) -> cloudwatch.Metric:
        """Return how many requests were refused."""
        ...


@runtime_checkable
class IMeteredModel(Protocol):
    """A model whose runs Amazon Bedrock counts."""

    def metric(self, name: str) -> cloudwatch.Metric:
        """Return a metric of namespace `AWS/Bedrock` for this model."""
        ...


@runtime_checkable
class IMeteredGuardrail(Protocol):
    """A guardrail whose judgements Amazon Bedrock counts."""

    def metric_interventions(self) -> cloudwatch.Metric:
        """Return how many requests it stopped or masked."""
        ...

    def metric_invocations(self) -> cloudwatch.Metric:
        """Return how many requests it judged."""
        ...


@runtime_checkable
class IMeteredStore(Protocol):
    """A knowledge base whose store has a bound that can be reached."""

    def metric_store_load(self) -> cloudwatch.Metric:
        """Return how much of what the store may use it uses, in percent."""
        ...


@runtime_checkable
class IMeteredFleet(Protocol):
    """Machines that serve a model behind a load balancer."""

    def metric_requests(self) -> cloudwatch.Metric:
        """Return how many requests reached a machine."""
        ...

    def metric_response_time(self) -> cloudwatch.Metric:
        """Return the seconds to the first byte, at the 90th percentile."""
        ...

    def metric_server_errors(self) -> cloudwatch.Metric:
        """Return how many requests the machines failed."""
        ...

    def metric_unhealthy_machines(self) -> cloudwatch.Metric:
        """Return how many machines do not answer, at most."""
        ...


@runtime_checkable
class IWakingFleet(IMeteredFleet, Protocol):
    """Machines that may be none, and come back when somebody asks."""

    @property
    def time_to_wake(self) -> Duration | None:
        """From the first request in vain to an answer; None where no request brings a machine back."""
        ...

    def metric_unanswered(self) -> cloudwatch.Metric:
        """Return how many requests found no machine."""
        ...


@runtime_checkable
class IMeteredCluster(Protocol):
    """A cluster of Kubernetes whose control plane is metered."""

    def metric_requests(self) -> cloudwatch.Metric:
        """Return how many calls its API took."""
        ...

    def metric_server_errors(self) -> cloudwatch.Metric:
        """Return how many calls its API failed."""
        ...

    def metric_pods_without_node(self) -> cloudwatch.Metric:
        """Return how many pods found no node."""
        ...


@runtime_checkable
class IMeteredEndpoint(Protocol):
    """A model that SageMaker serves: an endpoint with one model, or one of the models of an endpoint."""

    def metric(self, name: str, statistic: str = "Sum") -> cloudwatch.Metric:
        """Return a metric of namespace `AWS/SageMaker` for this model."""
        ...

    def metric_invocations(self) -> cloudwatch.Metric:
        """Return how many requests came."""
        ...

    def metric_client_errors(self) -> cloudwatch.Metric:
        """Return how many requests were wrong."""
        ...

    def metric_server_errors(self) -> cloudwatch.Metric:
        """Return how many requests the container failed."""
        ...


@runtime_checkable
class IWakingEndpoint(IMeteredEndpoint, Protocol):
    """A model whose copies may be none, and come back when somebody asks."""

    def metric_no_capacity(self) -> cloudwatch.Metric:
        """Return how many requests found no copy."""
        ...


@runtime_checkable
class IQueuedEndpoint(IMeteredEndpoint, Protocol):
    """A model whose requests wait in a queue."""

    def metric_backlog(self) -> cloudwatch.Metric:
        """Return how many requests wait."""
        ...

    def metric_failures(self) -> cloudwatch.Metric:
        """Return how many requests got no answer."""
        ...


@runtime_checkable
class IMeteredJob(Protocol):
    """A job that a state machine runs."""

    def metric_failed(self) -> cloudwatch.Metric:
        """Return how many runs failed."""
        ...

    def metric_timed_out(self) -> cloudwatch.Metric:
        """Return how many runs ran out of time."""
        ...


@runtime_checkable
class ICountedJob(IMeteredJob, Protocol):
    """A job that also counts how often it began."""

    def metric_started(self) -> cloudwatch.Metric:
        """Return how many runs began."""
        ...


@runtime_checkable
class IMeteredAgent(Protocol):
    """An agent, or the tools of one, whose calls Amazon Bedrock counts."""

    def metric_errors(self) -> cloudwatch.Metric:
        """Return how many calls the service failed."""
        ...

    def metric_throttles(self) -> cloudwatch.Metric:
        """Return how many calls were refused for their rate."""
        ...


@runtime_checkable
class ITimedAgent(IMeteredAgent, Protocol):
    """An agent whose answers are counted and timed."""

    def metric_invocations(self) -> cloudwatch.Metric:
        """Return how many questions there were."""
        ...

    def metric_latency(self) -> cloudwatch.Metric:
        """Return how long answers took, in milliseconds."""
        ...


@runtime_checkable
class IMeteredDrift(Protocol):
    """A monitor that compares an endpoint with a baseline."""

    def metric_violations(self) -> cloudwatch.Metric:
        """Return how many runs found a difference."""
        ...

    def metric_failures(self) -> cloudwatch.Metric:
        """Return how many runs failed."""
        ...


@runtime_checkable
class IMeteredIdleCheck(Protocol):
    """A check for what runs unused."""

    def metric(self, name: str) -> cloudwatch.Metric:
        """Return a metric that the check writes."""
        ...

    def metric_failures(self) -> cloudwatch.Metric:
        """Return how many checks failed."""
        ...
