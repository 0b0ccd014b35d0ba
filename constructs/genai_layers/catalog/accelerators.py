"""
What an accelerator is: memory, speed and the number formats it computes in.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from genai_layers.catalog.errors import CatalogError
from genai_layers.catalog.tables import Confidence, closest, listed, load

if TYPE_CHECKING:
    from collections.abc import Mapping


class Vendor(StrEnum):
    """
    Who makes the accelerator, and so which driver and engine it needs.
    """

    NVIDIA = "nvidia"
    NEURON = "neuron"
    QUALCOMM = "qualcomm"


class Precision(StrEnum):
    """
    Number format of the weights.
    """

    FP16 = "fp16"
    BF16 = "bf16"
    FP8 = "fp8"
    INT8 = "int8"
    INT4 = "int4"
    MXFP4 = "mxfp4"

    @property
    def bytes_per_parameter(self) -> float:
        """
        Mean bytes a parameter takes, scales and unquantized layers included.
        """
        return _BYTES_PER_PARAMETER[self]


# 4-bit formats keep scales and some 16-bit layers: AWQ and GPTQ checkpoints with groups of 128 measure
# 0.55 to 0.60 bytes a parameter; the MXFP4 format itself is 4.25 bits (OCP MX specification 1.0).
_BYTES_PER_PARAMETER: Mapping[Precision, float] = {
    Precision.FP16: 2.0,
    Precision.BF16: 2.0,
    Precision.FP8: 1.0,
    Precision.INT8: 1.0,
    Precision.INT4: 0.6,
    Precision.MXFP4: 0.6,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Accelerator:
    """
    One whole device, as a data sheet describes it.

    Attributes:
        name: Name as DescribeInstanceTypes gives it, with the memory where one name has two sizes.
        vendor: Who makes it.
        memory_mib: Usable memory of one whole device, MiB.
        memory_gb_per_second: Peak memory bandwidth of one device, 10^9 bytes a second.
        tflops: Peak dense 16-bit rate of one device, 10^12 operations a second.
        cores: NeuronCores of one device; 1 for a GPU.
        compute_capability: CUDA compute capability; None for others.
        precisions: Weight formats that an engine can serve on it.
        interconnect: What joins the devices of one machine.
        source: Where the row was read.
        as_of: When it was read, ISO date.
        confidence: How far to trust it.
    """

    name: str
    vendor: Vendor
    memory_mib: int
    memory_gb_per_second: float
    tflops: float
    cores: int
    compute_capability: str | None
    precisions: tuple[Precision, ...]
    interconnect: str
    source: str
    as_of: str
    confidence: Confidence


@cache
def every() -> Mapping[str, Accelerator]:
    """
    All accelerators by name.
    """
    table = load("accelerators")
    return {
        name: Accelerator(
            name=name,
            vendor=Vendor(row["vendor"]),
            memory_mib=row["memory_mib"],
            memory_gb_per_second=row["memory_gb_per_second"],
            tflops=row["tflops"],
            cores=row["cores"],
            compute_capability=row["compute_capability"],
            precisions=tuple(Precision(item) for item in row["precisions"]),
            interconnect=row["interconnect"],
            source=row["source"],
            as_of=row["as_of"],
            confidence=Confidence(row["confidence"]),
        )
        for name, row in table["rows"].items()
    }


def get(name: str) -> Accelerator:
    """
    The accelerator called *name*.

    Raises:
        CatalogError: No accelerator has this name.
    """
    found = every().get(name)
    if found is None:
        raise CatalogError(
            f"accelerator {name!r} is not in the catalog: choose one of {listed(every(), limit=30)}",
            alternatives=closest(name, every()),
        )
    return found
