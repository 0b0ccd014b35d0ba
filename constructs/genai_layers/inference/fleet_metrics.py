"""
What CloudWatch knows of a fleet, under the exact names it uses.
"""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from genai_layers.inference.engines import ServingEngine
from genai_layers.inference.user_data import FLEET_DIMENSION, METRIC_NAMESPACE

_BALANCER = "AWS/ApplicationELB"


class FleetMetrics:
    """
    Metrics of one fleet.

    Args:
        load_balancer: Where requests come in.
        target_group: The machines behind the load balancer.
        engine: What they run.
        fleet: Value of the `Fleet` dimension of what the engine tells.
    """

    def __init__(
        self,
        *,
        load_balancer: elbv2.ApplicationLoadBalancer,
        target_group: elbv2.ApplicationTargetGroup,
        engine: ServingEngine,
        fleet: str,
    ) -> None:
        self._load_balancer = load_balancer
        self._target_group = target_group
        self._engine = engine
        self._fleet = fleet

    def requests(self) -> cloudwatch.Metric:
        """`RequestCount`, Sum: requests that reached a machine."""
        return self._front_door("RequestCount", "Sum")

    def response_time(self) -> cloudwatch.Metric:
        """`TargetResponseTime`, p90: seconds to the first byte of the response."""
        return self._front_door("TargetResponseTime", "p90")

    def server_errors(self) -> cloudwatch.Metric:
        """`HTTPCode_Target_5XX_Count`, Sum: responses that the engine failed."""
        return self._front_door("HTTPCode_Target_5XX_Count", "Sum")

    def unhealthy_machines(self) -> cloudwatch.Metric:
        """`UnHealthyHostCount`, Maximum: machines whose model does not answer."""
        return self._front_door("UnHealthyHostCount", "Maximum")

    def unanswered(self) -> cloudwatch.Metric:
        """`HTTPCode_ELB_503_Count`, Sum: requests that found no machine at all."""
        return cloudwatch.Metric(
            namespace=_BALANCER,
            metric_name="HTTPCode_ELB_503_Count",
            # What a request found no machine of belongs to no target group.
            dimensions_map={"LoadBalancer": self._load_balancer.load_balancer_full_name},
            statistic="Sum",
        )

    def running_requests(self) -> cloudwatch.Metric | None:
        """`vllm:num_requests_running`, or what the engine calls it, Maximum over machines; None if it does not tell."""
        name = self._engine.running_metric
        return None if name is None else self.engine(name, "Maximum")

    def waiting_requests(self) -> cloudwatch.Metric | None:
        """`vllm:num_requests_waiting`, or what the engine calls it, Average over machines; None if it does not tell."""
        return None if self._engine.waiting_metric is None else self.engine(self._engine.waiting_metric)

    def cache_use(self) -> cloudwatch.Metric | None:
        """`vllm:kv_cache_usage_perc`, or what the engine calls it, Average, 0 to 1; None if it does not tell."""
        return None if self._engine.cache_metric is None else self.engine(self._engine.cache_metric)

    def time_to_first_token(self) -> cloudwatch.Metric | None:
        """`vllm:time_to_first_token_seconds`, or what the engine calls it, mean seconds; None if it does not tell."""
        return None if self._engine.latency_metric is None else self.engine(self._engine.latency_metric)

    def engine(self, name: str, statistic: str = "Average") -> cloudwatch.Metric:
        """
        Anything else that the engine tells of itself.

        Args:
            name: Its name in CloudWatch.
            statistic: How the machines' values are put together. Default: their average.
        """
        return cloudwatch.Metric(
            namespace=METRIC_NAMESPACE,
            metric_name=name,
            dimensions_map={FLEET_DIMENSION: self._fleet},
            period=Duration.minutes(1),
            statistic=statistic,
        )

    def _front_door(self, name: str, statistic: str) -> cloudwatch.Metric:
        # By attributes of both: the CDK's own metrics cut the load balancer's name out of the ARN of a listener, and
        # a reference from another stack then ends in a function of a function that validators refuse.
        return cloudwatch.Metric(
            namespace=_BALANCER,
            metric_name=name,
            dimensions_map={
                "LoadBalancer": self._load_balancer.load_balancer_full_name,
                "TargetGroup": self._target_group.target_group_full_name,
            },
            statistic=statistic,
        )
