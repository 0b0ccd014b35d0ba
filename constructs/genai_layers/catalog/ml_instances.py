"""
Instance types of SageMaker: which job each one may do, what it carries, and which host image drives it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from genai_layers.catalog import instances
from genai_layers.catalog.errors import UnknownInstanceTypeError
from genai_layers.catalog.tables import Confidence, closest, listed, load

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genai_layers.catalog.accelerators import Accelerator, Vendor

_PREFIX = "ml."


class MlUse(StrEnum):
    """
    What SageMaker runs a machine for; not every type may do everything.
    """

    HOSTING = "hosting"
    TRAINING = "training"
    TRANSFORM = "transform"
    PROCESSING = "processing"
    CLUSTER = "cluster"


@dataclass(frozen=True, slots=True, kw_only=True)
class MlInstanceType:
    """
    One instance type of SageMaker.

    Attributes:
        name: Name in SageMaker, e.g. ``ml.g6.xlarge``.
        accelerator: The device it carries; None for CPU.
        accelerator_count: Devices that a container sees; 0 for CPU.
        accelerator_memory_mib: Memory of all devices together, MiB; 0 for CPU.
        memory_mib: Memory of the machine, MiB.
        vcpus: Virtual CPUs.
        architecture: ``x86_64`` or ``arm64``.
        nvme_gb: Local disks, 10^9 bytes; 0 when it has none. They are encrypted by the machine, not with a KMS key.
        uses: What SageMaker runs it for.
        source: Where the row was read.
        as_of: When it was read, ISO date.
        confidence: How far to trust it.
    """

    name: str
    accelerator: Accelerator | None
    accelerator_count: int
    accelerator_memory_mib: int
    memory_mib: int
    vcpus: int
    architecture: str
    nvme_gb: int
    uses: tuple[MlUse, ...]
    source: str
    as_of: str
    confidence: Confidence

    @property
    def vendor(self) -> Vendor | None:
        """
        Maker of the accelerator; None for CPU.
        """
        return self.accelerator.vendor if self.accelerator is not None else None

    @property
    def ec2_name(self) -> str:
        """
        Name of the same machine in EC2.
        """
        return self.name.removeprefix(_PREFIX)

    @property
    def family(self) -> str:
        """
        Part of the name between the dots.
        """
        return self.ec2_name.split(".", 1)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostImage:
    """
    A machine image of SageMaker hosting: the driver that containers find.

    Attributes:
        name: Value of ``InferenceAmiVersion``.
        vendor: Accelerator that it drives.
        driver: Version of the driver.
        cuda: Newest CUDA that the driver runs; None for Neuron.
        source: Where the row was read.
        as_of: When it was read, ISO date.
    """

    name: str
    vendor: str
    driver: str
    cuda: str | None
    source: str
    as_of: str


@cache
def every() -> Mapping[str, MlInstanceType]:
    """
    All instance types by name; those that are not on the Nitro System are left out.
    """
    table = load("ml_instances")
    found = {}
    for name, row in table["rows"].items():
        twin = instances.every().get(name.removeprefix(_PREFIX))
        found[name] = MlInstanceType(
            name=name,
            accelerator=twin.accelerator if twin else None,
            accelerator_count=twin.accelerator_count if twin else 0,
            accelerator_memory_mib=twin.accelerator_memory_mib if twin else 0,
            memory_mib=row["memory_mib"],
            vcpus=row["vcpus"],
            architecture=row["architecture"],
            nvme_gb=row["nvme_gb"],
            uses=tuple(MlUse(use) for use in row["uses"]),
            source=table["source"],
            as_of=table["as_of"],
            confidence=Confidence(table["confidence"]),
        )
    return found


def get(name: str, use: MlUse | str = MlUse.HOSTING) -> MlInstanceType:
    """
    The instance type called *name*.

    Args:
        name: Name in SageMaker, with its ``ml.``.
        use: What it is to do. Default: hosting.

    Raises:
        UnknownInstanceTypeError: No such type, or SageMaker does not run it for *use*; the message says why where
            that is known, and names the closest types.

    Example:
        >>> get("ml.g6.xlarge").accelerator.name
        'L4'
    """
    found = every().get(name)
    if found is not None and use in found.uses:
        return found
    usable = [item.name for item in find(use=use)]
    if found is not None:
        others = tuple(item for item in usable if every()[item].family == found.family) or tuple(usable)
        raise UnknownInstanceTypeError(
            f"instance_type {name!r} is not run for {use} by SageMaker, only for {', '.join(found.uses)}: "
            f"choose one like {listed(others)}",
            alternatives=others,
        )
    if not name.startswith(_PREFIX) and f"{_PREFIX}{name}" in every():
        raise UnknownInstanceTypeError(
            f"instance_type {name!r} is a name of EC2, and SageMaker has its own: choose {_PREFIX}{name}",
            alternatives=(f"{_PREFIX}{name}",),
        )
    family = name.removeprefix(_PREFIX).split(".", 1)[0]
    refused = load("ml_instances")["refused"].get(family, {}).get("reason")
    alternatives = closest(name, [item for item in usable if every()[item].family == family]) or closest(name, usable)
    raise UnknownInstanceTypeError(
        f"instance_type {name!r} {refused or f'is not a type that SageMaker runs for {use}'}: choose "
        + (f"one like {listed(alternatives)}" if alternatives else f"one of {listed(usable, limit=12)}"),
        alternatives=alternatives,
    )


def find(
    *,
    use: MlUse | str = MlUse.HOSTING,
    vendor: Vendor | str | None = None,
    is_accelerated: bool | None = None,
    min_accelerator_memory_mib: int = 0,
) -> tuple[MlInstanceType, ...]:
    """
    Instance types that have all of what is asked, smallest first.

    Args:
        use: What they are to do. Default: hosting.
        vendor: Maker of the accelerator. Default: any, CPU too.
        is_accelerated: Must carry an accelerator, or must not. Default: either.
        min_accelerator_memory_mib: Least memory of all devices together, MiB. Default: 0.
    """
    found = (
        item
        for item in every().values()
        if use in item.uses
        and (vendor is None or item.vendor == vendor)
        and (is_accelerated is None or (item.accelerator is not None) is is_accelerated)
        and item.accelerator_memory_mib >= min_accelerator_memory_mib
    )
    return tuple(sorted(found, key=lambda item: (item.accelerator_memory_mib, item.memory_mib, item.name)))


@cache
def host_images() -> tuple[HostImage, ...]:
    """
    All machine images of hosting, oldest driver first within each vendor.
    """
    table = load("ml_instances")["host_images"]
    return tuple(
        HostImage(
            name=name,
            vendor=row["vendor"],
            driver=row["driver"],
            cuda=row["cuda"],
            source=row["source"],
            as_of=row["as_of"],
        )
        for name, row in table.items()
    )
