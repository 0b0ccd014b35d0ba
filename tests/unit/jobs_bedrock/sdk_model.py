"""Arguments of an SDK call held against botocore's model of it: members, types, enums, patterns and bounds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import botocore.session

# SDK name in a task -> botocore's name.
SERVICES = {
    "bedrock": "bedrock",
    "bedrockagent": "bedrock-agent",
    "bedrockruntime": "bedrock-runtime",
    "s3": "s3",
    "ssm": "ssm",
}

# What the API takes although its model does not list it: AWS's own samples say that a judge of models needs it.
UNLISTED = {("taskType", "General")}

_KINDS: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "boolean": bool,
    "blob": (str, bytes),
}


@cache
def _session() -> botocore.session.Session:
    return botocore.session.Session()


@cache
def operation(service: str, name: str) -> Any:
    """The model of an operation, by the SDK's name of the service and the task's name of the operation."""
    return _session().get_service_model(SERVICES[service]).operation_model(name[0].upper() + name[1:])


def faults(service: str, name: str, arguments: Mapping[str, Any]) -> list[str]:
    """Everything that the model has against *arguments*, whose members have capital first letters."""
    return list(_structure(operation(service, name).input_shape, arguments, name))


def _structure(shape: Any, value: Mapping[str, Any], where: str) -> Any:
    members = {} if shape is None else {member[0].upper() + member[1:]: member for member in shape.members}
    if shape is None:
        if value:
            yield f"{where} takes no arguments"
        return
    for required in shape.required_members:
        if required[0].upper() + required[1:] not in value:
            yield f"{where} lacks {required}"
    if shape.metadata.get("union") and len(value) != 1:
        yield f"{where} is a choice of one, given {sorted(value)}"
    for name, inner in value.items():
        if name not in members:
            yield f"{where} has no member {name}"
        else:
            yield from _value(shape.members[members[name]], inner, f"{where}.{name}", members[name])


def _value(shape: Any, value: Any, where: str, member: str) -> Any:
    if shape.type_name == "structure":
        if not isinstance(value, Mapping):
            yield f"{where} is {value!r}, a structure is wanted"
        else:
            yield from _structure(shape, value, where)
    elif shape.type_name == "list":
        yield from _bounds(shape, len(value), where)
        for index, item in enumerate(value):
            yield from _value(shape.member, item, f"{where}[{index}]", member)
    elif shape.type_name == "map":
        for key, item in value.items():
            yield from _value(shape.key, key, f"{where} key", member)
            yield from _value(shape.value, item, f"{where}.{key}", member)
    else:
        yield from _scalar(shape, value, where, member)


def _scalar(shape: Any, value: Any, where: str, member: str) -> Any:
    kind = _KINDS[shape.type_name]
    if not isinstance(value, kind) or (isinstance(value, bool) and shape.type_name != "boolean"):
        yield f"{where} is {value!r}, a {shape.type_name} is wanted"
        return
    enum, pattern = shape.metadata.get("enum"), shape.metadata.get("pattern")
    if enum and value not in enum and (member, value) not in UNLISTED:
        yield f"{where} is {value!r}, allowed are {enum}"
    if pattern and not re.fullmatch(pattern, value):
        yield f"{where} is {value!r}, it must match {pattern}"
    yield from _bounds(shape, value if isinstance(value, int | float) else len(value), where)


def _bounds(shape: Any, size: float, where: str) -> Any:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if isinstance(low, int | float) and size < low:
        yield f"{where} is {size}, at least {low}"
    if isinstance(high, int | float) and size > high:
        yield f"{where} is {size}, at most {high}"
