"""
Groups of machines joined by EFA, each of which serves one copy of a model that no single machine holds.
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
from genai_layers.inference.entrance import Entrance
from genai_layers.inference.fleet_boot import fleet_boot
from genai_layers.inference.fleet_endpoint import FleetEndpoint
from genai_layers.inference.fleet_faults import fleet_faults
from genai_layers.inference.host_image import HostImage
from genai_layers.inference.multi_node.group_boot import group_cloud_config
from genai_layers.inference.multi_node.group_plan import GroupRequest
from genai_layers.inference.multi_node.nodes import Nodes
from genai_layers.inference.multi_node.vllm_nodes import VllmNodes
from genai_layers.inference.transport import Transport
from genai_layers.inference.weights import Weights


@jsii.implements(ec2.IConnectable, iam.IGrantable)
class MultiNodeFleet(FleetEndpoint, Construct):
    """
    Groups of machines that serve one model; a group is one copy, and the unit in which the fleet grows.

    Tensors are split inside a machine and layers over the machines of a group, which stand close together in one zone
    and talk over EFA. Every machine of a group answers for it: the load balancer may send a request to any of them,
    and each passes it to the one that leads. When a machine is lost, the others stop, wait for the next and start
    again together; when all are there and the model does not answer, all of them are replaced.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it replaces everything.
        vpc: Where the machines stand; it needs a way to `REQUIRED_ENDPOINTS`, and a gateway endpoint for S3.
        subnets: Subnets of the load balancer, of several zones.
        machine_subnet: The one subnet of the machines, and with it their zone.
        key: Key of volumes and of the API key; it needs `REQUIRED_KEY_USES`.
        model: What to serve: an id of the catalog, or a model of your own.
        weights: Bucket with the weights. Begin with *groups* 0 until they are there.
        weights_prefix: Folder of the weights, without a slash at either end.
        access_logs: Bucket for the load balancer's access logs, with S3-managed encryption.
        log_retention: How long logs are kept.
        log_key: Key of the logs; it needs `KeyUse.LOGS`. Default: *key*.
        instance_type: Machines, one type with EFA. Default: that of the smallest group which holds the model, of equals
            the cheapest.
        machines: Machines of a group, 2 to 16. Default: as few as hold the model.
        groups: Groups, 0 or more. Default: 1; more share the load behind one door, and an update leaves the others
            to answer.
        zone_id: Zone of *machine_subnet* by id, such as `use1-az4`, compared with where the type is offered.
            Default: not compared, which finds out at the launch.
        placement_group: A cluster placement group for all groups, for reservations that were made in it. Default:
            one for each group, and none in a Capacity Block.
        max_model_len: Longest request, prompt and answer together, tokens. Default: 8192.
        certificate: See `AcceleratorFleet`, as for all that follows.
        domain_name: Name in the certificate.
        hosted_zone: Zone of the name.
        plaintext_reason: Why requests may go without TLS.
        engine: What serves. Default: vLLM on NVIDIA, by its own multi-node mode.
        precision: Format of the weights.
        machine_image: Image of the machines.
        capacity: How machines are bought; not spot. Default: on demand.
        request_timeout: Longest silence of a request. Default: 5 minutes.
        notifications: Topic for launches and terminations.
        egress: Where machines may go over HTTPS; among themselves everything passes.
        removal_policy: What happens to logs, API key and load balancer.

    Attributes:
        REQUIRED_ENDPOINTS: AWS services that the machines call.
        REQUIRED_KEY_USES: Services that use *key*.
        endpoint: Where the model is asked.
        nodes: Role, template, security group and groups of the machines.
        group: How the model sits on one group.

    Raises:
        FleetError: Something is wrong; all of it is listed.

    Example:
        MultiNodeFleet(self, "Fleet", vpc=network.vpc, subnets=network.isolated,
                       machine_subnet=network.vpc.isolated_subnets[0], key=key.key, model="llama-3.1-405b",
                       weights=bucket, weights_prefix="llama-3.1-405b", access_logs=logs.bucket,
                       log_retention=RetentionDays.ONE_YEAR, certificate=certificate, domain_name="models.example.com")
    """

    REQUIRED_ENDPOINTS: ClassVar[tuple[InterfaceEndpoint, ...]] = (
        InterfaceEndpoint.EC2,
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
        machine_subnet: ec2.ISubnet,
        key: kms.IKey,
        model: ServedModel | str,
        weights: s3.IBucket,
        weights_prefix: str,
        access_logs: s3.IBucket,
        log_retention: logs.RetentionDays,
        log_key: kms.IKey | None = None,
        instance_type: str | None = None,
        machines: int | None = None,
        groups: int = 1,
        zone_id: str | None = None,
        placement_group: ec2.IPlacementGroup | None = None,
        max_model_len: int = 8192,
        certificate: acm.ICertificate | None = None,
        domain_name: str | None = None,
        hosted_zone: route53.IHostedZone | None = None,
        plaintext_reason: str | None = None,
        engine: VllmNodes | None = None,
        precision: Precision | None = None,
        machine_image: HostImage | None = None,
        capacity: Capacity | None = None,
        request_timeout: Duration | None = None,
        notifications: sns.ITopic | None = None,
        egress: Sequence[ec2.IPeer] = (),
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        timeout = request_timeout if request_timeout is not None else Duration.minutes(5)
        transport = Transport(certificate, domain_name, hosted_zone, plaintext_reason)
        folder = Weights(bucket=weights, prefix=weights_prefix)
        bought = capacity if capacity is not None else Capacity.on_demand()
        chosen = engine if engine is not None else VllmNodes()
        decided, self.group = GroupRequest(
            model=model,
            instance_type=instance_type,
            machines=machines,
            max_model_len=max_model_len,
            precision=precision,
            engine=chosen,
            host=machine_image if machine_image is not None else HostImage.nvidia(chosen.image.architecture),
            capacity=bought,
            region=Stack.of(self).region,
            zone_id=zone_id,
        ).decide(
            self.node.path,
            folder,
            [
                *fleet_faults(Stack.of(self), transport, timeout, 0, 1),
                *_group_faults(groups, placement_group, bought),
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
        image = chosen.image.bind(Stack.of(self))
        boot = fleet_boot(
            decided,
            image=image,
            entrance=self._entrance,
            group=None,
            request_timeout=timeout,
            signals_updates=False,
        )
        user_data = ec2.UserData.custom("#cloud-config")
        user_data.add_commands(group_cloud_config(boot, decided))
        self.nodes = Nodes(
            self,
            "Nodes",
            vpc=vpc,
            subnet=machine_subnet,
            key=key,
            decided=decided,
            group=self.group,
            weights=folder,
            image=image,
            entrance=self._entrance,
            user_data=user_data,
            groups=groups,
            placement_group=placement_group,
            notifications=notifications,
            egress=egress,
        )
        self._role = self.nodes.role


def _group_faults(groups: int, placement_group: ec2.IPlacementGroup | None, capacity: Capacity) -> Sequence[str]:
    found = []
    if groups < 0:
        found.append(f"groups is {groups}: choose 0 or more")
    if placement_group is not None and capacity.is_block:
        found.append(
            "placement_group is given and capacity is a Capacity Block, which keeps its machines close itself: leave "
            "placement_group out"
        )
    return found
