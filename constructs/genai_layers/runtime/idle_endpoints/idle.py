"""Which of the things that run nobody used. Whatever is younger than the window is spared."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from .things import HOURS_PER_MONTH, Component, Endpoint, Idle, Kind, Notebook
from .usage import Meter, Window

Moved = Callable[[Sequence[Meter]], Collection[Meter]]


def endpoint_meters(endpoint: Endpoint) -> list[Meter]:
    """Return what moves while somebody asks *endpoint*."""
    meters = [
        Meter(metric="Invocations", dimensions=(("EndpointName", endpoint.name), ("VariantName", variant)))
        for variant in endpoint.variants
    ]
    if endpoint.has_queue:
        meters.append(Meter(metric="ApproximateBacklogSize", dimensions=(("EndpointName", endpoint.name),)))
    return meters


def component_meters(component: Component) -> list[Meter]:
    """Return what moves while somebody asks *component*, also in vain."""
    dimensions = (("InferenceComponentName", component.name),)
    return [Meter(metric=metric, dimensions=dimensions) for metric in ("Invocations", "NoCapacityInvocationFailures")]


def idle_components(components: Sequence[Component], moved: Collection[Meter], window: Window) -> list[Component]:
    """
    Return the models with copies that nobody asked; a model is also asked through its adapters.

    Args:
        components: All components.
        moved: Meters that moved.
        window: The time that was looked at.
    """
    busy = {
        each.base or each.name
        for each in components
        if each.created > window.start or any(meter in moved for meter in component_meters(each))
    }
    return [each for each in components if each.base is None and each.copies > 0 and each.name not in busy]


def idle_endpoints(
    endpoints: Sequence[Endpoint], components: Sequence[Component], moved: Collection[Meter], window: Window
) -> list[Endpoint]:
    """
    Return the endpoints that cost something although nobody asked them, nor any component on them.

    Args:
        endpoints: All endpoints.
        components: All components.
        moved: Meters that moved.
        window: The time that was looked at.
    """
    busy = {
        each.endpoint
        for each in components
        if each.created > window.start or any(meter in moved for meter in component_meters(each))
    }
    return [
        each
        for each in endpoints
        if each.runs
        and each.created <= window.start
        and each.name not in busy
        and not any(meter in moved for meter in endpoint_meters(each))
    ]


def idle_notebooks(notebooks: Sequence[Notebook], opened: Collection[str], window: Window) -> list[Notebook]:
    """
    Return the notebooks that have run all the time and that nobody opened.

    Args:
        notebooks: All that run.
        opened: Names of those that somebody opened.
        window: The time that was looked at.
    """
    return [each for each in notebooks if each.since <= window.start and each.name not in opened]


def priced_endpoint(endpoint: Endpoint, usd_per_hour: Mapping[str, float]) -> Idle:
    """
    Return what an idle endpoint costs.

    Args:
        endpoint: The endpoint.
        usd_per_hour: Prices by instance type.
    """
    machines = [f"{count} x {machine}" for machine, count in sorted(endpoint.machines.items())]
    warm = [f"{endpoint.warm_requests} warm requests"] if endpoint.warm_requests else []
    is_known = not warm and all(machine in usd_per_hour for machine in endpoint.machines)
    hourly = sum(usd_per_hour.get(machine, 0) * count for machine, count in endpoint.machines.items())
    return Idle(
        kind=Kind.ENDPOINT,
        name=endpoint.name,
        what=", ".join([*machines, *warm]),
        usd_per_month=hourly * HOURS_PER_MONTH if is_known else None,
    )


def priced_notebook(notebook: Notebook, usd_per_hour: Mapping[str, float]) -> Idle:
    """
    Return what an idle notebook costs, apart from its volume.

    Args:
        notebook: The notebook.
        usd_per_hour: Prices by instance type.
    """
    hourly = usd_per_hour.get(notebook.machine)
    return Idle(
        kind=Kind.NOTEBOOK,
        name=notebook.name,
        what=f"{notebook.machine}, runs since {notebook.since:%Y-%m-%d}",
        usd_per_month=None if hourly is None else hourly * HOURS_PER_MONTH,
    )
