"""What every kind of model can do, whatever a request names it by."""

from typing import Protocol

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam

from genai_layers.platform.interfaces import IGuardrail
from genai_layers.platform.invocation import Invocable, grant

METRICS = "AWS/Bedrock"


class Described(Protocol):
    """What grants and metrics of a model are made from."""

    @property
    def model_id(self) -> str:
        """What a request names as its `modelId`."""
        ...

    @property
    def targets(self) -> tuple[Invocable, ...]:
        """What a request is authorized against."""
        ...


class InvokableModel:
    """
    Grants and metrics of a model; a kind of model adds what it is, as `Described` says.

    A mixin without state of its own, so that constructs and plain values can both have it. What it reads of the kind
    is the type of `self`, so that a kind which lacks it is found by the type checker, where it is used.
    """

    @property
    def arns(self: Described) -> tuple[str, ...]:
        """Resources that a request is authorized against, the one it names first."""
        return tuple(arn for target in self.targets for arn in target.arns)

    def grant_invoke(self: Described, grantee: iam.IGrantable, guardrail: IGuardrail | None = None) -> iam.Grant:
        """
        Let *grantee* run the model, with and without streaming.

        Args:
            grantee: Who may.
            guardrail: Guardrail that every request must name, in one of its numbered versions; the grant to
                apply it comes along. Default: requests need no guardrail.
        """
        return grant(grantee, self.targets, guardrail)

    def metric(self: Described, name: str, *, statistic: str = "Sum") -> cloudwatch.Metric:
        """
        Return a metric of namespace `AWS/Bedrock` for this model.

        Args:
            name: Metric, such as `InvocationThrottles`.
            statistic: Statistic over a period. Default: Sum.
        """
        return _metric(self, name, statistic)

    def metric_invocations(self: Described) -> cloudwatch.Metric:
        """Return how many requests succeeded."""
        return _metric(self, "Invocations")

    def metric_latency(self: Described) -> cloudwatch.Metric:
        """Return how long requests took, in milliseconds, at the 90th percentile."""
        return _metric(self, "InvocationLatency", "p90")

    def metric_throttles(self: Described) -> cloudwatch.Metric:
        """Return how many requests the quota refused; they count as neither successes nor errors."""
        return _metric(self, "InvocationThrottles")

    def metric_client_errors(self: Described) -> cloudwatch.Metric:
        """Return how many requests were wrong."""
        return _metric(self, "InvocationClientErrors")

    def metric_server_errors(self: Described) -> cloudwatch.Metric:
        """Return how many requests the service failed."""
        return _metric(self, "InvocationServerErrors")

    def metric_input_tokens(self: Described) -> cloudwatch.Metric:
        """Return the tokens that went in."""
        return _metric(self, "InputTokenCount")

    def metric_output_tokens(self: Described) -> cloudwatch.Metric:
        """Return the tokens that came out."""
        return _metric(self, "OutputTokenCount")


def _metric(model: Described, name: str, statistic: str = "Sum") -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=METRICS, metric_name=name, statistic=statistic, dimensions_map={"ModelId": model.model_id}
    )
