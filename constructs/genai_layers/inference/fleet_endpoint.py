"""
A fleet as its callers see it.
"""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager

from genai_layers.catalog.layout import Fit
from genai_layers.inference.entrance import Entrance
from genai_layers.inference.fleet_metrics import FleetMetrics
from genai_layers.inference.fleet_plan import FleetPlan
from genai_layers.inference.interfaces import InferenceEndpoint
from genai_layers.inference.readiness import TimeToReady
from genai_layers.inference.scale_to_zero import NOTICE_SECONDS


class FleetEndpoint:
    """
    What every fleet offers: a network path, a key to the door, and the metrics of its answers.

    A fleet mixes it in beside `Construct` and sets the three attributes.
    """

    _decided: FleetPlan
    _entrance: Entrance
    _role: iam.IRole

    @property
    def endpoint(self) -> InferenceEndpoint:
        """Where the model is asked."""
        return self._entrance.endpoint

    @property
    def api_key(self) -> secretsmanager.Secret:
        """The secret that a caller needs."""
        return self._entrance.api_key.secret

    @property
    def load_balancer(self) -> elbv2.ApplicationLoadBalancer:
        """The load balancer."""
        return self._entrance.door.load_balancer

    @property
    def target_group(self) -> elbv2.ApplicationTargetGroup:
        """What the load balancer leads to."""
        return self._entrance.door.target_group

    @property
    def log_group(self) -> logs.LogGroup:
        """What engine and boot wrote."""
        return self._entrance.log_group

    @property
    def metrics(self) -> FleetMetrics:
        """All metrics, those of the engine too."""
        return self._entrance.metrics

    @property
    def time_to_ready(self) -> TimeToReady:
        """How long the start of a new machine takes, and what takes the most of it."""
        return self._decided.ready

    @property
    def time_to_ready_from_warm(self) -> TimeToReady | None:
        """How long a start takes that draws on the warm pool; None where there is none."""
        return self._decided.ready_from_warm

    @property
    def time_to_wake(self) -> Duration | None:
        """From the first request in vain to an answer; None for a fleet that no request wakes."""
        rest = self._decided.scale_to_zero
        if rest is None or not rest.wakes:
            return None
        start = self._decided.ready_from_warm or self._decided.ready
        return Duration.seconds(NOTICE_SECONDS + start.total_seconds)

    @property
    def fit(self) -> Fit:
        """How the model sits on the smallest machine."""
        return self._decided.placement.smallest

    @property
    def connections(self) -> ec2.Connections:
        """The network path to it."""
        return self._entrance.door.connections

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The role of the machines."""
        return self._role

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* read the API key; it also needs the network path, `connections`.

        Args:
            grantee: Who asks the model.
        """
        return self._entrance.api_key.grant_read(grantee)

    def metric_requests(self) -> cloudwatch.Metric:
        """`RequestCount`, Sum: requests that reached a machine."""
        return self.metrics.requests()

    def metric_response_time(self) -> cloudwatch.Metric:
        """`TargetResponseTime`, p90: seconds to the first byte of the response."""
        return self.metrics.response_time()

    def metric_server_errors(self) -> cloudwatch.Metric:
        """`HTTPCode_Target_5XX_Count`, Sum: responses that the engine failed."""
        return self.metrics.server_errors()

    def metric_unanswered(self) -> cloudwatch.Metric:
        """`HTTPCode_ELB_503_Count`, Sum: requests that found no machine at all."""
        return self.metrics.unanswered()

    def metric_unhealthy_machines(self) -> cloudwatch.Metric:
        """`UnHealthyHostCount`, Maximum: machines whose model does not answer."""
        return self.metrics.unhealthy_machines()
