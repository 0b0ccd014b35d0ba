"""What CloudWatch knows of an endpoint or of one model on it, under the exact names it uses."""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

NAMESPACE = "AWS/SageMaker"
NO_CAPACITY = "NoCapacityInvocationFailures"


class EndpointMetrics:
    """
    Metrics of one variant or of one inference component.

    Args:
        dimensions: `EndpointName` and `VariantName`, or `InferenceComponentName`.
    """

    def __init__(self, dimensions: Mapping[str, str]) -> None:
        self.dimensions = dict(dimensions)

    def metric(self, name: str, statistic: str = "Sum", period: Duration | None = None) -> cloudwatch.Metric:
        """
        Return any metric of namespace `AWS/SageMaker`.

        Args:
            name: Its name in CloudWatch.
            statistic: How values are put together. Default: their sum.
            period: Over which time. Default: one minute.
        """
        return cloudwatch.Metric(
            namespace=NAMESPACE,
            metric_name=name,
            dimensions_map=self.dimensions,
            period=period or Duration.minutes(1),
            statistic=statistic,
        )

    def invocations(self) -> cloudwatch.Metric:
        """`Invocations`, Sum: requests that came."""
        return self.metric("Invocations")

    def client_errors(self) -> cloudwatch.Metric:
        """`Invocation4XXErrors`, Sum: requests that were wrong."""
        return self.metric("Invocation4XXErrors")

    def server_errors(self) -> cloudwatch.Metric:
        """`Invocation5XXErrors`, Sum: requests that the container failed."""
        return self.metric("Invocation5XXErrors")

    def model_latency(self) -> cloudwatch.Metric:
        """`ModelLatency`, p99, microseconds: from the request at the container to its answer."""
        return self.metric("ModelLatency", "p99")

    def no_capacity(self) -> cloudwatch.Metric:
        """`NoCapacityInvocationFailures`, Sum: requests that found no copy, as while scaled to zero."""
        return self.metric(NO_CAPACITY)
