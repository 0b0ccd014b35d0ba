"""
What it takes to serve one pre-trained model of JumpStart: image by machine, files, licence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from genai_layers.catalog import ml_instances, regions
from genai_layers.catalog.accelerators import Vendor
from genai_layers.catalog.errors import CatalogError, RegionError, UnknownInstanceTypeError
from genai_layers.catalog.images import oldest_capability
from genai_layers.catalog.tables import Confidence, closest, listed, load


@dataclass(frozen=True, slots=True, kw_only=True)
class JumpStartImage:
    """
    An image of AWS as a specification names it.

    Attributes:
        repository: Repository in the registry of deep learning containers.
        tag: Tag of one version, which says what the image is built for.
    """

    repository: str
    tag: str

    @classmethod
    def of(cls, reference: str) -> JumpStartImage:
        """
        Return the image called *reference*, as in ``djl-inference:0.29.0-lmi11.0.0-cu124``.

        Raises:
            CatalogError: It has no tag.
        """
        repository, _, tag = reference.partition(":")
        if not repository or not tag:
            raise CatalogError(f"image {reference!r} names no version: write it as repository:tag")
        return cls(repository=repository, tag=tag)

    @property
    def vendor(self) -> Vendor | None:
        """
        Accelerator that it is built for; None for CPU.
        """
        if "neuron" in self.tag or "neuron" in self.repository:
            return Vendor.NEURON
        return Vendor.NVIDIA if self.cuda is not None or "-gpu-" in self.tag else None

    @property
    def cuda(self) -> str | None:
        """
        CUDA that it is built for, as in ``12.4``; None without CUDA.
        """
        found = re.search(r"-cu(\d+)(\d)(?:-|$)", self.tag)
        return f"{found[1]}.{found[2]}" if found else None

    @property
    def min_compute_capability(self) -> str | None:
        """
        Oldest GPU generation that its CUDA still compiles for; None without CUDA.
        """
        return None if self.cuda is None else oldest_capability(self.cuda)

    def account(self, region: str) -> str:
        """
        Account whose registry in *region* holds it.

        Raises:
            RegionError: *region* has none.
        """
        accounts: dict[str, str] = load("jumpstart")["accounts"]
        if region not in accounts:
            home = regions.partition(region)
            others = tuple(item for item in accounts if regions.partition(item) == home)
            raise RegionError(
                f"region {region!r} has no registry of JumpStart images: "
                + (f"choose {listed(others)}" if others else "serve the model from an image of your own"),
                alternatives=others,
            )
        return accounts[region]


@dataclass(frozen=True, slots=True, kw_only=True)
class JumpStartVariant:
    """
    How a model is served on one instance type.

    Attributes:
        image: Image as ``repository:tag``.
        environment: Variables beside those of the model.
    """

    image: str
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class JumpStartSpec:
    """
    What it takes to serve one version of a pre-trained model.

    Write one yourself for a model that the catalog lacks; DescribeHubContent tells what goes into it.

    Attributes:
        model_id: Id in the public hub.
        version: Version of the model.
        default_instance_type: Type that its publisher recommends.
        variants: How it is served, by instance type; no other type is allowed.
        artifact_key: Key of its files: a folder with a closing slash, or a ``.tar.gz``. None for a model package.
        is_gated: The files lie in the bucket of models whose licence must be accepted. Default: no.
        eula_key: Key of the licence that must be accepted. Default: none must.
        environment: Variables of the container. Default: none.
        model_packages: ARN of the model package by region, for models that come as one. Default: none.
        source: Where it was read.
        as_of: When it was read, ISO date.
        confidence: How far to trust it.
    """

    model_id: str
    version: str
    default_instance_type: str
    variants: Mapping[str, JumpStartVariant]
    artifact_key: str | None = None
    is_gated: bool = False
    eula_key: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    model_packages: Mapping[str, str] = field(default_factory=dict)
    source: str = "written by the user"
    as_of: str = ""
    confidence: Confidence = Confidence.UNVERIFIED

    @property
    def instance_types(self) -> tuple[str, ...]:
        """
        Types that it may be served on, the recommended one first.
        """
        others = [name for name in self.variants if name != self.default_instance_type]
        return (self.default_instance_type, *others)

    def bucket(self, region: str) -> str:
        """
        Bucket of AWS in *region* that holds its files.

        Raises:
            RegionError: JumpStart is not in *region*.
        """
        return bucket(region, is_gated=self.is_gated)

    def faults(self) -> tuple[str, ...]:
        """
        Why nobody could serve it, one sentence each.
        """
        found = []
        name = f"spec of {self.model_id!r} {self.version}"
        if not self.variants:
            found.append(f"{name} names no image: give variants, the image by instance type")
        elif self.default_instance_type not in self.variants:
            found.append(
                f"{name} has default_instance_type {self.default_instance_type!r}, which is none of its variants: "
                f"choose {listed(self.variants)}"
            )
        for instance_type, variant in self.variants.items():
            try:
                machine = ml_instances.get(instance_type)
                image = JumpStartImage.of(variant.image)
            except (UnknownInstanceTypeError, CatalogError) as error:
                found.append(f"{name}: {error}")
                continue
            if image.vendor is not machine.vendor:
                found.append(
                    f"{name} serves {instance_type} ({machine.vendor or 'cpu'}) with image {variant.image!r}, which is "
                    f"built for {image.vendor or 'cpu'}: name the image of that accelerator"
                )
        if (self.artifact_key is None) is not bool(self.model_packages):
            found.append(f"{name} needs either artifact_key or model_packages, and has both or neither")
        if self.artifact_key is not None and not self.artifact_key.endswith(("/", ".tar.gz")):
            found.append(
                f"{name} has artifact_key {self.artifact_key!r}: give a folder with a closing slash, or a .tar.gz"
            )
        if self.model_packages and self.environment:
            found.append(f"{name} is a model package, and those take no environment: leave it out")
        if self.is_gated and self.eula_key is None:
            found.append(f"{name} is gated and names no licence: give eula_key")
        return tuple(found)


def bucket(region: str, *, is_gated: bool = False) -> str:
    """
    Bucket of AWS in *region* with the files of JumpStart models.

    Args:
        region: Region of the bucket.
        is_gated: The one with models whose licence must be accepted. Default: the open one.

    Raises:
        RegionError: JumpStart is not in *region*.

    Example:
        >>> bucket("eu-west-1")
        'jumpstart-cache-prod-eu-west-1'
    """
    table = load("jumpstart")
    known: list[str] = table["regions"]
    if region not in known:
        near = closest(region, known)
        raise RegionError(
            f"region {region!r} has no JumpStart: choose {listed(near or known, limit=40)}", alternatives=near
        )
    name: str = table["buckets"]["gated" if is_gated else "open"]
    return name.format(region=region)
