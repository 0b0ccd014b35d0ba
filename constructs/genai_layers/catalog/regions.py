"""
Regions, their partitions, and which features each one has.

A feature is named after its CloudFormation type: ``bedrock:Guardrail`` or ``AWS::Bedrock::Guardrail``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from genai_layers.catalog.errors import RegionError
from genai_layers.catalog.tables import closest, listed, load

if TYPE_CHECKING:
    from collections.abc import Mapping


def every() -> tuple[str, ...]:
    """
    All regions of the catalog, in order of name.
    """
    return tuple(load("regions")["regions"])


def partition(region: str) -> str:
    """
    The partition of *region*, also of one newer than the catalog when its name has a known form.

    Raises:
        RegionError: *region* has no known form.

    Example:
        >>> partition("us-gov-west-1")
        'aws-us-gov'
    """
    partitions: Mapping[str, Mapping[str, str]] = load("regions")["partitions"]
    for name, facts in partitions.items():
        if re.fullmatch(facts["form"], region):
            return name
    near = closest(region, every())
    raise RegionError(
        f"region {region!r} has not the form of an AWS region: choose {listed(near or every(), limit=40)}",
        alternatives=near,
    )


def domain(region: str) -> str:
    """
    The domain of service endpoints in *region*.

    Raises:
        RegionError: *region* has no known form.

    Example:
        >>> domain("us-east-1")
        'amazonaws.com'
    """
    found: str = load("regions")["partitions"][partition(region)]["domain"]
    return found


def features() -> tuple[str, ...]:
    """
    All features that the catalog knows the regions of, as ``service:Type``.
    """
    return tuple(load("regions")["features"])


def having(feature: str) -> tuple[str, ...]:
    """
    Regions that have *feature*.

    Raises:
        RegionError: The catalog does not know the feature.
    """
    return tuple(load("regions")["features"][_known(feature)]["regions"])


def supports(region: str, feature: str) -> bool:
    """
    *region* has *feature*.

    Raises:
        RegionError: The catalog does not know the region or the feature.

    Example:
        >>> supports("us-east-1", "s3vectors:Index")
        True
    """
    if region not in every():
        near = closest(region, every())
        raise RegionError(
            f"region {region!r} is not in the catalog: choose {listed(near or every(), limit=40)}", alternatives=near
        )
    return region in having(feature)


def require(region: str, *wanted: str) -> None:
    """
    Refuse *region* when it lacks one of the features *wanted*.

    Raises:
        RegionError: Names every feature that is missing and regions of the same partition that have them all.
    """
    missing = [feature for feature in wanted if not supports(region, feature)]
    if not missing:
        return
    home = partition(region)
    others = [
        item
        for item in every()
        if partition(item) == home and all(item in having(feature) for feature in wanted) and item != region
    ]
    near = [item for item in others if item.split("-")[0] == region.split("-")[0]]
    best = tuple(near + [item for item in others if item not in near])
    raise RegionError(
        f"region {region!r} lacks {', '.join(missing)}: "
        + (f"choose {listed(best)}" if best else f"no region of partition {home!r} has it; leave the part out"),
        alternatives=best,
    )


def zones(region: str, instance_type: str | None = None) -> tuple[str, ...]:
    """
    Ids of the availability zones of *region*, those that offer *instance_type* when it is given.

    The table shows what the API answered when it was read; an empty answer means that it was not offered then.

    Example:
        >>> zones("us-east-1", "g6.xlarge")[0].startswith("use1-az")
        True
    """
    table = load("offerings")
    ids: list[str] = table["zones"].get(region, [])
    if instance_type is None:
        return tuple(ids)
    return tuple(ids[index] for index in table["rows"].get(instance_type, {}).get(region, []))


def _known(feature: str) -> str:
    parts = feature.split("::")
    name = f"{parts[1].lower()}:{parts[2]}" if len(parts) == 3 and parts[0] == "AWS" else feature
    service, _, kind = name.partition(":")
    name = f"{service.lower()}:{kind}"
    if name not in load("regions")["features"]:
        near = closest(name, features())
        raise RegionError(
            f"feature {feature!r} is not in the catalog" + (f": choose one like {listed(near)}" if near else ""),
            alternatives=near,
        )
    return name
