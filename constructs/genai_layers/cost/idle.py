"""
The idle floor: what synthesized templates cost a month when nobody uses them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from genai_layers.catalog import prices
from genai_layers.catalog.errors import UnknownPriceError
from genai_layers.catalog.prices import Price
from genai_layers.cost.items import Charged, Item, Pricer, UsageOnly
from genai_layers.cost.lines import (
    agents,
    clusters,
    containers,
    machines,
    models,
    network,
    operations,
    sagemaker,
    security,
    serverless,
    stacks,
    stores,
    training,
)
from genai_layers.cost.report import Line, Report, Unpriced, Usage
from genai_layers.cost.resource import Resource, Template

_ROOMS = (
    agents,
    clusters,
    containers,
    machines,
    models,
    network,
    operations,
    sagemaker,
    security,
    serverless,
    stacks,
    stores,
    training,
)

PRICE_LIST: Mapping[str, Pricer] = MappingProxyType(
    {kind: pricer for room in _ROOMS for kind, pricer in room.LINES.items()}
)
"""
Every resource type that somebody priced, with its pricing line.
"""


def idle_floor(templates: Mapping[str, Mapping[str, Any]], region: str) -> Report:
    """
    What *templates* cost a month at zero use.

    Args:
        templates: CloudFormation templates, parsed, by the name of their stack.
        region: Region to price them in; a line without a price there is listed as unpriced, never guessed.

    Raises:
        CostError: A template is not one.
        RegionError: *region* has not the form of a region.
    """
    lines: list[Line] = []
    usage: list[Usage] = []
    unpriced: list[Unpriced] = []
    for stack, body in templates.items():
        for resource in Template(stack=stack, body=body):
            for item in _items(resource, unpriced):
                _file(item, resource, region, lines, usage, unpriced)
    return Report(lines=tuple(lines), usage=tuple(usage), unpriced=tuple(unpriced))


def _items(resource: Resource, unpriced: list[Unpriced]) -> Iterator[Item]:
    pricer = PRICE_LIST.get(resource.type)
    if pricer is None and resource.type.startswith("Custom::"):
        return
    if pricer is None:
        unpriced.append(_unpriced(resource, resource.type, "nobody wrote a pricing line for this type"))
        return
    yield from pricer(resource)


def _file(
    item: Item,
    resource: Resource,
    region: str,
    lines: list[Line],
    usage: list[Usage],
    unpriced: list[Unpriced],
) -> None:
    where = {"stack": resource.template.stack, "logical_id": resource.logical_id, "type": resource.type}
    if isinstance(item, Charged):
        price = _price(item.line, item.what, region, resource, unpriced)
        if price is not None:
            note = "; ".join(part for part in (item.note, price.note) if part)
            lines.append(Line(**where, what=item.what, units_per_month=item.per_month, price=price, note=note))
    elif isinstance(item, UsageOnly):
        found = (_price(line, f"usage of {item.what}", region, resource, unpriced) for line in item.lines)
        usage.append(Usage(**where, what=item.what, prices=tuple(price for price in found if price is not None)))
    else:
        unpriced.append(_unpriced(resource, item.what, item.reason))


def _price(line: str, what: str, region: str, resource: Resource, unpriced: list[Unpriced]) -> Price | None:
    try:
        return prices.get(line, region)
    except UnknownPriceError as unknown:
        unpriced.append(_unpriced(resource, what, str(unknown)))
        return None


def _unpriced(resource: Resource, what: str, reason: str) -> Unpriced:
    return Unpriced(
        stack=resource.template.stack,
        logical_id=resource.logical_id,
        type=resource.type,
        what=what,
        reason=reason,
    )
