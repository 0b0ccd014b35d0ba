"""
Does a model fit a machine, how many requests at once, and which machine is cheapest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from genai_layers.catalog import instances, models, prices
from genai_layers.catalog.accelerators import Precision, Vendor
from genai_layers.catalog.errors import SizingError, UnknownPriceError
from genai_layers.catalog.layout import Fit, best, degrees, lay_out, memory_mib

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from genai_layers.catalog.instances import InstanceType
    from genai_layers.catalog.models import ServedModel

__all__ = ["Fit", "candidates", "cheapest", "degrees", "faults", "fit", "memory_mib", "usd_per_hour"]


def fit(
    model: ServedModel | str,
    instance: InstanceType | str,
    max_model_len: int = 8192,
    precision: Precision | str | None = None,
    *,
    concurrency: int = 1,
    tensor_parallel: int | None = None,
) -> Fit:
    """
    Lay *model* out on one machine.

    Args:
        model: Model, or its id.
        instance: Machine, or its name.
        max_model_len: Longest request, prompt and answer together, tokens. Default: 8192.
        precision: Format of the weights. Default: the one in which the model is published.
        concurrency: Requests at full length that must run at once. Default: 1.
        tensor_parallel: Devices that hold one copy. Default: the degree that serves the most requests at once.

    Raises:
        SizingError: It does not fit; the message has every reason and what to change.
        UnknownModelError: No model is called *model*.
        UnknownInstanceTypeError: No machine is called *instance*.
    """
    chosen = models.get(model) if isinstance(model, str) else model
    machine = instances.get(instance) if isinstance(instance, str) else instance
    number_format = Precision(precision) if precision is not None else chosen.precision
    found = faults(chosen, machine, max_model_len, number_format)
    if found:
        raise SizingError("; ".join(found))
    allowed = degrees(chosen, machine)
    if tensor_parallel is None:
        laid_out = best(chosen, machine, max_model_len, number_format)
    elif tensor_parallel in allowed:
        laid_out = lay_out(chosen, machine, max_model_len, number_format, tensor_parallel)
    else:
        raise SizingError(
            f"tensor_parallel={tensor_parallel} is not possible for model {chosen.id!r} on {machine.name!r}: "
            f"use one of {', '.join(map(str, allowed))}"
        )
    if laid_out.concurrency < concurrency:
        larger = candidates(
            chosen,
            max_model_len=max_model_len,
            precision=number_format,
            concurrency=concurrency,
            vendors=(machine.accelerator.vendor,),
        )
        names = tuple(item.instance.name for item in larger[:3])
        raise SizingError(_too_small(laid_out, concurrency, names), alternatives=names)
    return laid_out


def candidates(
    model: ServedModel | str,
    *,
    max_model_len: int = 8192,
    precision: Precision | str | None = None,
    concurrency: int = 1,
    vendors: Sequence[Vendor | str] = (Vendor.NVIDIA,),
    nitro_tpm: bool | None = None,
) -> tuple[Fit, ...]:
    """
    Every machine that *model* fits, smallest first; bare metal is left out.

    Args:
        model: Model, or its id.
        max_model_len: Longest request, prompt and answer together, tokens. Default: 8192.
        precision: Format of the weights. Default: the one in which the model is published.
        concurrency: Requests at full length that one machine must serve at once. Default: 1.
        vendors: Makers of accelerators to look at. Default: NVIDIA only.
        nitro_tpm: NitroTPM must be there, or must not. Default: either.
    """
    chosen = models.get(model) if isinstance(model, str) else model
    number_format = Precision(precision) if precision is not None else chosen.precision
    machines = (
        item
        for item in instances.find(bare_metal=False, nitro_tpm=nitro_tpm)
        if item.accelerator.vendor in set(vendors) and not faults(chosen, item, max_model_len, number_format)
    )
    laid_out = (best(chosen, item, max_model_len, number_format) for item in machines)
    return tuple(item for item in laid_out if item.concurrency >= concurrency)


def cheapest(
    model: ServedModel | str,
    *,
    region: str,
    max_model_len: int = 8192,
    precision: Precision | str | None = None,
    concurrency: int = 1,
    vendors: Sequence[Vendor | str] = (Vendor.NVIDIA,),
    nitro_tpm: bool | None = None,
) -> Fit:
    """
    The machine with the lowest on-demand price an hour in *region* that *model* fits.

    Raises:
        SizingError: No machine fits, or none that fits has a price in *region*.
    """
    fits = candidates(
        model,
        max_model_len=max_model_len,
        precision=precision,
        concurrency=concurrency,
        vendors=vendors,
        nitro_tpm=nitro_tpm,
    )
    name = model if isinstance(model, str) else model.id
    if not fits:
        raise SizingError(
            f"model {name!r} fits no single machine at max_model_len={max_model_len} with {concurrency} requests at "
            "once: lower max_model_len or the concurrency, choose a smaller precision, or serve it on several machines"
        )
    priced = [(price, item) for item in fits if (price := usd_per_hour(item.instance, region)) is not None]
    if not priced:
        raise SizingError(
            f"model {name!r} fits {len(fits)} machines, but the catalog has a price in {region!r} for none of them: "
            "name an instance_type, or refresh the prices with tools/catalog",
            alternatives=tuple(item.instance.name for item in fits),
        )
    return min(priced, key=lambda pair: (pair[0], pair[1].instance.name))[1]


def usd_per_hour(instance: InstanceType, region: str) -> Decimal | None:
    """
    On-demand Linux price of *instance* in *region*, USD an hour; None when the catalog has none.
    """
    try:
        return prices.get(f"ec2:{instance.name}", region).usd
    except UnknownPriceError:
        return None


def faults(model: ServedModel, instance: InstanceType, max_model_len: int, precision: Precision) -> list[str]:
    """
    Why *model* cannot be served so on machines of this type, however many there are; empty when it can.
    """
    found = []
    if max_model_len < 1:
        found.append(f"max_model_len={max_model_len} must be at least 1 token")
    if max_model_len > model.context:
        found.append(
            f"max_model_len={max_model_len} is beyond the context of model {model.id!r}: use at most {model.context}"
        )
    supported = instance.accelerator.precisions
    if precision not in supported:
        found.append(
            f"instance_type {instance.name!r} carries {instance.accelerator.name}, which does not serve {precision} "
            f"weights: use {' or '.join(supported)}, or another accelerator"
        )
    return found


def _too_small(laid_out: Fit, concurrency: int, larger: Sequence[str]) -> str:
    """
    Why the layout is too small, in GiB, and every way out that works.
    """
    model, machine = laid_out.model, laid_out.instance
    need_mib = laid_out.weights_mib + laid_out.kv_mib_per_request * concurrency
    ways = [f"choose {' or '.join(larger)}"] if larger else ["serve it on several machines"]
    if (shorter := _longest(laid_out, concurrency)) > 0:
        ways.append(f"lower max_model_len to {shorter} or less")
    smaller = [
        item
        for item in machine.accelerator.precisions
        if model.weight_bytes(item) < model.weight_bytes(laid_out.precision)
        and best(model, machine, laid_out.max_model_len, item).concurrency >= concurrency
    ]
    if smaller:
        ways.append(f"serve {' or '.join(smaller)} weights")
    return (
        f"instance_type {machine.name!r} has {machine.accelerator_memory_mib / 1024:.1f} GiB of accelerator memory; "
        f"model {model.id!r} in {laid_out.precision} needs {need_mib / 1024:.1f} GiB beside the engine's own for "
        f"{concurrency} request{'s' if concurrency != 1 else ''} at once at max_model_len={laid_out.max_model_len}, "
        f"and holds {laid_out.concurrency}: {', or '.join(ways)}"
    )


def _longest(laid_out: Fit, concurrency: int) -> int:
    """
    Longest request, in steps of 1024 tokens, with which the machine holds *concurrency*; 0 when none.
    """
    steps = range(laid_out.max_model_len // 1024, 0, -1)
    for step in steps:
        shorter = best(laid_out.model, laid_out.instance, step * 1024, laid_out.precision)
        if shorter.concurrency >= concurrency:
            return step * 1024
    return 0
