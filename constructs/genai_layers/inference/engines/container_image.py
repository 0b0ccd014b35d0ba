"""
Where an engine's container comes from, and exactly who may pull it.
"""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_ecr as ecr

from genai_layers.catalog import images
from genai_layers.catalog.accelerators import Vendor
from genai_layers.catalog.images import ServingImage
from genai_layers.foundation import BoundImage, version_faults

__all__ = ["BoundImage", "ContainerImage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerImage:
    """
    A container image in a private registry of the machine's own region.

    Attributes:
        version: Tag that names one version, or a digest.
        architecture: `x86_64` or `arm64`.
        vendor: Accelerator it is built for.
        cuda: CUDA it is built for, as in `13.0`; None without CUDA.
        min_compute_capability: Oldest NVIDIA generation it runs on; None without CUDA.
        source: Row of the catalog for an AWS deep learning container, or a repository of yours.

    Example:
        ContainerImage.aws(images.vllm(version="0.27.1"))
    """

    version: str
    architecture: str
    vendor: Vendor | None
    cuda: str | None
    min_compute_capability: str | None
    source: ServingImage | ecr.IRepository

    @classmethod
    def aws(cls, image: ServingImage, *, digest: str | None = None) -> ContainerImage:
        """
        An AWS deep learning container.

        Args:
            image: Row of the catalog.
            digest: `sha256:...` of the very bytes wanted, in every region the same. Default: the tag of the row,
                which AWS may push again with security patches.
        """
        return cls(
            version=digest or image.tag,
            architecture=image.architecture,
            vendor=image.vendor,
            cuda=image.cuda,
            min_compute_capability=image.min_compute_capability,
            source=image,
        )

    @classmethod
    def private(
        cls,
        repository: ecr.IRepository,
        version: str,
        *,
        vendor: Vendor = Vendor.NVIDIA,
        architecture: str = "x86_64",
        cuda: str | None = None,
    ) -> ContainerImage:
        """
        An image of your own, such as one that a pull-through cache rule fetched from a public registry.

        Args:
            repository: Where it lies.
            version: Tag that names one version, or a digest.
            vendor: Accelerator it is built for. Default: NVIDIA.
            architecture: `x86_64` or `arm64`. Default: `x86_64`.
            cuda: CUDA it is built for, as in `13.0`. Default: unknown, and so not compared with the driver.
        """
        oldest = None if cuda is None else "7.5" if int(cuda.split(".")[0]) >= 13 else "5.0"
        return cls(
            version=version,
            architecture=architecture,
            vendor=vendor,
            cuda=cuda,
            min_compute_capability=oldest,
            source=repository,
        )

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with its own values."""
        return tuple(version_faults(self.version))

    def bind(self, stack: Stack) -> BoundImage:
        """
        Return it as *stack*, which has a region, sees it.

        Raises:
            RegionError: The region has no registry of AWS deep learning containers.
        """
        if not isinstance(self.source, ServingImage):
            return BoundImage.in_repository(self.source, self.version)
        account = images.registry_account(stack.region, registry=self.source.registry)
        return BoundImage.in_account(stack, account, self.source.repository, self.version)
