"""
What a fleet will be, decided and checked before anything is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from genai_layers.catalog import models
from genai_layers.catalog.accelerators import Precision, Vendor
from genai_layers.catalog.errors import UnknownModelError
from genai_layers.catalog.models import ServedModel
from genai_layers.inference.capacity import Capacity
from genai_layers.inference.compatibility import image_faults
from genai_layers.inference.engines import Serving, ServingEngine, Vllm
from genai_layers.inference.errors import FleetError
from genai_layers.inference.fast_start import FastStart
from genai_layers.inference.host_image import HostImage
from genai_layers.inference.placement import Placement, PlacementRequest
from genai_layers.inference.readiness import TimeToReady, slower_starts, time_to_ready, warm_start
from genai_layers.inference.scale_to_zero import ScaleToZero
from genai_layers.inference.scaling import Scaling
from genai_layers.inference.weights import Weights


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetPlan:
    """
    Every decision about a fleet.

    Attributes:
        serving: What the engine is asked to do.
        engine: What serves.
        host: Image of the machines.
        capacity: How they are bought.
        placement: Their types, and how the model sits on them.
        scaling: What makes the fleet grow and shrink.
        fast_start: What is prepared beforehand.
        scale_to_zero: When there is no machine; None: only when somebody says so.
        ready: How long a start of a new machine takes on the slowest type.
        ready_from_warm: How long that of a warm one takes; None where none is kept.
    """

    serving: Serving
    engine: ServingEngine
    host: HostImage
    capacity: Capacity
    placement: Placement
    scaling: Scaling
    fast_start: FastStart
    ready: TimeToReady
    ready_from_warm: TimeToReady | None
    scale_to_zero: ScaleToZero | None = None


def plan(
    path: str,
    *,
    region: str,
    model: ServedModel | str,
    weights: Weights,
    instance_types: Sequence[str],
    max_model_len: int,
    precision: Precision | None,
    engine: ServingEngine | None,
    host: HostImage | None,
    capacity: Capacity | None,
    scaling: Scaling | None,
    fast_start: FastStart | None = None,
    scale_to_zero: ScaleToZero | None = None,
    attestable: bool = False,
    uses_local_disks: bool = True,
    other_faults: Sequence[str] = (),
) -> FleetPlan:
    """
    Decide what is left open and check everything at once.

    Args:
        path: Construct path of the fleet, for the message.
        region: Where it runs.
        model: What it serves.
        weights: Where the weights lie.
        instance_types: Names of the machines; empty: the cheapest that fit.
        max_model_len: Longest request, tokens.
        precision: Format of the weights; None: as published.
        engine: What serves; None: vLLM on NVIDIA.
        host: Image of the machines; None: the newest of AWS for the engine.
        capacity: How they are bought; None: on demand.
        scaling: What makes it grow; None: the engine's own load.
        fast_start: What is prepared beforehand; None: nothing.
        scale_to_zero: When there is no machine; None: only when somebody says so.
        attestable: Only machines that can boot an attestable image.
        uses_local_disks: Whether copied weights and graphs go to the local disks of machines that have them.
        other_faults: What the caller has found already.

    Raises:
        FleetError: Everything that is wrong.
    """
    chosen = engine if engine is not None else Vllm()
    machine_image = host if host is not None else _newest_host(chosen)
    bought = capacity if capacity is not None else Capacity.on_demand()
    grows = scaling if scaling is not None else Scaling.default_for(chosen)
    prepared = fast_start if fast_start is not None else FastStart()
    faults = [
        *other_faults,
        *weights.faults,
        *bought.faults,
        *grows.faults(chosen),
        *prepared.faults(machine_image, bought),
    ]
    if chosen.spans_machines:
        faults.append(f"{chosen.name} joins machines into one: choose Vllm(), or serve with a MultiNodeFleet")
    mismatches = image_faults(chosen, machine_image)
    faults += mismatches
    placement: Placement | None = None
    try:
        served = models.get(model) if isinstance(model, str) else model
        request = PlacementRequest(
            model=served,
            instance_types=instance_types,
            max_model_len=max_model_len,
            precision=precision,
            engine=chosen,
            host=machine_image,
            capacity=bought,
            region=region,
            attestable=attestable,
        )
        if instance_types or not mismatches:
            placement = request.place(faults)
    except UnknownModelError as error:
        faults.append(str(error))
    if placement is not None and not uses_local_disks:
        placement = placement.without_local_disks()
    if placement is not None and not faults:
        faults += slower_starts(chosen, placement.fits, prepared)
    ready = _slowest(time_to_ready(chosen, fit, prepared) for fit in placement.fits) if placement is not None else None
    if scale_to_zero is not None and ready is not None:
        faults += scale_to_zero.start_faults(ready)
    if faults or placement is None or ready is None:
        raise FleetError(path, faults)
    return FleetPlan(
        serving=Serving(model_id=served.id, weights_uri=weights.uri, fit=placement.smallest),
        engine=chosen,
        host=machine_image,
        capacity=bought,
        placement=placement,
        scaling=grows,
        fast_start=prepared,
        ready=ready,
        ready_from_warm=_slowest(warm_start(chosen, fit, prepared) for fit in placement.fits)
        if prepared.warm_machines
        else None,
        scale_to_zero=scale_to_zero,
    )


def _slowest(starts: Iterable[TimeToReady]) -> TimeToReady:
    return max(starts, key=lambda start: start.total_seconds)


def _newest_host(engine: ServingEngine) -> HostImage:
    return HostImage.neuron() if engine.vendor is Vendor.NEURON else HostImage.nvidia(engine.image.architecture)
