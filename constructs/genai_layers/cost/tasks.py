"""
Finds the services of Amazon ECS whose tasks stand on an Auto Scaling group of the same template.
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
        group: An Auto Scaling group.
    """
    providers = {each.logical_id for each in group.template if _is_fed_by(each, group)}
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
    return max((_tasks(service) for service in apart), default=Decimal(0))


def _is_fed_by(provider: Resource, group: Resource) -> bool:
    if provider.type != "AWS::ECS::CapacityProvider":
        return False
    named = provider.properties.get("AutoScalingGroupProvider", {}).get("AutoScalingGroupArn")
    found = group.template.get(named)
    return found is not None and found.logical_id == group.logical_id


def _tasks(service: Resource) -> Decimal:
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
