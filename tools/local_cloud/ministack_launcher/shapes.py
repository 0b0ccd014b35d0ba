"""Turn a template's properties into the parameters of an API call, by botocore's model of that call."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tools.local_cloud.ministack_launcher.errors import ProvisioningError
from tools.local_cloud.ministack_launcher.read import is_true

if TYPE_CHECKING:
    from botocore.model import Shape


def fit(shape: Shape | None, properties: Mapping[str, Any], renames: Mapping[str, str]) -> dict[str, Any]:
    """
    The parameters that *shape* describes, filled from *properties*.

    Names are matched without regard to capitals, after *renames*; scalars take the type of the member;
    tags go between the list and the map form as the member asks.

    Raises:
        ProvisioningError: Properties that the call does not have, all of them at once.
    """
    unknown: list[str] = []
    fitted = _structure(shape, properties, {k.lower(): v for k, v in renames.items()}, "", unknown)
    if unknown:
        raise ProvisioningError(f"the API has no member for {', '.join(unknown)}")
    return fitted


def _structure(
    shape: Any, properties: Mapping[str, Any], renames: Mapping[str, str], path: str, unknown: list[str]
) -> dict[str, Any]:
    members = {name.lower(): name for name in shape.members} if shape is not None else {}
    fitted = {}
    for name, value in properties.items():
        wanted = renames.get(name.lower(), name).lower()
        member = members.get(wanted)
        if member is None:
            unknown.append(f"{path}{name}")
        elif value is not None:
            fitted[member] = _value(shape.members[member], value, renames, f"{path}{name}.", unknown)
    return fitted


def _value(shape: Any, value: Any, renames: Mapping[str, str], path: str, unknown: list[str]) -> Any:
    kind = shape.type_name
    if kind == "structure":
        if shape.is_document_type if hasattr(shape, "is_document_type") else False:
            return value
        return _structure(shape, value, renames, path, unknown) if isinstance(value, Mapping) else value
    if kind == "list":
        return [_value(shape.member, item, renames, path, unknown) for item in _as_list(shape, value)]
    if kind == "map":
        entries = _as_map(value)
        return {key: _value(shape.value, item, renames, path, unknown) for key, item in entries.items()}
    return _scalar(kind, value)


def _as_list(shape: Any, value: Any) -> list[Any]:
    """A list for a list member; a map of tags becomes the list of key and value pairs."""
    if isinstance(value, Mapping) and shape.member.type_name == "structure":
        names = {name.lower(): name for name in shape.member.members}
        if {"key", "value"} <= names.keys():
            return [{names["key"]: key, names["value"]: item} for key, item in value.items()]
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _as_map(value: Any) -> Mapping[str, Any]:
    """A map for a map member; a list of tags becomes the map."""
    if isinstance(value, Mapping):
        return value
    return {tag["Key"]: tag["Value"] for tag in value}


def _scalar(kind: str, value: Any) -> Any:
    if kind in ("integer", "long"):
        return int(value)
    if kind in ("float", "double"):
        return float(value)
    if kind == "boolean":
        return is_true(value)
    if kind == "string":
        return json.dumps(value) if isinstance(value, (Mapping, list)) else str(value)
    return value
