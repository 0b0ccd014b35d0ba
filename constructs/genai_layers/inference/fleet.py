"""
Machines with accelerators that serve one model, in an Auto Scaling group behind an internal load balancer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import jsii
from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct

from genai_layers.catalog.accelerators import Precision
from genai_layers.catalog.models import ServedModel
from genai_layers.foundation import InterfaceEndpoint, KeyUse
from genai_layers.inference.capacity import Capacity
from genai_layers.inference.engines import ServingEngine
from genai_layers.inference.entrance import Entrance
from genai_layers.inference.fast_start import FastStart
from genai_layers.inference.fleet_boot import fleet_boot
from genai_layers.inference.fleet_endpoint import FleetEndpoint
from genai_layers.inference.fleet_faults import fleet_faults
from genai_layers.inference.fleet_plan import plan
from genai_layers.inference.host_image import HostImage
from genai_layers.inference.machines import Machines
from genai_layers.inference.scale_to_zero import ScaleToZero
from genai_layers.inference.scaling import Scaling
from genai_layers.inference.transport import Transport
from genai_layers.inference.weights import Weights


@jsii.implements(ec2.IConnectable, iam.IGrantable)
class AcceleratorFleet(FleetEndpoint, Construct):
    """
    A group of GPU or Neuron machines that serves one model.

    Machines stand in private subnets, take no SSH, stream their weights from S3, and are replaced rather than
    repaired. Callers reach them over an internal load balancer with an API key.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it replaces everything.
        vpc: Where the machines stand; it needs a way to `REQUIRED_ENDPOINTS`, and a gateway endpoint for S3.
        subnets: In which subnets, of several zones.
        key: Key of volumes and of the API key; it needs `REQUIRED_KEY_USES`.
        model: What to serve: an id of the catalog, or a model of your own.
        weights: Bucket with the weights. Begin with *min_machines* 0 until they are there: a machine that finds
            none is replaced for ever.
        weights_prefix: Folder of the weights, without a slash at either end.
        access_logs: Bucket for the load balancer's access logs, with S3-managed encryption.
        log_retention: How long logs are kept.
        log_key: Key of the logs; it needs `KeyUse.LOGS`. Default: *key*.
        instance_types: Machines, in order of preference. Default: the cheapest that fit, four types of one layout.
        max_model_len: Longest request, prompt and answer together, tokens. Default: 8192; more takes memory from
            the number of requests at once.
        min_machines: Lower bound, 0 or more. Default: 1; with 0 there is nobody to answer until something else
            raises the number.
        max_machines: Upper bound, 1 or more. Default: 2.
        certificate: TLS certificate of the load balancer. Default: none, and *plaintext_reason* says why.
        domain_name: Name in the certificate by which callers know it; required with *certificate*.
        hosted_zone: Zone in which *domain_name* is made to lead here. Default: somebody else does that.
        plaintext_reason: Why requests may go without TLS inside the network; lands in the acknowledgements.
        engine: What serves. Default: vLLM on NVIDIA.
        precision: Format of the weights. Default: the one in which the model is published.
        machine_image: Image of the machines. Default: the newest deep learning image of AWS, read by each deploy.
        capacity: How machines are bought. Default: on demand.
        scaling: What makes the fleet grow and shrink. Default: the load that the engine tells of.
        scale_to_zero: When there is no machine, and what brings one back. Default: *min_machines* always stand.
        fast_start: What is prepared beforehand for every machine. Default: nothing.
        request_timeout: Longest silence of a request, and how long running requests are waited for when a machine
            goes; 1 second to 1 hour. Default: 5 minutes, 4,000 tokens at 15 a second.
        signals_updates: An update waits until each new machine answers, and rolls back when one does not; it needs a
            way to the CloudFormation API. Default: it waits as long as a start should take.
        notifications: Topic for launches and terminations. Default: none; the activity history has them too.
        egress: Where machines may go over HTTPS, such as the prefix list of S3 and the addresses of the network.
            Default: anywhere, which in isolated subnets is S3 and the network's own endpoints.
        removal_policy: What happens to logs, API key and load balancer when the stack goes. Default: kept.

    Attributes:
        REQUIRED_ENDPOINTS: AWS services that the machines call.
        REQUIRED_KEY_USES: Services that use *key*.
        endpoint: Where the model is asked.
        machines: Role, template and security group.
        api_key: The secret that a caller needs.
        auto_scaling_group: The machines.
        load_balancer: The load balancer.
        target_group: Its target group.
        log_group: What engine and boot wrote.
        time_to_ready: How long a start takes, and what takes the most of it.
        fit: How the model sits on the smallest machine.
        metrics: All of them, those of the engine too.

    Raises:
        FleetError: Something is wrong; all of it is listed.

    Example:
        fleet = AcceleratorFleet(self, "Fleet", vpc=network.vpc, subnets=network.isolated, key=key.key,
                                 model="llama-3.1-8b", weights=bucket, weights_prefix="llama-3.1-8b",
                                 access_logs=logs.bucket, log_retention=RetentionDays.ONE_YEAR,
                                 certificate=certificate, domain_name="models.example.com")
        fleet.grant_invoke(chat.function)
        fleet.connections.allow_default_port_from(chat.function)
    """

    REQUIRED_ENDPOINTS: ClassVar[tuple[InterfaceEndpoint, ...]] = (
        InterfaceEndpoint.ECR_API,
        InterfaceEndpoint.ECR_DOCKER,
        InterfaceEndpoint.LOGS,
        InterfaceEndpoint.SECRETS_MANAGER,
    )
    REQUIRED_KEY_USES: ClassVar[tuple[KeyUse, ...]] = (KeyUse.EBS_AUTOSCALING, KeyUse.SECRETS_MANAGER)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection,
        key: kms.IKey,
        model: ServedModel | str,
        weights: s3.IBucket,
        weights_prefix: str,
        access_logs: s3.IBucket,
        log_retention: logs.RetentionDays,
        log_key: kms.IKey | None = None,
        instance_types: Sequence[str] = (),
        max_model_len: int = 8192,
        min_machines: int = 1,
        max_machines: int = 2,
        certificate: acm.ICertificate | None = None,
        domain_name: str | None = None,
        hosted_zone: route53.IHostedZone | None = None,
        plaintext_reason: str | None = None,
        engine: ServingEngine | None = None,
        precision: Precision | None = None,
        machine_image: HostImage | None = None,
        capacity: Capacity | None = None,
        scaling: Scaling | None = None,
        scale_to_zero: ScaleToZero | None = None,
        fast_start: FastStart | None = None,
        request_timeout: Duration | None = None,
        signals_updates: bool = False,
        notifications: sns.ITopic | None = None,
        egress: Sequence[ec2.IPeer] = (),
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        timeout = request_timeout if request_timeout is not None else Duration.minutes(5)
        transport = Transport(certificate, domain_name, hosted_zone, plaintext_reason)
        folder = Weights(bucket=weights, prefix=weights_prefix)
        decided = plan(
            self.node.path,
            region=Stack.of(self).region,
            model=model,
            weights=folder,
            instance_types=instance_types,
            max_model_len=max_model_len,
            precision=precision,
            engine=engine,
            host=machine_image,
            capacity=capacity,
            scaling=scaling,
            scale_to_zero=scale_to_zero,
            fast_start=fast_start,
            other_faults=[
                *fleet_faults(Stack.of(self), transport, timeout, min_machines, max_machines, scale_to_zero, capacity),
                *_warm_faults(fast_start, signals_updates),
            ],
        )
        self._decided = decided
        self._entrance = Entrance(
            self,
            decided=decided,
            vpc=vpc,
            subnets=subnets,
            key=key,
            log_key=log_key,
            log_retention=log_retention,
            transport=transport,
            access_logs=access_logs,
            request_timeout=timeout,
            removal_policy=removal_policy,
        )
        image = decided.engine.image.bind(Stack.of(self))
        user_data = ec2.UserData.custom("#cloud-config")
        self.machines = Machines(
            self,
            "Machines",
            vpc=vpc,
            subnets=subnets,
            key=key,
            decided=decided,
            weights=folder,
            image=image,
            entrance=self._entrance,
            user_data=user_data,
            min_machines=min_machines,
            max_machines=max_machines,
            signals_updates=signals_updates,
            notifications=notifications,
            egress=egress,
        )
        # Told last, since it names the group that is made from the template.
        boot = fleet_boot(
            decided,
            image=image,
            entrance=self._entrance,
            group=self.machines.group,
            request_timeout=timeout,
            signals_updates=signals_updates,
        )
        user_data.add_commands(boot.cloud_config())
        self._role = self.machines.role
        self.auto_scaling_group = self.machines.auto_scaling_group


def _warm_faults(fast_start: FastStart | None, signals_updates: bool) -> list[str]:
    if fast_start is None or not fast_start.warm_machines or not signals_updates:
        return []
    return [
        "signals_updates waits in a rolling update, which would leave warm machines of the old version: leave it out, "
        "since with fast_start.warm_machines a machine goes into service only when it answers, or keep none warm"
    ]
