"""
Where an engine's container comes from, and exactly who may pull it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from aws_cdk import Fn, Stack
from aws_cdk import aws_ecr as ecr

from genai_layers.catalog import images
from genai_layers.catalog.accelerators import Vendor
from genai_layers.catalog.images import ServingImage

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_NAMES_A_VERSION = re.compile(r"\d+\.\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundImage:
    """
    An image as one stack sees it.

    Attributes:
        uri: Full address with tag or digest.
        registry: Host of the registry, for the login.
        repository_arn: The one repository that must be readable.
    """

    uri: str
    registry: str
    repository_arn: str


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
        if _DIGEST.fullmatch(self.version) or _NAMES_A_VERSION.search(self.version):
            return ()
        return (
            f"image version {self.version!r} moves with every push: give a tag that names one version, such as "
            "'0.27.1-gpu', or a digest 'sha256:...'",
        )

    def bind(self, stack: Stack) -> BoundImage:
        """
        Return it as *stack*, which has a region, sees it.

        Raises:
            RegionError: The region has no registry of AWS deep learning containers.
        """
        if not isinstance(self.source, ServingImage):
            uri = f"{self.source.repository_uri}{self._reference}"
            registry = Fn.select(0, Fn.split("/", self.source.repository_uri))
            return BoundImage(uri=uri, registry=registry, repository_arn=self.source.repository_arn)
        account = images.registry_account(stack.region, registry=self.source.registry)
        registry = f"{account}.dkr.ecr.{stack.region}.{stack.url_suffix}"
        name = self.source.repository
        return BoundImage(
            uri=f"{registry}/{name}{self._reference}",
            registry=registry,
            repository_arn=stack.format_arn(service="ecr", account=account, resource="repository", resource_name=name),
        )

    @property
    def _reference(self) -> str:
        return f"@{self.version}" if _DIGEST.fullmatch(self.version) else f":{self.version}"
