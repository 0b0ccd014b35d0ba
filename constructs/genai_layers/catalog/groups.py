"""
How a model sits on several machines that serve one copy of it together.

Inside a machine the tensors of a layer are split over its devices; from machine to machine the layers follow each
other in a pipeline. The arithmetic, per stage of the pipeline, for the stage that has the most layers:

    share   = layers of the stage / layers
    cache   = devices of the stage x (memory x 0.90 - 1.5 GiB) - weights x share
    at once = cache / (keys and values of one request at its full length x share)
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genai_layers.catalog import instances, models, sizing
from genai_layers.catalog.accelerators import Precision, Vendor
from genai_layers.catalog.errors import SizingError
from genai_layers.catalog.layout import MEMORY_UTILIZATION, MIB, OVERHEAD_MIB_PER_DEVICE, Fit, degrees

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genai_layers.catalog.instances import InstanceType
    from genai_layers.catalog.models import ServedModel

MOST_MACHINES = 16
"""Machines of the largest group that is looked at: our limit, above which a lost machine is a daily event."""

ASSUMPTIONS: tuple[str, ...] = (
    "tensors are split inside a machine and layers over the machines; the stage with the most layers is the bound",
    "the pipeline is full: as many batches are under way as it has stages, so that each stage always works",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFit:
    """
    How a model sits on a group of equal machines.

    Attributes:
        machines: Machines of the group.
        stages: What all of them are together: each stage of the pipeline works like a copy of the model on
            *tensor_parallel* devices, which is how throughput and cost look at it.
    """

    machines: int
    stages: Fit

    @property
    def model(self) -> ServedModel:
        """
        The model.
        """
        return self.stages.model

    @property
    def instance(self) -> InstanceType:
        """
        One of the machines.
        """
        return self.stages.instance

    @property
    def tensor_parallel(self) -> int:
        """
        Devices that share a layer.
        """
        return self.stages.tensor_parallel

    @property
    def pipeline_parallel(self) -> int:
        """
        Stages that the layers are spread over.
        """
        return self.stages.replicas

    @property
    def concurrency(self) -> int:
        """
        Requests at full length that the group serves at once.
        """
        return self.stages.concurrency


def lay_out(
    model: ServedModel, instance: InstanceType, machines: int, max_model_len: int, precision: Precision
) -> GroupFit:
    """
    The layout on *machines* of a type; its concurrency is 0 where the model does not fit.
    """
    cores = instance.accelerator.cores
    tensor_parallel = max(degrees(model, instance))
    stages = machines * (instance.accelerator_count * cores // tensor_parallel)
    share = math.ceil(model.layers / stages) / model.layers
    weights_mib = model.weight_bytes(precision) / MIB
    request_mib = model.kv_bytes(max_model_len, tensor_parallel=tensor_parallel) / MIB
    usable_mib = instance.memory_mib_per_accelerator / cores * MEMORY_UTILIZATION - OVERHEAD_MIB_PER_DEVICE
    cache_mib = max(0.0, usable_mib * tensor_parallel - weights_mib * share)
    fits = stages <= model.layers
    return GroupFit(
        machines=machines,
        stages=Fit(
            model=model,
            instance=instance,
            precision=precision,
            max_model_len=max_model_len,
            tensor_parallel=tensor_parallel,
            replicas=stages,
            weights_mib=math.ceil(weights_mib),
            kv_cache_mib=math.floor(cache_mib) * stages,
            kv_mib_per_request=request_mib,
            concurrency=math.floor(cache_mib / (request_mib * share)) if fits else 0,
        ),
    )


def fit(
    model: ServedModel | str,
    instance: InstanceType | str,
    max_model_len: int = 8192,
    precision: Precision | str | None = None,
    *,
    concurrency: int = 1,
    machines: int | None = None,
) -> GroupFit:
    """
    Lay *model* out on as few machines of a type as hold it, two or more.

    Args:
        model: Model, or its id.
        instance: Machine, or its name; it needs EFA.
        max_model_len: Longest request, prompt and answer together, tokens. Default: 8192.
        precision: Format of the weights. Default: the one in which the model is published.
        concurrency: Requests at full length that must run at once. Default: 1.
        machines: Machines of the group. Default: as few as it takes.

    Raises:
        SizingError: It does not fit, or the machines cannot be joined; the message has what to change.
        UnknownModelError: No model is called *model*.
        UnknownInstanceTypeError: No machine is called *instance*.

    Example:
        >>> found = fit("llama-3.1-405b", "p5.48xlarge")
        >>> found.machines, found.tensor_parallel, found.pipeline_parallel
        (2, 8, 2)
    """
    chosen = models.get(model) if isinstance(model, str) else model
    machine = instances.get(instance) if isinstance(instance, str) else instance
    number_format = Precision(precision) if precision is not None else chosen.precision
    faults = [*sizing.faults(chosen, machine, max_model_len, number_format), *_fabric_faults(machine)]
    if machines is not None and not 2 <= machines <= MOST_MACHINES:
        faults.append(f"machines={machines} is no group: choose 2 to {MOST_MACHINES}, or serve it on one machine")
    if faults:
        raise SizingError("; ".join(faults), alternatives=joinable(machine.accelerator.vendor))
    counts = range(2, MOST_MACHINES + 1) if machines is None else (machines,)
    laid_out = [lay_out(chosen, machine, count, max_model_len, number_format) for count in counts]
    for each in laid_out:
        if each.concurrency >= concurrency:
            return each
    raise SizingError(
        f"model {chosen.id!r} in {number_format} with {concurrency} requests at once at max_model_len={max_model_len} "
        f"does not fit {counts[-1]} machines of instance_type {machine.name!r}, which hold {laid_out[-1].concurrency}: "
        "choose a larger type, more machines, a smaller precision, or lower max_model_len"
    )


def candidates(
    model: ServedModel | str,
    *,
    max_model_len: int = 8192,
    precision: Precision | str | None = None,
    concurrency: int = 1,
    vendors: Sequence[Vendor | str] = (Vendor.NVIDIA,),
) -> tuple[GroupFit, ...]:
    """
    The smallest group of each type that can be joined and holds *model*, smallest type first.

    Args:
        model: Model, or its id.
        max_model_len: Longest request, prompt and answer together, tokens. Default: 8192.
        precision: Format of the weights. Default: the one in which the model is published.
        concurrency: Requests at full length that one group must serve at once. Default: 1.
        vendors: Makers of accelerators to look at. Default: NVIDIA only.
    """
    found = []
    for machine in instances.find(bare_metal=False, min_efa_interfaces=1):
        if machine.accelerator.vendor in set(vendors):
            try:
                found.append(fit(model, machine, max_model_len, precision, concurrency=concurrency))
            except SizingError:
                continue
    return tuple(found)


def joinable(vendor: Vendor) -> tuple[str, ...]:
    """
    Names of the types of *vendor* whose machines can be joined, most EFA interfaces first.
    """
    found = [item for item in instances.find(vendor=vendor, bare_metal=False) if not _fabric_faults(item)]
    return tuple(item.name for item in sorted(found, key=lambda item: (-item.efa_interfaces, item.name)))


def _fabric_faults(machine: InstanceType) -> list[str]:
    if machine.efa_interfaces and machine.cluster_placement and not machine.bare_metal:
        return []
    names = [
        item.name
        for item in instances.find(vendor=machine.accelerator.vendor, min_efa_interfaces=1, bare_metal=False)
        if item.accelerator_count > 1 and item.cluster_placement
    ]
    missing = "no EFA interface" if not machine.efa_interfaces else "no place in a cluster placement group"
    return [
        f"instance_type {machine.name!r} has {missing}, and the machines of a group need one: "
        + (f"choose {' or '.join(names)}" if names else "choose a type of another maker")
    ]
