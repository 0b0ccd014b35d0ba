"""
What every machine of a fleet is like before it runs anything.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from genai_layers.inference.engines import ServingEngine, WeightsPath
from genai_layers.inference.fast_start import DATA_DEVICE
from genai_layers.inference.fleet_plan import FleetPlan
from genai_layers.inference.host_image import HostImage
from genai_layers.inference.placement import Placement
from genai_layers.inference.readiness import ROOT_VOLUME_MIB_PER_SECOND
from genai_layers.inference.ways_out import let_out

# The operating system, drivers and four CUDA toolkits of a deep learning AMI, with room for logs: our estimate.
_SYSTEM_GIB = 100
# Layers on disk beside their unpacked form: our estimate.
_UNPACKED_BY_COMPRESSED = 3.5


class MachineTemplate(Construct):
    """
    A launch template: private, encrypted, without keys to log in with, metadata by session token only.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it replaces the machines.
        vpc: Where the machines stand.
        role: Their role.
        key: Key of their volumes; it needs `KeyUse.EBS_AUTOSCALING`.
        decided: Their image and types, what they run and how they are bought.
        user_data: What they do at launch; may still grow.
        egress: Where they may go over HTTPS. Default: anywhere that a route leads.

    Attributes:
        security_group: Their security group: nothing in but what others add, HTTPS out.
        launch_template: The template.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        role: iam.IRole,
        key: kms.IKey,
        decided: FleetPlan,
        user_data: ec2.UserData,
        egress: Sequence[ec2.IPeer] = (),
    ) -> None:
        super().__init__(scope, id)
        self.security_group = ec2.SecurityGroup(
            self,
            "SecurityGroup",
            vpc=vpc,
            description="Machines that serve a model",
            allow_all_outbound=False,
        )
        let_out(self.security_group, egress)
        self.launch_template = ec2.LaunchTemplate(
            self,
            "Resource",
            # Only a Capacity Block takes its type from here; else the group's overrides say it.
            instance_type=ec2.InstanceType(decided.placement.types[0].name) if decided.capacity.is_block else None,
            machine_image=decided.host.bind(),
            role=role,
            security_group=self.security_group,
            user_data=user_data,
            detailed_monitoring=True,
            ebs_optimized=True,
            require_imdsv2=True,
            http_put_response_hop_limit=1,
            http_endpoint=True,
            # A machine learns the name of its group from the tag that Auto Scaling gives it.
            instance_metadata_tags=True if decided.fast_start.warm_machines else None,
            block_devices=list(_volumes(decided, key)),
        )
        template = self.launch_template.node.default_child
        assert isinstance(template, ec2.CfnLaunchTemplate)  # noqa: S101 - narrows the type; the L2 makes no other
        for path, value in decided.capacity.launch_overrides().items():
            template.add_property_override(path, value)


def _volumes(decided: FleetPlan, key: kms.IKey) -> Iterator[ec2.BlockDevice]:
    prepared = decided.fast_start
    yield ec2.BlockDevice(
        device_name=decided.host.root_device,
        volume=ec2.BlockDeviceVolume.ebs(
            root_volume_gib(decided.engine, decided.placement, decided.host),
            encrypted=True,
            kms_key=key,
            volume_type=ec2.EbsDeviceVolumeType.GP3,
            iops=3000,
            throughput=ROOT_VOLUME_MIB_PER_SECOND,
            volume_initialization_rate=prepared.initialization_rate if prepared.image_on_machine else None,
            delete_on_termination=True,
        ),
    )
    if prepared.data_snapshot is not None:
        # EC2 API, LaunchTemplateEbsBlockDeviceRequest: no word on encryption here; a volume has its snapshot's key.
        yield ec2.BlockDevice(
            device_name=DATA_DEVICE,
            volume=ec2.BlockDeviceVolume.ebs_from_snapshot(
                prepared.data_snapshot,
                volume_size=None if prepared.data_size is None else math.ceil(prepared.data_size.to_gibibytes()),
                volume_type=ec2.EbsDeviceVolumeType.GP3,
                iops=3000,
                throughput=ROOT_VOLUME_MIB_PER_SECOND,
                volume_initialization_rate=prepared.initialization_rate,
                delete_on_termination=True,
            ),
        )


def root_volume_gib(engine: ServingEngine, placement: Placement, host: HostImage) -> int:
    """
    Return the size of the root volume, GiB: the system, the container, and copied weights where no local disk is.

    Args:
        engine: What runs.
        placement: The machines.
        host: Their image, which may be larger than what is reckoned for a system.
    """
    system = max(_SYSTEM_GIB, host.root_gib or 0)
    container = engine.image_gb * 1e9 / 1024**3 * _UNPACKED_BY_COMPRESSED
    needs_room = engine.weights is WeightsPath.COPIED and any(type_.nvme_gb == 0 for type_ in placement.types)
    weights = placement.first.weights_mib / 1024 * 1.1 if needs_room else 0
    return math.ceil((system + container + weights) / 10) * 10
