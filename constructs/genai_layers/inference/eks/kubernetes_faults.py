"""
What can be wrong with a fleet of pods, beside what can be wrong with any fleet.
"""

from __future__ import annotations

import dataclasses

from genai_layers.inference.capacity import Capacity
from genai_layers.inference.eks.charts import Chart
from genai_layers.inference.engines import ContainerImage, ServingEngine, Vllm, VllmNeuron
from genai_layers.inference.fleet_plan import FleetPlan
from genai_layers.inference.scaling import Scaling

# bottlerocket-os/bottlerocket issue 4889: driver 580 of the image does not start their GPU.
_WITHOUT_DRIVER = ("g7.",)


def kubernetes_faults(
    engine: ServingEngine, chart: Chart, tools: ContainerImage, capacity: Capacity | None, scaling: Scaling | None
) -> list[str]:
    """
    Return everything that is wrong, one sentence each.

    Args:
        engine: What serves.
        chart: Chart of the production stack.
        tools: Image with the tools of a pod.
        capacity: How machines are bought; None: on demand.
        scaling: What makes the fleet grow; None: the engine's own load.
    """
    found = list(chart.faults)
    if chart.name != "vllm-stack":
        found.append(f"chart is {chart.name!r}: give Chart.production_stack(repository)")
    if not isinstance(engine, Vllm | VllmNeuron):
        found.append(
            f"{engine.name} is not what the vLLM production stack runs: choose Vllm() or VllmNeuron(...), or serve "
            "with an AcceleratorFleet or a ContainerFleet"
        )
    found += [f"tools_image: {fault}" for fault in tools.faults]
    if tools.architecture != engine.image.architecture:
        found.append(
            f"tools_image is {tools.architecture} and the image is {engine.image.architecture}: "
            "choose another of the two"
        )
    if engine.image.architecture != "x86_64":
        found.append(
            f"the image is {engine.image.architecture}, for which EKS Auto Mode has no accelerator that the catalog "
            "knows: choose an x86_64 image"
        )
    if capacity is not None and capacity.is_spot and (capacity.on_demand_machines or capacity.on_demand_percent):
        found.append(
            f"capacity keeps {capacity.on_demand_machines} machines and {capacity.on_demand_percent} percent on "
            "demand, which a node pool cannot: choose Capacity.spot() or Capacity.on_demand()"
        )
    for figure, word in (
        (None if scaling is None else scaling.time_to_first_token, "the time to the first token, a histogram"),
        (None if scaling is None else scaling.requests_per_minute, "what the load balancer counts"),
    ):
        if figure is not None:
            found.append(f"scaling follows {word}, which KEDA does not read from an engine: use Scaling.on_load()")
    return found


def type_faults(names: tuple[str, ...]) -> list[str]:
    """
    Return why EKS Auto Mode cannot start machines that were named.

    Args:
        names: The machines.
    """
    return [
        f"instance_type {name!r} does not start under the driver of EKS Auto Mode: choose a type of another family"
        for name in names
        if name.startswith(_WITHOUT_DRIVER)
    ]


def without_unsupported(decided: FleetPlan) -> FleetPlan:
    """
    Return *decided* without machines that EKS Auto Mode cannot start; as it is where that would leave none.

    Args:
        decided: The fleet's decisions.
    """
    kept = tuple(fit for fit in decided.placement.fits if not type_faults((fit.instance.name,)))
    if not kept:
        return decided
    return dataclasses.replace(decided, placement=dataclasses.replace(decided.placement, fits=kept))
