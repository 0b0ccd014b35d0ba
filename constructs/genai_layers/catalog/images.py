"""
Serving images of AWS Deep Learning Containers, by a tag that names one version.

A tag can still be pushed again with security patches; pin a digest where the very same bytes are needed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from genai_layers.catalog import regions
from genai_layers.catalog.accelerators import Vendor
from genai_layers.catalog.errors import RegionError, UnknownImageError
from genai_layers.catalog.tables import Confidence, listed, load

_PUBLIC = "public.ecr.aws/deep-learning-containers"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingImage:
    """
    One container image that serves models.

    Attributes:
        repository: Repository in the registry.
        tag: Tag of one version.
        framework: Engine, e.g. ``vLLM``.
        version: Version of the engine.
        platform: ``ec2`` (also for ECS and EKS) or ``sagemaker``; entry point and port differ.
        vendor: Accelerator it is built for; None for CPU.
        architecture: ``x86_64`` or ``arm64``.
        cuda: CUDA version as in ``13.0``; None when it has none.
        neuron_sdk: Neuron SDK version; None when it has none.
        port: Port on which the server listens.
        is_public: Also in the public registry, where no account id is needed.
        registry: Which registry accounts hold it.
        source: Where the row was read.
        as_of: When it was read, ISO date.
        confidence: How far to trust it.
    """

    repository: str
    tag: str
    framework: str
    version: str
    platform: str
    vendor: Vendor | None
    architecture: str
    cuda: str | None
    neuron_sdk: str | None
    port: int
    is_public: bool
    registry: str
    source: str
    as_of: str
    confidence: Confidence

    @property
    def min_compute_capability(self) -> str | None:
        """
        Oldest GPU generation that the image's CUDA still compiles for; None without CUDA.
        """
        return None if self.cuda is None else oldest_capability(self.cuda)

    def uri(self, region: str) -> str:
        """
        Address in the private registry of *region*.

        Raises:
            RegionError: *region* has no such registry.
        """
        account = registry_account(region, registry=self.registry)
        return f"{account}.dkr.ecr.{region}.{regions.domain(region)}/{self.repository}:{self.tag}"

    @property
    def public_uri(self) -> str:
        """
        Address in the public registry.

        Raises:
            UnknownImageError: The image is not there.
        """
        if not self.is_public:
            raise UnknownImageError(
                f"image {self.repository}:{self.tag} is not in the public registry: use uri(region)"
            )
        return f"{_PUBLIC}/{self.repository}:{self.tag}"


@cache
def every() -> tuple[ServingImage, ...]:
    """
    All images, newest version first within each framework.
    """
    table = load("images")
    images = (
        ServingImage(
            repository=row["repository"],
            tag=row["tag"],
            framework=row["framework"],
            version=row["version"],
            platform=row["platform"],
            vendor=None if row["accelerator"] == "cpu" else Vendor(row["accelerator"]),
            architecture=row["architecture"],
            cuda=f"{row['cuda'][2:-1]}.{row['cuda'][-1]}" if row["cuda"] else None,
            neuron_sdk=row["neuron_sdk"],
            port=row["port"],
            is_public=row["public"],
            registry=row["registry"],
            source=table["source"],
            as_of=table["as_of"],
            confidence=Confidence(table["confidence"]),
        )
        for row in table["rows"].values()
    )
    # One version of DJL Serving comes with several of the container; the tag tells them apart.
    return tuple(
        sorted(images, key=lambda image: (image.framework, _numbers(image.version), _numbers(image.tag)), reverse=True)
    )


def find(
    framework: str,
    *,
    platform: str = "ec2",
    vendor: Vendor | str | None = Vendor.NVIDIA,
    architecture: str = "x86_64",
    version: str | None = None,
) -> ServingImage:
    """
    The newest image of *framework* that fits.

    Args:
        framework: ``vLLM``, ``SGLang``, ``TEI``, ``DJLServing``, ``PyTorch`` or ``Ray``; case does not matter.
        platform: ``ec2`` or ``sagemaker``. Default: ``ec2``, which is also for ECS and EKS.
        vendor: Accelerator; None for CPU. Default: ``nvidia``.
        architecture: ``x86_64`` or ``arm64``. Default: ``x86_64``.
        version: Version of the engine. Default: the newest in the catalog.

    Raises:
        UnknownImageError: None fits; the message lists what there is of that framework.
    """
    of_framework = [image for image in every() if image.framework.lower() == framework.lower()]
    for image in of_framework:
        if (
            image.platform == platform
            and image.vendor == vendor
            and image.architecture == architecture
            and version in (None, image.version)
        ):
            return image
    frameworks = sorted({image.framework for image in every()})
    kinds = sorted({f"{image.platform}/{image.vendor or 'cpu'}/{image.architecture}" for image in of_framework})
    versions = list(dict.fromkeys(image.version for image in of_framework))
    raise UnknownImageError(
        f"no image of {framework!r} for {platform}/{vendor or 'cpu'}/{architecture}"
        + (f" in version {version!r}: there are versions {listed(versions)}" if version and versions else "")
        + (f": choose one of {listed(kinds)}" if kinds else f": choose a framework of {listed(frameworks)}")
    )


def vllm(
    platform: str = "ec2",
    *,
    vendor: Vendor | str = Vendor.NVIDIA,
    architecture: str = "x86_64",
    version: str | None = None,
) -> ServingImage:
    """
    The newest vLLM image; see `find`.

    Example:
        >>> vllm().port
        8000
    """
    return find("vLLM", platform=platform, vendor=vendor, architecture=architecture, version=version)


def registry_account(region: str, *, registry: str = "dlc") -> str:
    """
    The account whose registry in *region* holds the images.

    Args:
        region: Region of the registry.
        registry: ``dlc``, or ``algorithms`` for TEI.

    Raises:
        RegionError: *region* has no such registry.

    Example:
        >>> registry_account("us-east-1")
        '763104351884'
    """
    accounts: dict[str, str] = load("images")["accounts"][registry]
    if region not in accounts:
        home = regions.partition(region)
        others = tuple(item for item in accounts if regions.partition(item) == home)
        raise RegionError(
            f"region {region!r} has no registry of AWS deep learning containers: "
            + (
                f"copy the image to your own registry, or choose {listed(others)}"
                if others
                else "copy the image to your own"
            ),
            alternatives=others,
        )
    return accounts[region]


def oldest_capability(cuda: str) -> str:
    """
    Oldest GPU generation that *cuda* still compiles for, as a compute capability.

    Example:
        >>> oldest_capability("13.0")
        '7.5'
    """
    # CUDA 13.0 release notes: support of Maxwell, Pascal and Volta ends; 12 still has them from 5.0 on, 11 from 3.5.
    major = int(cuda.split(".")[0])
    return "7.5" if major >= 13 else "5.0" if major == 12 else "3.5"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.split("+")[0]))
