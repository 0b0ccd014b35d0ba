"""What an endpoint and the models on it offer to others."""

from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam

from genai_layers.platform.sagemaker.endpoint_metrics import EndpointMetrics
from genai_layers.platform.sagemaker.hosting import Hosting
from genai_layers.platform.sagemaker.invocation import INVOKE, grant_invoke


class AskedModel:
    """
    Metrics of requests, of an endpoint or of one model on it.

    Attributes:
        metrics: All of its metrics.
    """

    metrics: EndpointMetrics

    def metric(self, name: str, statistic: str = "Sum") -> cloudwatch.Metric:
        """
        Return any metric of it.

        Args:
            name: Its name in CloudWatch.
            statistic: How values are put together. Default: their sum.
        """
        return self.metrics.metric(name, statistic)

    def metric_invocations(self) -> cloudwatch.Metric:
        """`Invocations`, Sum."""
        return self.metrics.invocations()

    def metric_client_errors(self) -> cloudwatch.Metric:
        """`Invocation4XXErrors`, Sum."""
        return self.metrics.client_errors()

    def metric_server_errors(self) -> cloudwatch.Metric:
        """`Invocation5XXErrors`, Sum."""
        return self.metrics.server_errors()

    def metric_latency(self) -> cloudwatch.Metric:
        """`ModelLatency`, p99, microseconds."""
        return self.metrics.model_latency()


class EndpointSurface(AskedModel):
    """
    Grants and metrics of an endpoint.

    Attributes:
        endpoint_name: What a request names.
        endpoint_arn: ARN of the endpoint.
    """

    endpoint_name: str
    endpoint_arn: str
    _actions: Sequence[str] = INVOKE

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* ask the model.

        Args:
            grantee: Who may.
        """
        return grant_invoke(grantee, [self.endpoint_arn], self._actions)


class MachineSurface(EndpointSurface):
    """
    The same of an endpoint whose machines stand in a network.

    Attributes:
        hosting: Role and network of its models.
    """

    hosting: Hosting

    @property
    def connections(self) -> ec2.Connections:
        """The network of the models."""
        return self.hosting.security_group.connections

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The execution role."""
        return self.hosting.role
