"""
Pods of the vLLM production stack that serve one model, on nodes that EKS Auto Mode starts and stops.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import jsii
from aws_cdk import Duration, Names, RemovalPolicy, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from constructs import Construct

from genai_layers.catalog.accelerators import Precision
from genai_layers.catalog.models import ServedModel
from genai_layers.foundation import InterfaceEndpoint, KeyUse
from genai_layers.inference.capacity import Capacity
from genai_layers.inference.ecs.container_faults import device_faults
from genai_layers.inference.eks.charts import Chart
from genai_layers.inference.eks.kubernetes_faults import kubernetes_faults, type_faults, without_unsupported
from genai_layers.inference.eks.model_cluster import ModelCluster
from genai_layers.inference.eks.nodes import auto_mode_image
from genai_layers.inference.eks.release import Release
from genai_layers.inference.engines import ContainerImage, ServingEngine, Vllm
from genai_layers.inference.entrance import Entrance
from genai_layers.inference.errors import FleetError
from genai_layers.inference.fleet_endpoint import FleetEndpoint
from genai_layers.inference.fleet_faults import fleet_faults
from genai_layers.inference.fleet_plan import plan
from genai_layers.inference.scaling import Scaling
from genai_layers.inference.transport import Transport
from genai_layers.inference.weights import Weights


@jsii.implements(ec2.IConnectable, iam.IGrantable)
class KubernetesFleet(FleetEndpoint, Construct):
    """
    Pods on GPU or Neuron nodes that serve one model, with the same face as `AcceleratorFleet`.

    One pod stands on each node and has all of its accelerators; nothing else runs there. Callers come through a load
    balancer of the stack, to whose target group the cluster adds its pods, so that a delete leaves none behind.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it replaces everything.
        cluster: Where the pods run; any number of fleets share it.
        chart: Chart of the vLLM production stack, mirrored.
        tools_image: Image with `python3` and boto3, which fetches API key and weights, and probes the model; such as a
            mirror of `public.ecr.aws/lambda/python`.
        key: Key of the API key; it needs `KeyUse.SECRETS_MANAGER`.
        model: What to serve: an id of the catalog, or a model of your own.
        weights: Bucket with the weights. Begin with *min_machines* 0 until they are there.
        weights_prefix: Folder of the weights, without a slash at either end.
        access_logs: Bucket for the load balancer's access logs, with S3-managed encryption.
        log_retention: How long logs are kept.
        log_key: Key of the logs; it needs `KeyUse.LOGS`. Default: *key*.
        instance_types: Machines; Auto Mode starts the cheapest that is to be had. Default: the cheapest that fit, four
            types of one layout.
        max_model_len: Longest request, prompt and answer together, tokens. Default: 8192.
        min_machines: Lower bound, 0 or more. Default: 1; with 0 there is no pod until a deploy raises it.
        max_machines: Upper bound, 1 or more. Default: 2; one machine more may stand while an update runs.
        certificate: TLS certificate of the load balancer. Default: none, and *plaintext_reason* says why.
        domain_name: Name in the certificate by which callers know it; required with *certificate*.
        hosted_zone: Zone in which *domain_name* is made to lead here. Default: somebody else does that.
        plaintext_reason: Why requests may go without TLS inside the network; lands in the acknowledgements.
        engine: What serves: `Vllm` or `VllmNeuron`. Default: vLLM on NVIDIA.
        precision: Format of the weights. Default: the one in which the model is published.
        capacity: How machines are bought. Default: on demand.
        scaling: What makes the fleet grow and shrink. Default: waiting requests and use of the cache, as the engines
            tell KEDA.
        request_timeout: Longest silence of a request, and how long running requests are waited for when a pod goes;
            1 second to 1 hour. Default: 5 minutes.
        removal_policy: What happens to logs, API key and load balancer when the stack goes. Default: kept.

    Attributes:
        REQUIRED_ENDPOINTS: AWS services that nodes, pods and the deploy call.
        REQUIRED_KEY_USES: Services that use *key*.
        release: What runs in the cluster.
        endpoint: Where the model is asked.
        api_key: The secret that a caller needs.
        load_balancer: The load balancer.
        target_group: Its target group.
        log_group: What the probes wrote; what engines wrote is in `cluster.logs.application`.
        time_to_ready: How long a start takes, and what takes the most of it.
        fit: How the model sits on the smallest machine.
        metrics: All of them, those of the engine too.

    Raises:
        FleetError: Something is wrong; all of it is listed.

    Example:
        fleet = KubernetesFleet(self, "Fleet", cluster=cluster, chart=Chart.production_stack(charts),
                                tools_image=ContainerImage.private(tools, "3.13.2026"), key=key.key,
                                model="llama-3.1-8b", weights=bucket, weights_prefix="llama-3.1-8b",
                                access_logs=logs.bucket, log_retention=RetentionDays.ONE_YEAR,
                                certificate=certificate, domain_name="models.example.com")
        fleet.grant_invoke(chat.function)
        fleet.connections.allow_default_port_from(chat.function)
    """

    REQUIRED_ENDPOINTS: ClassVar[tuple[InterfaceEndpoint, ...]] = ModelCluster.REQUIRED_ENDPOINTS
    REQUIRED_KEY_USES: ClassVar[tuple[KeyUse, ...]] = (KeyUse.SECRETS_MANAGER,)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: ModelCluster,
        chart: Chart,
        tools_image: ContainerImage,
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
        capacity: Capacity | None = None,
        scaling: Scaling | None = None,
        request_timeout: Duration | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        timeout = request_timeout if request_timeout is not None else Duration.minutes(5)
        transport = Transport(certificate, domain_name, hosted_zone, plaintext_reason)
        folder = Weights(bucket=weights, prefix=weights_prefix)
        chosen = engine if engine is not None else Vllm()
        decided = plan(
            self.node.path,
            region=Stack.of(self).region,
            model=model,
            weights=folder,
            instance_types=instance_types,
            max_model_len=max_model_len,
            precision=precision,
            engine=chosen,
            host=auto_mode_image(chosen.vendor),
            capacity=capacity,
            scaling=scaling,
            other_faults=[
                *fleet_faults(Stack.of(self), transport, timeout, min_machines, max_machines),
                *kubernetes_faults(chosen, chart, tools_image, capacity, scaling),
                *type_faults(tuple(instance_types)),
            ],
        )
        self._decided = without_unsupported(decided)
        left = tuple(type_.name for type_ in self._decided.placement.types)
        unfit = [*device_faults(self._decided.placement), *type_faults(left)]
        if unfit:
            raise FleetError(self.node.path, unfit)
        self._entrance = Entrance(
            self,
            decided=self._decided,
            vpc=cluster.vpc,
            subnets=cluster.subnets,
            key=key,
            log_key=log_key,
            log_retention=log_retention,
            transport=transport,
            access_logs=access_logs,
            request_timeout=timeout,
            removal_policy=removal_policy,
            target_type=elbv2.TargetType.IP,
        )
        self.release = Release(
            self,
            "Release",
            # Unique in the cluster, and short enough for the longest name that the chart makes of it.
            name=Names.unique_resource_name(self, max_length=24, separator="-").lower(),
            cluster=cluster,
            chart=chart,
            decided=self._decided,
            tools=tools_image,
            weights=folder,
            entrance=self._entrance,
            min_machines=min_machines,
            max_machines=max_machines,
            stop_seconds=int(timeout.to_seconds()),
        )
        self._role = self.release.role
