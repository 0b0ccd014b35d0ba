"""
A fleet as its callers see it.
"""

from __future__ import annotations

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam

from genai_layers.inference.api_key import ApiKey
from genai_layers.inference.fleet_metrics import FleetMetrics
from genai_layers.inference.front_door import FrontDoor


class FleetEndpoint:
    """
    What every fleet offers: a network path, a key to the door, and the metrics of its answers.

    A fleet mixes it in beside `Construct` and sets the attributes.
    """

    _door: FrontDoor
    _api_key: ApiKey
    _role: iam.IRole
    metrics: FleetMetrics

    @property
    def connections(self) -> ec2.Connections:
        """The network path to it."""
        return self._door.connections

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
        return self._api_key.grant_read(grantee)

    def metric_requests(self) -> cloudwatch.Metric:
        """`RequestCount`, Sum: requests that reached a machine."""
        return self.metrics.requests()

    def metric_response_time(self) -> cloudwatch.Metric:
        """`TargetResponseTime`, p90: seconds to the first byte of the response."""
        return self.metrics.response_time()

    def metric_server_errors(self) -> cloudwatch.Metric:
        """`HTTPCode_Target_5XX_Count`, Sum: responses that the engine failed."""
        return self.metrics.server_errors()

    def metric_unhealthy_machines(self) -> cloudwatch.Metric:
        """`UnHealthyHostCount`, Maximum: machines whose model does not answer."""
        return self.metrics.unhealthy_machines()
