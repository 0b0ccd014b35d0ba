"""
Accelerated EC2 instance types that run on the Nitro System.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from genai_layers.catalog import accelerators
from genai_layers.catalog.errors import UnknownInstanceTypeError
from genai_layers.catalog.tables import Confidence, closest, listed, load

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genai_layers.catalog.accelerators import Accelerator, Vendor


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceType:
    """
    One accelerated instance type.

    Attributes:
        name: Name in EC2, e.g. ``g6.xlarge``.
        accelerator: The device it carries.
        accelerator_count: Devices that a program sees; a fraction of a device counts as one.
        accelerator_fraction: Share of a whole device that each one is; 1.0 unless partitioned.
        accelerator_memory_mib: Memory of all devices together, MiB.
        memory_mib: Memory of the machine, MiB.
        vcpus: Virtual CPUs.
        architecture: ``x86_64`` or ``arm64``.
        nitro: Runs on the Nitro System; true for every row, since others are refused.
        bare_metal: Has no hypervisor, and so neither NitroTPM nor enclaves.
        nitro_tpm: Supports NitroTPM 2.0, which an attestable image needs.
        enclaves: Supports Nitro Enclaves.
        efa_interfaces: Elastic Fabric Adapter interfaces, 0 when unsupported.
        network_cards: Network cards; where there is one more than EFA interfaces, the first has none.
        network_gbps: Peak bandwidth of all network cards, 10^9 bits a second.
        ebs_mbps: Peak EBS bandwidth, 10^6 bits a second.
        nvme_gb: Instance store, 10^9 bytes; 0 when it has none.
        nvme_disks: Number of instance store disks.
        boot_modes: Boot modes it supports, ``legacy-bios`` or ``uefi``.
        usage_classes: ``on-demand``, ``spot``, ``capacity-block``.
        cluster_placement: May join a cluster placement group.
        source: Where the row was read.
        as_of: When it was read, ISO date.
        confidence: How far to trust it; lowered by an override.
        notes: What was overridden and why.
    """

    name: str
    accelerator: Accelerator
    accelerator_count: int
    accelerator_fraction: float
    accelerator_memory_mib: int
    memory_mib: int
    vcpus: int
    architecture: str
    nitro: bool
    bare_metal: bool
    nitro_tpm: bool
    enclaves: bool
    efa_interfaces: int
    network_cards: int
    network_gbps: float
    ebs_mbps: int
    nvme_gb: int
    nvme_disks: int
    boot_modes: tuple[str, ...]
    usage_classes: tuple[str, ...]
    cluster_placement: bool
    source: str
    as_of: str
    confidence: Confidence
    notes: tuple[str, ...]

    @property
    def family(self) -> str:
        """
        Part of the name before the dot.
        """
        return self.name.split(".", 1)[0]

    @property
    def memory_mib_per_accelerator(self) -> int:
        """
        Memory of one device that a program sees, MiB.
        """
        return self.accelerator_memory_mib // self.accelerator_count

    @property
    def attestable(self) -> bool:
        """
        Can boot an attestable image: NitroTPM and UEFI.
        """
        return self.nitro_tpm and "uefi" in self.boot_modes


@cache
def every() -> Mapping[str, InstanceType]:
    """
    All instance types by name.
    """
    table = load("instances")
    return {name: _parse(name, row, table) for name, row in table["rows"].items()}


def get(name: str) -> InstanceType:
    """
    The instance type called *name*.

    Args:
        name: Name in EC2; the ``ml.`` prefix of SageMaker is not accepted here.

    Raises:
        UnknownInstanceTypeError: *name* is not an accelerated Nitro type of the catalog; the message says why where
            that is known, and names the closest types.

    Example:
        >>> get("g6.xlarge").accelerator.name
        'L4'
    """
    found = every().get(name)
    if found is not None:
        return found
    reason = load("instances")["refused"].get(name.split(".", 1)[0], {}).get("reason")
    alternatives: tuple[str, ...] = ()
    if name.startswith("ml."):
        reason = "is a SageMaker name, and this takes the name in EC2"
        alternatives = tuple(item for item in (name.removeprefix("ml."),) if item in every())
    elif reason is None:
        reason = "is not an accelerated Nitro type of the catalog"
        family = _of_family(name)
        alternatives = closest(name, family) or family or closest(name, every(), likeness=0.85)
    families = sorted({item.family for item in every().values()})
    raise UnknownInstanceTypeError(
        f"instance_type {name!r} {reason}: choose "
        + (
            f"one like {listed(alternatives)}"
            if alternatives
            else f"a type of the families {listed(families, limit=40)}"
        ),
        alternatives=alternatives,
    )


def find(
    *,
    vendor: Vendor | str | None = None,
    accelerator: str | None = None,
    architecture: str | None = None,
    min_accelerator_memory_mib: int = 0,
    min_accelerators: int = 1,
    nitro_tpm: bool | None = None,
    enclaves: bool | None = None,
    min_efa_interfaces: int = 0,
    min_nvme_gb: int = 0,
    usage_class: str | None = None,
    bare_metal: bool | None = None,
) -> tuple[InstanceType, ...]:
    """
    Instance types that have all of what is asked, smallest accelerator memory first.

    Args:
        vendor: ``nvidia``, ``neuron`` or ``qualcomm``. Default: any.
        accelerator: Name of the device. Default: any.
        architecture: ``x86_64`` or ``arm64``. Default: any.
        min_accelerator_memory_mib: Least memory of all devices together, MiB. Default: 0.
        min_accelerators: Least number of devices. Default: 1.
        nitro_tpm: NitroTPM must be there, or must not. Default: either.
        enclaves: Nitro Enclaves must be there, or must not. Default: either.
        min_efa_interfaces: Least number of EFA interfaces. Default: 0.
        min_nvme_gb: Least instance store, 10^9 bytes. Default: 0.
        usage_class: ``on-demand``, ``spot`` or ``capacity-block``. Default: any.
        bare_metal: Must be bare metal, or must not. Default: either.

    Returns:
        The types, or an empty tuple.
    """
    found = (
        item
        for item in every().values()
        if (vendor is None or item.accelerator.vendor == vendor)
        and (accelerator is None or item.accelerator.name == accelerator)
        and (architecture is None or item.architecture == architecture)
        and item.accelerator_memory_mib >= min_accelerator_memory_mib
        and item.accelerator_count >= min_accelerators
        and (nitro_tpm is None or item.nitro_tpm is nitro_tpm)
        and (enclaves is None or item.enclaves is enclaves)
        and item.efa_interfaces >= min_efa_interfaces
        and item.nvme_gb >= min_nvme_gb
        and (usage_class is None or usage_class in item.usage_classes)
        and (bare_metal is None or item.bare_metal is bare_metal)
    )
    return tuple(sorted(found, key=lambda item: (item.accelerator_memory_mib, item.vcpus, item.name)))


def _of_family(name: str) -> tuple[str, ...]:
    return tuple(item.name for item in find() if item.family == name.split(".", 1)[0])


def _parse(name: str, row: Mapping[str, Any], table: Mapping[str, Any]) -> InstanceType:
    overrides = row.get("overrides", {})
    doubts = [Confidence(item["confidence"]) for item in overrides.values()]
    return InstanceType(
        name=name,
        accelerator=accelerators.get(row["accelerator"]),
        accelerator_count=row["accelerator_count"],
        accelerator_fraction=row["accelerator_fraction"],
        accelerator_memory_mib=row["accelerator_memory_mib"],
        memory_mib=row["memory_mib"],
        vcpus=row["vcpus"],
        architecture=row["architecture"],
        nitro=row["nitro"],
        bare_metal=row["bare_metal"],
        nitro_tpm=row["nitro_tpm"],
        enclaves=row["enclaves"],
        efa_interfaces=row["efa_interfaces"],
        network_cards=row["network_cards"],
        network_gbps=row["network_gbps"],
        ebs_mbps=row["ebs_mbps"],
        nvme_gb=row["nvme_gb"],
        nvme_disks=row["nvme_disks"],
        boot_modes=tuple(row["boot_modes"]),
        usage_classes=tuple(row["usage_classes"]),
        cluster_placement=row["cluster_placement"],
        source=table["source"],
        as_of=table["as_of"],
        confidence=max(doubts, key=list(Confidence).index, default=Confidence.READ),
        notes=tuple(f"{field}: {item['note']} ({item['source']})" for field, item in overrides.items()),
    )
