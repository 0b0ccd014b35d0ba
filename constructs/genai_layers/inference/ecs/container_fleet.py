"""
Tasks of Amazon ECS that serve one model, on machines that ECS starts and stops, behind an internal load balancer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import jsii
from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
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
from genai_layers.inference.ecs.container_faults import container_faults, device_faults, tools_of
from genai_layers.inference.ecs.hosts import Hosts
from genai_layers.inference.ecs.managed_hosts import hosts_of
from genai_layers.inference.ecs.managed_instances import ManagedInstances, choice_faults, managed_image
from genai_layers.inference.ecs.service import Service
from genai_layers.inference.ecs.task import Task
from genai_layers.inference.engines import ContainerImage, ServingEngine, Vllm
from genai_layers.inference.entrance import Entrance
from genai_layers.inference.errors import FleetError
from genai_layers.inference.fast_start import FastStart
from genai_layers.inference.fleet_endpoint import FleetEndpoint
from genai_layers.inference.fleet_faults import fleet_faults
from genai_layers.inference.fleet_plan import plan
from genai_layers.inference.host_image import HostImage
from genai_layers.inference.scale_to_zero import ScaleToZero
from genai_layers.inference.scaling import Scaling
from genai_layers.inference.transport import Transport
from genai_layers.inference.weights import Weights


@jsii.implements(ec2.IConnectable, iam.IGrantable)
class ContainerFleet(FleetEndpoint, Construct):
    """
    A service of GPU or Neuron tasks that serves one model, with the same face as `AcceleratorFleet`.

    One task stands on each machine and has all of its accelerators. ECS starts a machine for a task that waits for
    one, and takes back a version of the task that does not answer; its logs stay.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it replaces everything.
        vpc: Where tasks and machines stand; it needs a way to `REQUIRED_ENDPOINTS`, and a gateway endpoint for S3.
        subnets: In which subnets, of several zones.
        key: Key of volumes and of the API key; it needs `REQUIRED_KEY_USES`.
        model: What to serve: an id of the catalog, or a model of your own.
        weights: Bucket with the weights. Begin with *min_machines* 0 until they are there: a service whose first
            tasks find none fails the deploy.
        weights_prefix: Folder of the weights, without a slash at either end.
        access_logs: Bucket for the load balancer's access logs, with S3-managed encryption.
        log_retention: How long logs are kept.
        log_key: Key of the logs; it needs `KeyUse.LOGS`. Default: *key*.
        instance_types: Machines, in order of preference. Default: the cheapest that fit, four types of one layout.
        max_model_len: Longest request, prompt and answer together, tokens. Default: 8192.
        min_machines: Lower bound, 0 or more. Default: 1; with 0 each update of the service puts it back to 0.
        max_machines: Upper bound, 1 or more. Default: 2; one machine more may stand while an update runs.
        certificate: TLS certificate of the load balancer. Default: none, and *plaintext_reason* says why.
        domain_name: Name in the certificate by which callers know it; required with *certificate*.
        hosted_zone: Zone in which *domain_name* is made to lead here. Default: somebody else does that.
        plaintext_reason: Why requests may go without TLS inside the network; lands in the acknowledgements.
        engine: What serves. Default: vLLM on NVIDIA.
        precision: Format of the weights. Default: the one in which the model is published.
        tools_image: Image with `python3`, and the AWS CLI where the engine reads a copy of the weights; it probes the
            model and copies. Default: the engine's own with `Vllm`; the other engines need one.
        machine_image: Image of the machines, with the ECS agent. Default: the newest ECS-optimized image for the
            accelerator, which reaches machines as they are started; those that run keep theirs.
        managed_instances: Leaves the machines to ECS, which costs a fee. Default: an Auto Scaling group of its own.
        capacity: How machines are bought. Default: on demand.
        scaling: What makes the fleet grow and shrink. Default: the load that the engine tells of.
        scale_to_zero: When there is no machine, and what brings one back. Default: *min_machines* always stand.
        fast_start: What is prepared beforehand for every machine; weights of a snapshot lie in `weights/` and the
            prefix. Default: nothing.
        request_timeout: Longest silence of a request, and how long running requests are waited for when a task goes;
            1 second to 1 hour. Default: 5 minutes.
        notifications: Topic for launches and terminations. Default: none; the activity history has them too.
        egress: Where machines and tasks may go over HTTPS; see `AcceleratorFleet`. Default: anywhere a route leads.
        removal_policy: What happens to logs, API key and load balancer when the stack goes. Default: kept.

    Attributes:
        REQUIRED_ENDPOINTS: AWS services that machines and tasks call.
        REQUIRED_KEY_USES: Services that use *key*.
        endpoint: Where the model is asked.
        hosts: Cluster, machines and capacity provider.
        task: Task definition and its roles.
        service: The service.
        api_key: The secret that a caller needs.
        auto_scaling_group: The machines; None where ECS keeps them.
        load_balancer: The load balancer.
        target_group: Its target group.
        log_group: What engine, probe and copying of weights wrote, one stream a task; a rollback leaves it.
        time_to_ready: How long a start takes, and what takes the most of it.
        fit: How the model sits on the smallest machine.
        metrics: All of them, those of the engine too.

    Raises:
        FleetError: Something is wrong; all of it is listed.

    Example:
        fleet = ContainerFleet(self, "Fleet", vpc=network.vpc, subnets=network.isolated, key=key.key,
                               model="llama-3.1-8b", weights=bucket, weights_prefix="llama-3.1-8b",
                               access_logs=logs.bucket, log_retention=RetentionDays.ONE_YEAR,
                               certificate=certificate, domain_name="models.example.com")
        fleet.grant_invoke(chat.function)
        fleet.connections.allow_default_port_from(chat.function)
    """

    REQUIRED_ENDPOINTS: ClassVar[tuple[InterfaceEndpoint, ...]] = (
        InterfaceEndpoint.ECR_API,
        InterfaceEndpoint.ECR_DOCKER,
        InterfaceEndpoint.ECS,
        InterfaceEndpoint.ECS_AGENT,
        InterfaceEndpoint.ECS_TELEMETRY,
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
        tools_image: ContainerImage | None = None,
        machine_image: HostImage | None = None,
        managed_instances: ManagedInstances | None = None,
        capacity: Capacity | None = None,
        scaling: Scaling | None = None,
        scale_to_zero: ScaleToZero | None = None,
        fast_start: FastStart | None = None,
        request_timeout: Duration | None = None,
        notifications: sns.ITopic | None = None,
        egress: Sequence[ec2.IPeer] = (),
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        timeout = request_timeout if request_timeout is not None else Duration.minutes(5)
        transport = Transport(certificate, domain_name, hosted_zone, plaintext_reason)
        folder = Weights(bucket=weights, prefix=weights_prefix)
        chosen = engine if engine is not None else Vllm()
        host = machine_image or (HostImage.ecs(chosen.vendor) if managed_instances is None else managed_image())
        decided = plan(
            self.node.path,
            region=Stack.of(self).region,
            model=model,
            weights=folder,
            instance_types=instance_types,
            max_model_len=max_model_len,
            precision=precision,
            engine=chosen,
            host=host,
            capacity=capacity,
            scaling=scaling,
            scale_to_zero=scale_to_zero,
            fast_start=fast_start,
            uses_local_disks=False,
            other_faults=[
                *fleet_faults(Stack.of(self), transport, timeout, min_machines, max_machines, scale_to_zero, capacity),
                *choice_faults(managed_instances, chosen, machine_image, capacity, fast_start, notifications),
                *container_faults(chosen, host, tools_image, fast_start),
            ],
        )
        tools, unequal = tools_of(chosen, tools_image), device_faults(decided.placement, managed_instances)
        if tools is None or unequal:
            raise FleetError(self.node.path, unequal)
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
            target_type=elbv2.TargetType.IP,
        )
        self.task = Task(
            self,
            "Task",
            decided=decided,
            tools=tools,
            weights=folder,
            entrance=self._entrance,
            stop_seconds=int(timeout.to_seconds()),
            managed=managed_instances is not None,
        )
        self.hosts = hosts_of(
            self,
            vpc=vpc,
            subnets=subnets,
            key=key,
            decided=decided,
            max_machines=max_machines,
            notifications=notifications,
            choice=managed_instances,
            egress=egress,
        )
        self.service = Service(
            self,
            "Service",
            vpc=vpc,
            subnets=subnets,
            hosts=self.hosts,
            task=self.task,
            entrance=self._entrance,
            decided=decided,
            min_machines=min_machines,
            max_machines=max_machines,
            egress=egress,
        )
        self._role = self.task.role
        self.auto_scaling_group = self.hosts.auto_scaling_group if isinstance(self.hosts, Hosts) else None
