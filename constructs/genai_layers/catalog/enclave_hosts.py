"""
CPU machines that can hold a Nitro Enclave.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from genai_layers.catalog import instances
from genai_layers.catalog.errors import UnknownInstanceTypeError
from genai_layers.catalog.tables import Confidence, closest, listed, load

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class EnclaveHost:
    """
    One instance type without an accelerator that can hold an enclave.

    Attributes:
        name: Name in EC2, e.g. ``m7i.xlarge``.
        vcpus: Virtual CPUs.
        memory_mib: Memory, MiB.
        architecture: ``x86_64`` or ``arm64``.
        source: Where the row was read.
        as_of: When it was read, ISO date.
        confidence: How far to trust it.
    """

    name: str
    vcpus: int
    memory_mib: int
    architecture: str
    source: str
    as_of: str
    confidence: Confidence = Confidence.READ


@cache
def every() -> Mapping[str, EnclaveHost]:
    """
    All of them by name.
    """
    table = load("enclave_hosts")
    return {
        name: EnclaveHost(
            name=name,
            vcpus=vcpus,
            memory_mib=memory_mib,
            architecture=architecture,
            source=table["source"],
            as_of=table["as_of"],
        )
        for name, (vcpus, memory_mib, architecture) in table["rows"].items()
    }


def get(name: str) -> EnclaveHost:
    """
    The type called *name*.

    Args:
        name: Name in EC2.

    Raises:
        UnknownInstanceTypeError: *name* cannot hold an enclave, or carries an accelerator, which an enclave never sees.

    Example:
        >>> get("m7i.xlarge").vcpus
        4
    """
    found = every().get(name)
    if found is not None:
        return found
    near = closest(name, every()) or ("m7i.xlarge", "m7g.xlarge", "c7i.xlarge")
    reason = (
        "carries an accelerator, which no enclave sees"
        if name in instances.every()
        else "cannot hold a Nitro Enclave, as the catalog knows"
    )
    raise UnknownInstanceTypeError(
        f"instance_type {name!r} {reason}: choose one like {listed(near)}", alternatives=tuple(near)
    )
