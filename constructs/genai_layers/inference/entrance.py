"""
Where callers come in to a fleet, and what is known of them: the same whatever computes behind it.
"""

from __future__ import annotations

from aws_cdk import Duration, Names, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from genai_layers.foundation import RetainedLogGroup
from genai_layers.inference.api_key import ApiKey
from genai_layers.inference.fleet_metrics import FleetMetrics
from genai_layers.inference.fleet_plan import FleetPlan
from genai_layers.inference.front_door import FrontDoor
from genai_layers.inference.interfaces import InferenceEndpoint
from genai_layers.inference.transport import Transport


class Entrance:
    """
    Log group, API key, front door and metrics of one fleet, as children of the fleet itself.

    It is no construct of its own: `Logs`, `ApiKey` and `FrontDoor` of a fleet keep the ids that they have always had.

    Args:
        fleet: The fleet.
        decided: The fleet's decisions.
        vpc: Where the front door stands.
        subnets: In which subnets.
        key: Key of the API key.
        log_key: Key of the logs; None: *key*.
        log_retention: How long logs are kept.
        transport: How requests travel.
        access_logs: Bucket for the load balancer's access logs.
        request_timeout: Longest silence of a request.
        removal_policy: What happens to all of it when the stack goes.
        target_type: What the front door leads to: machines, or addresses of tasks. Default: machines.

    Attributes:
        log_group: What engine and boot write.
        api_key: What a caller has to know.
        door: The load balancer.
        name: Value of the `Fleet` dimension.
        metrics: What CloudWatch knows.
        endpoint: Where the model is asked.
    """

    def __init__(
        self,
        fleet: Construct,
        *,
        decided: FleetPlan,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection,
        key: kms.IKey,
        log_key: kms.IKey | None,
        log_retention: logs.RetentionDays,
        transport: Transport,
        access_logs: s3.IBucket,
        request_timeout: Duration,
        removal_policy: RemovalPolicy,
        target_type: elbv2.TargetType = elbv2.TargetType.INSTANCE,
    ) -> None:
        self.log_group = RetainedLogGroup(
            fleet, "Logs", key=log_key or key, retention=log_retention, removal_policy=removal_policy
        ).log_group
        self.api_key = ApiKey(fleet, "ApiKey", key=key, removal_policy=removal_policy)
        self.door = FrontDoor(
            fleet,
            "FrontDoor",
            vpc=vpc,
            subnets=subnets,
            engine=decided.engine,
            transport=transport,
            access_logs=access_logs,
            request_timeout=request_timeout,
            removal_policy=removal_policy,
            target_type=target_type,
        )
        self.name = Names.unique_resource_name(fleet, max_length=64)
        self.metrics = FleetMetrics(
            load_balancer=self.door.load_balancer,
            target_group=self.door.target_group,
            engine=decided.engine,
            fleet=self.name,
        )
        self.endpoint = InferenceEndpoint(url=self.door.url, model_id=decided.serving.model_id)
