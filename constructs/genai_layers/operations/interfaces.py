"""What can be watched: anything that has the metrics named here."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

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
