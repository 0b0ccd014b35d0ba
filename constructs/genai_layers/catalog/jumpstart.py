"""
Pre-trained models of SageMaker JumpStart: a curated, dated list of versions that really resolve to an image.

The public hub lists newer versions of some of these models whose specification moved to sets of configurations, with
no image of their own; those are left out, and the newest version that still says what it runs in stands here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from genai_layers.catalog.errors import UnknownModelError
from genai_layers.catalog.jumpstart_spec import JumpStartImage, JumpStartSpec, JumpStartVariant, bucket
from genai_layers.catalog.tables import Confidence, closest, listed, load

__all__ = ["JumpStartImage", "JumpStartSpec", "JumpStartVariant", "bucket", "every", "get"]


@cache
def every() -> Mapping[tuple[str, str], JumpStartSpec]:
    """
    All specifications by id and version.
    """
    table = load("jumpstart")
    specs = (_parse(row, table) for row in table["rows"].values())
    return MappingProxyType({(spec.model_id, spec.version): spec for spec in specs})


def get(model_id: str, version: str | None = None) -> JumpStartSpec:
    """
    The specification of *model_id*.

    Args:
        model_id: Id in the public hub.
        version: Version of the model. Default: the newest in the catalog.

    Raises:
        UnknownModelError: The catalog lacks it; the message says which versions or ids there are.

    Example:
        >>> get("meta-textgeneration-llama-3-1-8b-instruct").version
        '2.2.4'
    """
    ids = sorted({name for name, _ in every()})
    if model_id not in ids:
        near = closest(model_id, ids) or tuple(name for name in ids if model_id in name)[:5]
        raise UnknownModelError(
            f"JumpStart model {model_id!r} is not in the catalog: "
            + (f"choose one like {listed(near)}" if near else f"choose one of {listed(ids)}")
            + ", or give a spec of your own",
            alternatives=near,
        )
    versions = sorted((item for name, item in every() if name == model_id), key=_order, reverse=True)
    if version is not None and version not in versions:
        raise UnknownModelError(
            f"JumpStart model {model_id!r} has no version {version!r} in the catalog: choose {listed(versions)}, "
            "or give a spec of your own",
            alternatives=tuple(versions),
        )
    return every()[(model_id, version or versions[0])]


def _parse(row: Mapping[str, Any], table: Mapping[str, Any]) -> JumpStartSpec:
    return JumpStartSpec(
        model_id=row["model_id"],
        version=row["version"],
        default_instance_type=row["default"],
        variants={
            name: JumpStartVariant(image=row["images"][item["image"]], environment=item.get("environment", {}))
            for name, item in row["variants"].items()
        },
        artifact_key=row["artifact"],
        is_gated=row["gated"],
        eula_key=row["eula"],
        environment=row["environment"],
        model_packages=row.get("packages", {}),
        source=table["source"],
        as_of=table["as_of"],
        confidence=Confidence(table["confidence"]),
    )


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
