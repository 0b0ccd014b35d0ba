"""
The machine image under the engine: its driver, its architecture, and where EC2 finds it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from aws_cdk import aws_ec2 as ec2

from genai_layers.catalog.accelerators import Vendor

NVIDIA_X86_PARAMETER = "/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-amazon-linux-2023/latest/ami-id"
NVIDIA_ARM_PARAMETER = "/aws/service/deeplearning/ami/arm64/base-oss-nvidia-driver-gpu-amazon-linux-2023/latest/ami-id"
"""DLAMI developer guide, "Find a DLAMI ID": public SSM parameters of the base GPU images."""

NEURON_PARAMETER = "/aws/service/neuron/dlami/base/amazon-linux-2023/latest/image_id"
"""Neuron documentation, "Neuron DLAMI", SSM parameters."""

ECS_NVIDIA_PARAMETER = "/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/recommended/image_id"
ECS_NEURON_PARAMETER = "/aws/service/ecs/optimized-ami/amazon-linux-2023/neuron/recommended/image_id"
"""ECS developer guide, "Retrieving Amazon ECS-optimized Linux AMI metadata"; both are x86_64 only."""

SSM_PARAMETERS = (
    NVIDIA_X86_PARAMETER,
    NVIDIA_ARM_PARAMETER,
    NEURON_PARAMETER,
    ECS_NVIDIA_PARAMETER,
    ECS_NEURON_PARAMETER,
)
"""Every public parameter that a fleet may read; an emulator has to hold them."""

_AMI_ID = re.compile(r"ami-[0-9a-f]{8,17}")
_CUDA = re.compile(r"\d+\.\d+")
# EC2 user guide, "EBS volume limits": gp3 up to 64 TiB.
_LARGEST_ROOT_GIB = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class HostImage:
    """
    An Amazon machine image with Docker and the driver of one kind of accelerator.

    Attributes:
        name: What it is called in messages.
        vendor: Whose accelerators its driver drives.
        architecture: `x86_64` or `arm64`.
        cuda: Newest CUDA that its driver runs, as in `13.2`; None where the driver is not NVIDIA's.
        ssm_parameter: Public parameter with its id, read anew by each deploy. Default: none, *amis* are given.
        amis: Its id by region. Default: none, *ssm_parameter* is given.
        root_device: Name of the root volume.
        root_gib: Size of the snapshot under it, GiB; a volume is as large at least. Default: not known, as with the
            images of AWS, which fit the room that a fleet reckons for a system.
        is_chosen_by_service: The service that starts the machines knows the image, and takes no other.

    Example:
        HostImage.pinned({"us-east-1": "ami-0123456789abcdef0"}, vendor=Vendor.NVIDIA, cuda="13.2")
    """

    name: str
    vendor: Vendor
    architecture: str
    cuda: str | None
    ssm_parameter: str | None = None
    amis: Mapping[str, str] = field(default_factory=dict)
    root_device: str = "/dev/xvda"
    root_gib: int | None = None
    is_chosen_by_service: bool = False

    @classmethod
    def nvidia(cls, architecture: str = "x86_64") -> HostImage:
        """
        The newest AWS deep learning base image for NVIDIA GPUs on Amazon Linux 2023.

        A deploy after AWS has published a new one replaces the machines: pin the id where that may not happen.

        Args:
            architecture: `x86_64` or `arm64`. Default: `x86_64`.
        """
        # DLAMI release notes, base OSS GPU on AL2023, 2026-09-17: driver 595.91, which runs CUDA 13.2 and older.
        return cls(
            name="the deep learning base image for NVIDIA",
            vendor=Vendor.NVIDIA,
            architecture=architecture,
            cuda="13.2",
            ssm_parameter=NVIDIA_ARM_PARAMETER if architecture == "arm64" else NVIDIA_X86_PARAMETER,
        )

    @classmethod
    def neuron(cls) -> HostImage:
        """
        The newest AWS Neuron base image on Amazon Linux 2023; see `nvidia` for what newest means.
        """
        return cls(
            name="the deep learning base image for Neuron",
            vendor=Vendor.NEURON,
            architecture="x86_64",
            cuda=None,
            ssm_parameter=NEURON_PARAMETER,
        )

    @classmethod
    def ecs(cls, vendor: Vendor = Vendor.NVIDIA) -> HostImage:
        """
        The newest ECS-optimized image on Amazon Linux 2023, with the ECS agent; for a `ContainerFleet`.

        Args:
            vendor: Whose accelerators its driver drives. Default: NVIDIA.
        """
        # aws/amazon-ecs-ami, release 20261113: driver 580.178, which runs CUDA 13.0 and older.
        nvidia = vendor is Vendor.NVIDIA
        return cls(
            name=f"the ECS-optimized image for {vendor.value}",
            vendor=vendor,
            architecture="x86_64",
            cuda="13.0" if nvidia else None,
            ssm_parameter=ECS_NVIDIA_PARAMETER if nvidia else ECS_NEURON_PARAMETER,
        )

    @classmethod
    def pinned(
        cls,
        amis: Mapping[str, str],
        *,
        vendor: Vendor = Vendor.NVIDIA,
        architecture: str = "x86_64",
        cuda: str | None = None,
        root_device: str = "/dev/xvda",
        root_gib: int | None = None,
    ) -> HostImage:
        """
        One image and no other, until you say so.

        Args:
            amis: Image id by region.
            vendor: Whose accelerators its driver drives. Default: NVIDIA.
            architecture: `x86_64` or `arm64`. Default: `x86_64`.
            cuda: Newest CUDA that its driver runs, as in `13.2`; required for NVIDIA.
            root_device: Name of the root volume. Default: `/dev/xvda`, as on Amazon Linux.
            root_gib: Size of its snapshot, GiB, as `aws ec2 describe-images` tells; say it where it is above 100, or no
                machine starts. Default: up to 100.
        """
        return cls(
            name="the pinned image",
            vendor=vendor,
            architecture=architecture,
            cuda=cuda,
            amis=amis,
            root_device=root_device,
            root_gib=root_gib,
        )

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with its own values."""
        found = []
        if not self.is_chosen_by_service and bool(self.amis) == (self.ssm_parameter is not None):
            found.append("machine_image names no image id and no ssm_parameter, or both: give one of them")
        found += [
            f"machine_image has {ami!r} for {region!r}: give an id of the form ami-0123456789abcdef0"
            for region, ami in self.amis.items()
            if not _AMI_ID.fullmatch(ami)
        ]
        if self.vendor is Vendor.NVIDIA and (self.cuda is None or not _CUDA.fullmatch(self.cuda)):
            found.append(
                f"machine_image has cuda={self.cuda!r}: say which CUDA its NVIDIA driver runs at most, such as '13.2'"
            )
        if self.root_gib is not None and not 1 <= self.root_gib <= _LARGEST_ROOT_GIB:
            found.append(f"machine_image has root_gib={self.root_gib}: choose 1 to {_LARGEST_ROOT_GIB}")
        return tuple(found)

    def bind(self) -> ec2.IMachineImage:
        """
        Return it in the CDK's terms.
        """
        if self.ssm_parameter is not None:
            return ec2.MachineImage.from_ssm_parameter(self.ssm_parameter, os=ec2.OperatingSystemType.LINUX)
        return ec2.MachineImage.generic_linux(dict(self.amis))
