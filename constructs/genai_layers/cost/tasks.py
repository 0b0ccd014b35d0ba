"""
Finds the services of Amazon ECS whose tasks stand on the machines of an Auto Scaling group, or on managed instances.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

from genai_layers.cost.resource import Resource


def services_on(group: Resource) -> Iterator[Resource]:
    """
    The services that get their machines from *group*.

    Args:
        group: An Auto Scaling group, or a capacity provider of managed instances.
    """
    providers = {group.logical_id, *(each.logical_id for each in group.template if _is_fed_by(each, group))}
    for service in group.template:
        if service.type == "AWS::ECS::Service" and any(
            (found := group.template.get(item.get("CapacityProvider"))) is not None and found.logical_id in providers
            for item in service.many("CapacityProviderStrategy")
        ):
            yield service


def machines_for_tasks(group: Resource) -> Decimal:
    """
    Machines of *group* that ECS always needs; 0 without a service that keeps its tasks apart.

    Args:
        group: An Auto Scaling group.
    """
    apart = [
        service
        for service in services_on(group)
        if any(item.get("Type") == "distinctInstance" for item in service.many("PlacementConstraints"))
    ]
    return max((tasks_of(service) for service in apart), default=Decimal(0))


def _is_fed_by(provider: Resource, group: Resource) -> bool:
    if provider.type != "AWS::ECS::CapacityProvider":
        return False
    named = provider.properties.get("AutoScalingGroupProvider", {}).get("AutoScalingGroupArn")
    found = group.template.get(named)
    return found is not None and found.logical_id == group.logical_id


def tasks_of(service: Resource) -> Decimal:
    """
    Tasks that a service has at least.

    Args:
        service: The service.
    """
    counts = [service.number("DesiredCount")]
    counts += [
        target.number("MinCapacity")
        for target in service.template
        if target.type == "AWS::ApplicationAutoScaling::ScalableTarget"
        and f'"{service.logical_id}"' in json.dumps(target.properties.get("ResourceId"))
    ]
    known = [count for count in counts if count is not None]
    # ECS developer guide: a service that is made without a number of tasks has one.
    return max(known, default=Decimal(1))
