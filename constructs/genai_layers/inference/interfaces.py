"""
What the other rooms may know of this one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam


@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceEndpoint:
    """
    Where a model is asked, in the OpenAI-compatible way.

    Attributes:
        url: Root of the API without a closing slash, such as `https://models.example.com`.
        model_id: What a request names in its `model` field.
    """

    url: str
    model_id: str


@runtime_checkable
class IModelEndpoint(Protocol):
    """
    A model that is served by machines of ours, whatever runs it.
    """

    @property
    def endpoint(self) -> InferenceEndpoint:
        """Where it is asked."""

    @property
    def connections(self) -> ec2.Connections:
        """The network path to it, on its default port."""

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let *grantee* read the API key that a request needs; the network path is `connections`."""

    def metric_requests(self) -> cloudwatch.Metric:
        """Requests, Sum."""

    def metric_response_time(self) -> cloudwatch.Metric:
        """Seconds from request to the first byte of the response, p90."""

    def metric_server_errors(self) -> cloudwatch.Metric:
        """Responses that the engine failed, Sum."""

    def metric_unhealthy_machines(self) -> cloudwatch.Metric:
        """Machines that do not answer, Maximum."""
