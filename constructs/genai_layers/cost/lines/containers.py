"""
Prices of Amazon ECS: nothing for itself, since its machines are priced as machines, but for those that it manages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from genai_layers.cost.fleets import managed_types
from genai_layers.cost.items import Item, Pricer, Unknown, UsageOnly, free, hourly
from genai_layers.cost.resource import Resource
from genai_layers.cost.schedules import scheduled_machines
from genai_layers.cost.tasks import services_on, tasks_of


def _cluster(cluster: Resource) -> Iterable[Item]:
    watched = [item for item in cluster.many("ClusterSettings") if item.get("Value") in ("enabled", "enhanced")]
    if not watched:
        return ()
    return (
        Unknown(
            what="Container Insights of the cluster",
            reason="it costs by the metric, as many as tasks run, and the catalog has no price line for it",
        ),
    )


def _capacity(provider: Resource) -> Iterable[Item]:
    named = managed_types(provider)
    if not named:
        return ()
    scheduled = scheduled_machines(provider)
    tasks = sum((tasks_of(service) for service in services_on(provider)), Decimal(0))
    count = tasks if scheduled is None else round(scheduled, 2)
    if count == 0:
        return (UsageOnly(what=f"no managed instance until asked, then {named[0]}", lines=(f"ec2:{named[0]}",)),)
    return (
        hourly(
            f"{count} x {named[0]}, one a task, the first of {len(named)} types", f"ec2:{named[0]}", count, "on demand"
        ),
        Unknown(what=f"management fee of {count} x {named[0]}", reason="the catalog has no price of it by type"),
        Unknown(what="disks of managed instances", reason="ECS does not say of what kind they are"),
    )


LINES: Mapping[str, Pricer] = {
    "AWS::ECS::Cluster": _cluster,
    "AWS::ECS::CapacityProvider": _capacity,
    **dict.fromkeys(
        (
            "AWS::ECS::ClusterCapacityProviderAssociations",
            "AWS::ECS::Service",
            "AWS::ECS::TaskDefinition",
        ),
        free,
    ),
}
