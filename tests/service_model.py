"""Checking the arguments of a call against the service's own model: names, types, lengths, ranges, enums, patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import botocore.session
from botocore.model import Shape

_MODELS = botocore.session.get_session()

# Java classes of Unicode, as far as the models use them; close enough for what is written in ASCII.
_CLASSES = {
    r"\p{L}": r"a-zA-Z\u00c0-\uffff",
    r"\p{M}": r"\u0300-\u036f",
    r"\p{Z}": r" \u00a0\u2000-\u200a",
    r"\p{S}": r"$+<=>^`|~",
    r"\p{N}": r"0-9",
    r"\p{P}": r"!-#%-*,-/:;?@\[-\]_{}",
    r"\p{Alnum}": r"a-zA-Z0-9",
}


def faults(service: str, operation: str, arguments: Any) -> list[str]:
    """
    Say what the service would refuse about the arguments of a call.

    Args:
        service: Service, as botocore names it.
        operation: Name of the call.
        arguments: What is sent.
    """
    shape = _MODELS.get_service_model(service).operation_model(operation).input_shape
    assert shape is not None
    return list(_faults(operation, shape, arguments))


def calls_of(definition: dict[str, Any]) -> Iterator[tuple[str, str, str, Any]]:
    """Name of the state, service, operation and parameters of every call of a state machine to an AWS API."""
    for name, state in definition["States"].items():
        if state["Type"] == "Map":
            yield from calls_of(state.get("ItemProcessor", state.get("Iterator")))
        if state["Type"] != "Task":
            continue
        parts = state["Resource"].split(":::", 1)[1].removesuffix(".sync").removesuffix(".sync:2").split(":")
        service, action = parts[-2:]
        # Step Functions writes payloads and details of these two as text by itself.
        if parts[0] in ("lambda", "events"):
            continue
        yield (
            name,
            {"sfn": "stepfunctions"}.get(service, service),
            f"{action[0].upper()}{action[1:]}",
            state["Parameters"],
        )


def _faults(where: str, shape: Shape, value: Any) -> Iterator[str]:
    match shape.type_name:
        case "structure":
            yield from _structure(where, shape, value)
        case "list":
            if not isinstance(value, list):
                yield f"{where} is no list"
                return
            yield from _length(where, shape, len(value))
            for index, item in enumerate(value):
                yield from _faults(f"{where}[{index}]", shape.member, item)
        case "map":
            yield from _length(where, shape, len(value))
            for name, item in value.items():
                yield from _faults(f"{where} key", shape.key, name)
                yield from _faults(f"{where}.{name}", shape.value, item)
        case "boolean":
            if not isinstance(value, bool):
                yield f"{where} is {value!r}, no boolean"
        case "integer" | "long":
            if not isinstance(value, int) or isinstance(value, bool):
                yield f"{where} is {value!r}, no whole number"
            else:
                yield from _range(where, shape, value)
        case "float" | "double":
            if not isinstance(value, int | float) or isinstance(value, bool):
                yield f"{where} is {value!r}, no number"
            else:
                yield from _range(where, shape, value)
        case "string":
            yield from _string(where, shape, value)
        case other:
            yield f"{where} has the type {other}, which this check does not know"


def _structure(where: str, shape: Any, value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where} is no structure"
        return
    for name in shape.required_members:
        if name not in value:
            yield f"{where} lacks {name}"
    for name, item in value.items():
        if name not in shape.members:
            yield f"{where} has an unknown {name}"
        else:
            yield from _faults(f"{where}.{name}", shape.members[name], item)


def _string(where: str, shape: Any, value: Any) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{where} is {value!r}, no text"
        return
    yield from _length(where, shape, len(value))
    if shape.enum and value not in shape.enum:
        yield f"{where} is {value!r}, not in the enum"
    pattern = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(_translated(pattern), value, re.DOTALL):
        yield f"{where} is {value!r}, which does not match {pattern}"


def _length(where: str, shape: Shape, length: int) -> Iterator[str]:
    least, most = shape.metadata.get("min", 0), shape.metadata.get("max", length)
    if not least <= length <= most:
        yield f"{where} has a length of {length}, allowed are {least} to {most}"


def _range(where: str, shape: Shape, value: float) -> Iterator[str]:
    least, most = shape.metadata.get("min", value), shape.metadata.get("max", value)
    if not least <= value <= most:
        yield f"{where} is {value}, allowed are {least} to {most}"


def _translated(pattern: str) -> str:
    for java, python in _CLASSES.items():
        pattern = pattern.replace(java, python)
    # Two patterns of SageMaker repeat an anchor, `(...)${1,256}`, where they mean the group before it.
    return pattern.replace(")${", "){")
