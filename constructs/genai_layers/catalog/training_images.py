"""
Training images of AWS Deep Learning Containers for SageMaker, by a tag that names one version.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from genai_layers.catalog.accelerators import Vendor
from genai_layers.catalog.errors import UnknownImageError
from genai_layers.catalog.tables import Confidence, listed, load


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingImage:
    """
    One container image that trains in a job of SageMaker.

    Attributes:
        repository: Repository in the registry of AWS's deep learning containers.
        tag: Tag of one version.
        version: Version of PyTorch.
        transformers: Version of Transformers; None where it has none.
        vendor: Accelerator it is built for; None for CPU.
        neuron_sdk: Neuron SDK version; None when it has none.
        end_of_patches: Last day of its patches, ISO date; None where AWS names none.
        source: Where the row was read.
        as_of: When it was read, ISO date.
        confidence: How far to trust it.
    """

    repository: str
    tag: str
    version: str
    transformers: str | None
    vendor: Vendor | None
    neuron_sdk: str | None
    end_of_patches: str | None
    source: str
    as_of: str
    confidence: Confidence


@cache
def every() -> tuple[TrainingImage, ...]:
    """
    All images, newest version first within each repository.
    """
    table = load("images")
    found = (
        TrainingImage(
            repository=row["repository"],
            tag=row["tag"],
            version=row["version"],
            transformers=row["transformers"],
            vendor=None if row["accelerator"] == "cpu" else Vendor(row["accelerator"]),
            neuron_sdk=row["neuron_sdk"],
            end_of_patches=row["end_of_patches"],
            source=table["source"],
            as_of=table["as_of"],
            confidence=Confidence(table["confidence"]),
        )
        for row in table["training"].values()
    )
    return tuple(sorted(found, key=_age, reverse=True))


def find(repository: str, *, vendor: Vendor | str | None = Vendor.NVIDIA, version: str | None = None) -> TrainingImage:
    """
    The newest image of *repository* that fits.

    Args:
        repository: E.g. ``huggingface-pytorch-training``.
        vendor: Accelerator; None for CPU. Default: ``nvidia``.
        version: Version of PyTorch. Default: the newest in the catalog.

    Raises:
        UnknownImageError: None fits; the message lists what there is.

    Example:
        >>> find("pytorch-training", vendor=None).vendor is None
        True
    """
    for image in every():
        if (image.repository, image.vendor) == (repository, vendor) and version in (None, image.version):
            return image
    kinds = sorted({f"{image.repository} {image.version} for {image.vendor or 'cpu'}" for image in every()})
    raise UnknownImageError(
        f"no training image {repository!r}{f' {version}' if version else ''} for {vendor or 'cpu'}: choose one of "
        f"{listed(kinds)}"
    )


def _age(image: TrainingImage) -> tuple[str, list[int], list[int]]:
    sdk = [int(part) for part in (image.neuron_sdk or "0").split(".")]
    return image.repository, [int(part) for part in image.version.split(".")], sdk
