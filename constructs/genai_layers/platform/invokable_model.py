"""What every kind of model can do, whatever a request names it by."""

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam

from genai_layers.catalog.bedrock import BedrockModel
from genai_layers.platform.interfaces import IGuardrail
from genai_layers.platform.invocation import Invocable, grant

METRICS = "AWS/Bedrock"


class InvokableModel:
    """
    Grants and metrics of a model; a kind of model adds what it is.

    A mixin without state of its own, so that constructs and plain values can both have it.
    """

    @property
    def model_id(self) -> str:
        """What a request names as its `modelId`."""
        raise NotImplementedError

    @property
    def targets(self) -> tuple[Invocable, ...]:
        """What a request is authorized against."""
        raise NotImplementedError

    @property
    def price(self) -> BedrockModel | None:
        """Dated price and limits from the catalog; None where the catalog knows none."""
        raise NotImplementedError

    @property
    def arns(self) -> tuple[str, ...]:
        """Resources that a request is authorized against, the one it names first."""
        return tuple(arn for target in self.targets for arn in target.arns)

    def grant_invoke(self, grantee: iam.IGrantable, guardrail: IGuardrail | None = None) -> iam.Grant:
        """
        Let *grantee* run the model, with and without streaming.

        Args:
            grantee: Who may.
            guardrail: Guardrail that every request must name, in one of its numbered versions; the grant to
                apply it comes along. Default: requests need no guardrail.
        """
        return grant(grantee, self.targets, guardrail)

    def metric(self, name: str, *, statistic: str = "Sum") -> cloudwatch.Metric:
        """
        Return a metric of namespace `AWS/Bedrock` for this model.

        Args:
            name: Metric, such as `InvocationThrottles`.
            statistic: Statistic over a period. Default: Sum.
        """
        return cloudwatch.Metric(
            namespace=METRICS, metric_name=name, statistic=statistic, dimensions_map={"ModelId": self.model_id}
        )

    def metric_invocations(self) -> cloudwatch.Metric:
        """Return how many requests succeeded."""
        return self.metric("Invocations")

    def metric_latency(self) -> cloudwatch.Metric:
        """Return how long requests took, in milliseconds, at the 90th percentile."""
        return self.metric("InvocationLatency", statistic="p90")

    def metric_throttles(self) -> cloudwatch.Metric:
        """Return how many requests the quota refused; they count as neither successes nor errors."""
        return self.metric("InvocationThrottles")

    def metric_client_errors(self) -> cloudwatch.Metric:
        """Return how many requests were wrong."""
        return self.metric("InvocationClientErrors")

    def metric_server_errors(self) -> cloudwatch.Metric:
        """Return how many requests the service failed."""
        return self.metric("InvocationServerErrors")

    def metric_input_tokens(self) -> cloudwatch.Metric:
        """Return the tokens that went in."""
        return self.metric("InputTokenCount")

    def metric_output_tokens(self) -> cloudwatch.Metric:
        """Return the tokens that came out."""
        return self.metric("OutputTokenCount")
