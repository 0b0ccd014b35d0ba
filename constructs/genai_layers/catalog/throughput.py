"""
How many tokens a second a machine serves: a roofline estimate, or a figure that you measured.

    decode step  = max(bytes read / bandwidth, operations / rate) + time between devices
    prefill time = operations of the prompt / rate

A roofline is an upper shape with factors for what engines reach of it; it is for choosing among machines, and a
measured figure replaces it wherever there is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genai_layers.catalog.accelerators import Vendor

if TYPE_CHECKING:
    from genai_layers.catalog.layout import Fit

# Shares of the data-sheet peaks. One public measurement (vLLM 0.23, Llama 3.1 8B in BF16 on an A100 40 GB: 75 tokens
# a second alone, 495 for eight) lies at 0.65 to 0.77 of the bandwidth; the rest is our choice on the cautious side.
BANDWIDTH_SHARE = {Vendor.NVIDIA: 0.70, Vendor.NEURON: 0.45, Vendor.QUALCOMM: 0.40}
COMPUTE_SHARE = {Vendor.NVIDIA: 0.45, Vendor.NEURON: 0.30, Vendor.QUALCOMM: 0.25}
# Two all-reduces a layer; seconds each at decode sizes, our allowance by interconnect.
_REDUCE_SECONDS = {"NVSwitch": 10e-6, "NVLink": 15e-6, "NeuronLink": 20e-6, "PCIe": 35e-6}
_MAX_BATCH = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Throughput:
    """
    Tokens a second of one machine under a steady load.

    Attributes:
        input_tokens_per_second: Prompt tokens taken in.
        output_tokens_per_second: Answer tokens given out.
        batch: Requests in flight on the machine.
        is_measured: Given by the caller rather than estimated.
        assumptions: What the numbers rest on, one sentence each.
    """

    input_tokens_per_second: float
    output_tokens_per_second: float
    batch: int
    is_measured: bool
    assumptions: tuple[str, ...]

    @property
    def tokens_per_second(self) -> float:
        """
        Prompt and answer tokens together.
        """
        return self.input_tokens_per_second + self.output_tokens_per_second


def estimate(
    fit: Fit, *, input_tokens: int = 1024, output_tokens: int = 256, concurrency: int | None = None
) -> Throughput:
    """
    Roofline estimate of *fit* under requests of one shape.

    Args:
        fit: Layout of a model on a machine.
        input_tokens: Prompt of a request, tokens. Default: 1024.
        output_tokens: Answer of a request, tokens. Default: 256.
        concurrency: Requests in flight. Default: as many of this shape as the cache holds, at most 256 a copy.

    Raises:
        ValueError: A number is below 1.
    """
    _positive(input_tokens=input_tokens, output_tokens=output_tokens, concurrency=concurrency)
    copies = fit.replicas
    held = _held(fit, input_tokens + output_tokens)
    wanted = concurrency if concurrency is not None else held * copies
    batch = max(1, min(-(-wanted // copies), held))
    step = decode_seconds(fit, batch=batch, tokens_each=input_tokens + output_tokens // 2)
    seconds = batch * prefill_seconds(fit, input_tokens) + output_tokens * step
    requests_per_second = copies * batch / seconds
    vendor = fit.instance.accelerator.vendor
    return Throughput(
        input_tokens_per_second=requests_per_second * input_tokens,
        output_tokens_per_second=requests_per_second * output_tokens,
        batch=batch * copies,
        is_measured=False,
        assumptions=(
            "roofline estimate, not a measurement",
            f"requests of {input_tokens} input and {output_tokens} output tokens, {batch * copies} always in flight",
            f"{BANDWIDTH_SHARE[vendor]:.0%} of the memory bandwidth and {COMPUTE_SHARE[vendor]:.0%} of the 16-bit rate "
            "on the data sheet",
            "no prefix cache, no speculative decoding, no gain from 8-bit or 4-bit arithmetic",
        ),
    )


def measured(
    tokens_per_second: float, *, input_tokens: int = 1024, output_tokens: int = 256, batch: int = 1, source: str
) -> Throughput:
    """
    A figure that you measured.

    Args:
        tokens_per_second: Answer tokens a second of the whole machine.
        input_tokens: Prompt of a request, tokens. Default: 1024.
        output_tokens: Answer of a request, tokens. Default: 256.
        batch: Requests in flight. Default: 1.
        source: Where and when it was measured.

    Raises:
        ValueError: A number is not above 0.
    """
    _positive(tokens_per_second=tokens_per_second, input_tokens=input_tokens, output_tokens=output_tokens, batch=batch)
    return Throughput(
        input_tokens_per_second=tokens_per_second * input_tokens / output_tokens,
        output_tokens_per_second=tokens_per_second,
        batch=batch,
        is_measured=True,
        assumptions=(f"measured: {source}", f"requests of {input_tokens} input and {output_tokens} output tokens"),
    )


def decode_seconds(fit: Fit, *, batch: int, tokens_each: int) -> float:
    """
    Time in which one copy gives one more token to each of *batch* requests, seconds.

    A mixture of experts reads the experts that the batch touches, which for a large batch is all of them.
    """
    model, device = fit.model, fit.instance.accelerator
    weights = model.weight_bytes(fit.precision)
    touched = min(1.0, batch * model.active_parameters / model.parameters)
    cache = batch * model.kv_bytes(tokens_each, tensor_parallel=fit.tensor_parallel)
    devices = _devices(fit)
    memory = (weights * touched + cache) / (
        devices * device.memory_gb_per_second * 1e9 * BANDWIDTH_SHARE[device.vendor]
    )
    compute = 2 * model.active_parameters * batch / (devices * device.tflops * 1e12 * COMPUTE_SHARE[device.vendor])
    return max(memory, compute) + _between_devices(fit)


def prefill_seconds(fit: Fit, tokens: int) -> float:
    """
    Time in which one copy takes in a prompt of *tokens* tokens, seconds.
    """
    device = fit.instance.accelerator
    rate = _devices(fit) * device.tflops * 1e12 * COMPUTE_SHARE[device.vendor]
    return 2 * fit.model.active_parameters * tokens / rate + _between_devices(fit)


def _held(fit: Fit, tokens: int) -> int:
    """
    Requests of *tokens* tokens that the cache of one copy holds.
    """
    length = min(tokens, fit.max_model_len)
    request_mib = fit.model.kv_bytes(length, tensor_parallel=fit.tensor_parallel) / (1024 * 1024)
    return max(1, min(_MAX_BATCH, int(fit.kv_cache_mib / fit.replicas / request_mib)))


def _devices(fit: Fit) -> float:
    """
    Whole devices that hold one copy; a NeuronCore or a partition counts as its share.
    """
    return fit.tensor_parallel / fit.instance.accelerator.cores * fit.instance.accelerator_fraction


def _between_devices(fit: Fit) -> float:
    if fit.tensor_parallel == 1:
        return 0.0
    return 2 * fit.model.layers * _REDUCE_SECONDS[fit.instance.accelerator.interconnect]


def _positive(**numbers: float | None) -> None:
    faults = [
        f"{name}={number} must be above 0" for name, number in numbers.items() if number is not None and number <= 0
    ]
    if faults:
        raise ValueError("; ".join(faults))
