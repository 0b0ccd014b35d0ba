"""
CPU machines that hold an enclave, and a key that opens to it alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import jsii
from aws_cdk import RemovalPolicy, Stack, Token
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from genai_layers.catalog import enclave_hosts
from genai_layers.catalog.errors import UnknownInstanceTypeError
from genai_layers.foundation import InterfaceEndpoint, KeyUse, WorkloadRole
from genai_layers.inference.attestation.attested_key import AttestedKey, measurement_faults
from genai_layers.inference.attestation.enclave.enclave_boot import enclave_cloud_config
from genai_layers.inference.attestation.enclave.enclave_machines import EnclaveMachines
from genai_layers.inference.attestation.enclave.enclave_measurement import EnclaveMeasurement
from genai_layers.inference.attestation.enclave.enclave_size import EnclaveSize
from genai_layers.inference.errors import AttestationError
from genai_layers.inference.weights import Weights


@jsii.implements(ec2.IConnectable, iam.IGrantable)
class KeyBroker(Construct):
    """
    Machines with a Nitro Enclave each, and a KMS key whose data keys are released to that enclave's image only.

    For programs without an accelerator: one that hands out keys after checks of its own, or a small model on CPUs.
    The enclave has no network, no disk and no console; it reaches KMS through a proxy that leads nowhere else, gets
    credentials of the role from its machine, and answers requests on one port. `docs/attestation.md` says what this
    protects and what it does not.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new key, and what was sealed has to be sealed again.
        vpc: Where the machines stand; it needs a way to `REQUIRED_ENDPOINTS`, and a gateway endpoint for S3.
        subnets: In which subnets.
        key: Key of their volumes; it needs `REQUIRED_KEY_USES`.
        images: Bucket with the enclave image.
        image_folder: Its folder, without a slash at either end; the image in it is called `enclave.eif`.
        measurements: Registers of the image; those of the next one too, while both are in use.
        sealer: Who makes data keys to seal with; this principal opens none.
        description: What the key protects.
        instance_type: Machine that can hold an enclave. Default: `m7i.xlarge`, the smallest that leaves the enclave
            two vCPUs and most of 16 GiB.
        size: What the enclave gets. Default: 2 vCPUs and 4096 MiB.
        machines: How many, 0 or more. Default: 1.
        request_port: Port of requests, the same on the machine and on the enclave's vsock, 1024 or more. Default:
            none, the enclave answers nobody.
        egress: Where machines may go over HTTPS; see `AcceleratorFleet`. Default: anywhere that a route leads.

    Attributes:
        REQUIRED_ENDPOINTS: AWS services that the machines call.
        REQUIRED_KEY_USES: Services that use *key*.
        attested_key: The key that opens to the enclave.
        machines: Role, security group, template and group of the machines.

    Raises:
        AttestationError: Something is wrong; all of it is listed.

    Example:
        KeyBroker(self, "Broker", vpc=network.vpc, subnets=network.isolated, key=key.key, images=bucket,
                  image_folder="broker/1.4.2", measurements=[EnclaveMeasurement.from_json(text)], sealer=ci,
                  description="keys of tenants", request_port=5000)
    """

    REQUIRED_ENDPOINTS: ClassVar[tuple[InterfaceEndpoint, ...]] = (InterfaceEndpoint.KMS,)
    REQUIRED_KEY_USES: ClassVar[tuple[KeyUse, ...]] = (KeyUse.EBS_AUTOSCALING,)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection,
        key: kms.IKey,
        images: s3.IBucket,
        image_folder: str,
        measurements: Sequence[EnclaveMeasurement],
        sealer: iam.IPrincipal,
        description: str,
        instance_type: str = "m7i.xlarge",
        size: EnclaveSize | None = None,
        machines: int = 1,
        request_port: int | None = None,
        egress: Sequence[ec2.IPeer] = (),
    ) -> None:
        super().__init__(scope, id)
        stack = Stack.of(self)
        room = size if size is not None else EnclaveSize()
        folder = Weights(bucket=images, prefix=image_folder)
        faults = [
            *measurement_faults(measurements),
            *(fault.replace("weights_prefix", "image_folder") for fault in folder.faults),
            *_faults(instance_type, room, machines, request_port),
        ]
        if Token.is_unresolved(stack.region):
            faults.append("the stack has no region, and the proxy has to name the KMS of one: give the stack env=")
        if faults:
            raise AttestationError(self.node.path, faults)
        role = WorkloadRole(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
            description="Machine that holds an enclave: reads the image of the enclave, and lends it this role",
        )
        folder.grant_read(role)
        resource = role.node.default_child
        assert isinstance(resource, iam.CfnRole)  # noqa: S101 - narrows the type; the L2 makes no other
        # The policy of the attested key knows this very role and can never learn another.
        resource.apply_removal_policy(RemovalPolicy.RETAIN)
        self.attested_key = AttestedKey(
            self, "AttestedKey", description=description, measurements=measurements, machine=role, sealer=sealer
        ).key
        user_data = ec2.UserData.custom("#cloud-config")
        user_data.add_commands(
            enclave_cloud_config(
                image_uri=f"{folder.uri}enclave.eif",
                size=room,
                region=stack.region,
                kms_host=f"kms.{stack.region}.{stack.url_suffix}",
                key_arn=self.attested_key.key_arn,
                request_port=request_port,
            )
        )
        self.machines = EnclaveMachines(
            self,
            "Machines",
            vpc=vpc,
            subnets=subnets,
            key=key,
            role=role,
            host=enclave_hosts.get(instance_type),
            user_data=user_data,
            machines=machines,
            egress=egress,
        )
        self._connections = ec2.Connections(
            security_groups=[self.machines.security_group],
            default_port=None if request_port is None else ec2.Port.tcp(request_port),
        )
        self._role = role

    @property
    def connections(self) -> ec2.Connections:
        """The network path to the machines, on the port of requests."""
        return self._connections

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The role of the machines, which the enclave borrows."""
        return self._role

    @property
    def auto_scaling_group(self) -> autoscaling.AutoScalingGroup:
        """The machines."""
        return self.machines.auto_scaling_group

    def metric_machines(self) -> cloudwatch.Metric:
        """`GroupInServiceInstances`, Minimum: machines that stand, whatever their enclaves do."""
        return self._metric("AWS/AutoScaling", "GroupInServiceInstances", "Minimum")

    def metric_missing_machines(self) -> cloudwatch.MathExpression:
        """Machines that are wanted and do not stand, from `GroupDesiredCapacity` and `GroupInServiceInstances`."""
        return cloudwatch.MathExpression(
            expression="wanted - standing",
            using_metrics={
                "wanted": self._metric("AWS/AutoScaling", "GroupDesiredCapacity", "Minimum"),
                "standing": self.metric_machines(),
            },
            label="Missing machines",
        )

    def metric_failed_checks(self) -> cloudwatch.Metric:
        """`StatusCheckFailed`, Maximum: 1 while a machine fails the checks of EC2."""
        return self._metric("AWS/EC2", "StatusCheckFailed", "Maximum")

    def _metric(self, namespace: str, name: str, statistic: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=namespace,
            metric_name=name,
            dimensions_map={"AutoScalingGroupName": self.auto_scaling_group.auto_scaling_group_name},
            statistic=statistic,
        )


def _faults(instance_type: str, size: EnclaveSize, machines: int, request_port: int | None) -> list[str]:
    found = []
    try:
        found += size.faults(enclave_hosts.get(instance_type))
    except UnknownInstanceTypeError as error:
        found.append(str(error))
    if machines < 0:
        found.append(f"machines is {machines}: choose 0 or more")
    if request_port is not None and not 1024 <= request_port <= 65_535:
        found.append(f"request_port is {request_port}: choose 1024 to 65535, which need no right to bind")
    return found
