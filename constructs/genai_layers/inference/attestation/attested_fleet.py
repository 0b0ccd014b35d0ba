"""
A fleet whose weights nobody can read, the people who run it included.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import ClassVar

import jsii
from aws_cdk import Duration, RemovalPolicy, Stack, Tags
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
from genai_layers.catalog.models import LENGTH_TAG, MODEL_TAG, ServedModel
from genai_layers.foundation import InterfaceEndpoint, KeyUse
from genai_layers.inference.attestation.attested_key import AttestedKey, measurement_faults
from genai_layers.inference.attestation.measurement import Measurement
from genai_layers.inference.capacity import Capacity
from genai_layers.inference.engines import ServingEngine
from genai_layers.inference.entrance import Entrance
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
class AttestedFleet(FleetEndpoint, Construct):
    """
    An `AcceleratorFleet` of machines that prove what they booted before the weights open to them.

    Weights lie in S3 sealed under a data key. KMS hands the data key only to a machine whose NitroTPM shows the
    measurements of your image, encrypted for that machine alone; no role, administrator or root of the account gets
    it, now or by a change of policy. `docs/attestation.md` says what this protects and what it does not.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new key, and weights have to be sealed again.
        vpc: Where the machines stand; it needs a way to `REQUIRED_ENDPOINTS`, and a gateway endpoint for S3.
        subnets: In which subnets, of several zones.
        key: Key of volumes and of the API key; it needs `REQUIRED_KEY_USES`.
        model: What to serve.
        sealed: Bucket with the sealed weights.
        sealed_prefix: Their folder, without a slash at either end.
        machine_image: Your attestable image, pinned, with engine and `genai-weights.service` in it.
        measurements: Its registers; those of the next image too, while both are in use.
        sealer: Who seals; this principal makes data keys and opens none.
        access_logs: Bucket for the load balancer's access logs, with S3-managed encryption.
        log_retention: How long logs are kept.
        log_key: Key of the logs; it needs `KeyUse.LOGS`. Default: *key*.
        instance_types: Machines. Default: the cheapest with NitroTPM that fit and hold the weights in memory.
        max_model_len: Longest request, tokens. Default: 8192.
        min_machines: Lower bound. Default: 1.
        max_machines: Upper bound. Default: 2.
        certificate: See `AcceleratorFleet`, as for all that follows.
        domain_name: Name in the certificate.
        hosted_zone: Zone of the name.
        plaintext_reason: Why requests may go without TLS.
        engine: What the image serves with; only its port, paths and metrics matter here. Default: vLLM.
        precision: Format of the weights.
        capacity: How machines are bought.
        scaling: What makes the fleet grow and shrink.
        scale_to_zero: When there is no machine.
        request_timeout: Longest silence of a request. Default: 5 minutes.
        notifications: Topic for launches and terminations.
        egress: Where machines may go over HTTPS.
        removal_policy: What happens to logs, API key and load balancer. The attested key and the role that it knows
            are always kept.

    Attributes:
        REQUIRED_ENDPOINTS: AWS services that the machines call.
        REQUIRED_KEY_USES: Services that use *key*.
        endpoint: Where the model is asked.
        attested_key: The key that weights are sealed under.
        auto_scaling_group: The machines.

    Raises:
        FleetError: Something is wrong; all of it is listed.
    """

    REQUIRED_ENDPOINTS: ClassVar[tuple[InterfaceEndpoint, ...]] = (
        InterfaceEndpoint.KMS,
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
        sealed: s3.IBucket,
        sealed_prefix: str,
        machine_image: HostImage,
        measurements: Sequence[Measurement],
        sealer: iam.IPrincipal,
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
        scale_to_zero: ScaleToZero | None = None,
        request_timeout: Duration | None = None,
        notifications: sns.ITopic | None = None,
        egress: Sequence[ec2.IPeer] = (),
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        timeout = request_timeout if request_timeout is not None else Duration.minutes(5)
        transport = Transport(certificate, domain_name, hosted_zone, plaintext_reason)
        folder = Weights(bucket=sealed, prefix=sealed_prefix)
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
            attestable=True,
            other_faults=[
                *measurement_faults(measurements),
                *_image_faults(machine_image),
                *fleet_faults(Stack.of(self), transport, timeout, min_machines, max_machines, scale_to_zero, capacity),
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
        user_data = ec2.UserData.custom("")
        self.machines = Machines(
            self,
            "Machines",
            vpc=vpc,
            subnets=subnets,
            key=key,
            decided=decided,
            weights=folder,
            image=None,
            entrance=self._entrance,
            user_data=user_data,
            min_machines=min_machines,
            max_machines=max_machines,
            signals_updates=False,
            notifications=notifications,
            egress=egress,
        )
        self._role = self.machines.role
        resource = self._role.node.default_child
        assert isinstance(resource, iam.CfnRole)  # noqa: S101 - narrows the type; the L2 makes no other
        # The policy of the attested key knows this very role and can never learn another.
        resource.apply_removal_policy(RemovalPolicy.RETAIN)
        self.attested_key = AttestedKey(
            self,
            "AttestedKey",
            description=f"weights of {decided.serving.model_id}, for machines that boot a measured image",
            measurements=measurements,
            machine=self.machines.role,
            sealer=sealer,
        ).key
        # Not measured, and so not trusted: names of places, which the image compares with forms, and no commands.
        user_data.add_commands(
            json.dumps(
                {
                    "region": Stack.of(self).region,
                    "sealed": decided.serving.weights_uri,
                    "key": self.attested_key.key_arn,
                    "api_key_secret": self.api_key.secret_arn,
                    "log_group": self.log_group.log_group_name,
                    "fleet": self._entrance.name,
                }
            )
        )
        self.auto_scaling_group = self.machines.auto_scaling_group
        # The options of the engine are in the image, where nobody who reckons the price of a token sees them.
        for tag, value in ((MODEL_TAG, decided.serving.model_id), (LENGTH_TAG, str(max_model_len))):
            Tags.of(self.auto_scaling_group).add(tag, value)


def _image_faults(image: HostImage) -> list[str]:
    if image.ssm_parameter is None:
        return []
    return [f"machine_image follows {image.ssm_parameter!r}, but measurements belong to one: use HostImage.pinned(...)"]
