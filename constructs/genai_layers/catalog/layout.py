"""
How a model sits on the devices of one machine.

The arithmetic, per group of *tensor_parallel* devices that holds one copy of the model:

    usable  = devices x (memory x 0.90 - 1.5 GiB)
    cache   = usable - weights
    at once = cache / (keys and values of one request at its full length)

On Neuron a device here is a NeuronCore.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genai_layers.catalog.accelerators import Precision
    from genai_layers.catalog.instances import InstanceType
    from genai_layers.catalog.models import ServedModel

MIB = 1024 * 1024

# vLLM's own default for --gpu-memory-utilization.
MEMORY_UTILIZATION = 0.90
# Activations, CUDA graphs and communication buffers of one device: our allowance, on the safe side of what vLLM
# reports for 8,192 batched tokens.
OVERHEAD_MIB_PER_DEVICE = 1536

ASSUMPTIONS: tuple[str, ...] = (
    f"the engine may use {MEMORY_UTILIZATION:.0%} of each device's memory, less {OVERHEAD_MIB_PER_DEVICE} MiB for "
    "activations and buffers",
    "every request runs to the full context; shorter requests leave room for more",
    "the key-value cache is kept in 16 bits",
    "a copy of the model spans as many devices as gives the most requests at once; further copies use the rest",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """
    How a model sits on one machine.

    Attributes:
        model: The model.
        instance: The machine.
        precision: Format of the weights.
        max_model_len: Longest request, prompt and answer together, tokens.
        tensor_parallel: Devices (NeuronCores on Neuron) that hold one copy.
        replicas: Copies on the machine.
        weights_mib: Weights of one copy, MiB.
        kv_cache_mib: Room for keys and values on the whole machine, MiB.
        kv_mib_per_request: Keys and values of one request at full length, MiB.
        concurrency: Requests at full length that the machine serves at once.
    """

    model: ServedModel
    instance: InstanceType
    precision: Precision
    max_model_len: int
    tensor_parallel: int
    replicas: int
    weights_mib: int
    kv_cache_mib: int
    kv_mib_per_request: float
    concurrency: int

    @property
    def devices_used(self) -> int:
        """
        Devices (NeuronCores on Neuron) that hold a copy.
        """
        return self.tensor_parallel * self.replicas


def memory_mib(model: ServedModel, max_model_len: int, precision: Precision | None = None) -> int:
    """
    Device memory that one copy with one request at full length needs on a single device, MiB.
    """
    wanted = model.weight_bytes(precision) + model.kv_bytes(max_model_len)
    return math.ceil((wanted / MIB + OVERHEAD_MIB_PER_DEVICE) / MEMORY_UTILIZATION)


def degrees(model: ServedModel, instance: InstanceType) -> tuple[int, ...]:
    """
    Tensor-parallel degrees that *model* can have on *instance*.

    Powers of two that divide the query heads and either divide the key-value heads or are a multiple of them, which is
    what vLLM accepts.
    """
    units = instance.accelerator_count * instance.accelerator.cores
    powers = (2**power for power in range(units.bit_length()) if 2**power <= units)
    return tuple(degree for degree in powers if _divides(model, degree))


def lay_out(
    model: ServedModel, instance: InstanceType, max_model_len: int, precision: Precision, tensor_parallel: int
) -> Fit:
    """
    The layout at one degree; its concurrency is 0 where the model does not fit.
    """
    cores = instance.accelerator.cores
    usable_mib = instance.memory_mib_per_accelerator / cores * MEMORY_UTILIZATION - OVERHEAD_MIB_PER_DEVICE
    replicas = instance.accelerator_count * cores // tensor_parallel
    weights_mib = model.weight_bytes(precision) / MIB
    request_mib = model.kv_bytes(max_model_len, tensor_parallel=tensor_parallel) / MIB
    cache_mib = max(0.0, usable_mib * tensor_parallel - weights_mib)
    return Fit(
        model=model,
        instance=instance,
        precision=precision,
        max_model_len=max_model_len,
        tensor_parallel=tensor_parallel,
        replicas=replicas,
        weights_mib=math.ceil(weights_mib),
        kv_cache_mib=math.floor(cache_mib) * replicas,
        kv_mib_per_request=request_mib,
        concurrency=math.floor(cache_mib / request_mib) * replicas,
    )


def best(model: ServedModel, instance: InstanceType, max_model_len: int, precision: Precision) -> Fit:
    """
    The layout that serves the most requests at once; of equals the one with the fewest devices a copy.
    """
    layouts = (lay_out(model, instance, max_model_len, precision, degree) for degree in degrees(model, instance))
    return max(layouts, key=lambda item: (item.concurrency, -item.tensor_parallel))


def _divides(model: ServedModel, degree: int) -> bool:
    if model.attention_heads % degree:
        return False
    return model.latent_dim is not None or model.kv_heads % degree == 0 or degree % model.kv_heads == 0
