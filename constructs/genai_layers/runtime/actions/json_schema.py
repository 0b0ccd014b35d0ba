"""Checks what a model wrote against the part of JSON Schema that tools may be declared with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

KEYWORDS = frozenset(
    {
        "type",
        "description",
        "properties",
        "required",
        "additionalProperties",
        "enum",
        "minLength",
        "maxLength",
        "pattern",
        "minimum",
        "maximum",
        "items",
        "minItems",
        "maxItems",
    }
)
"""Keywords that are understood; a declaration with any other is refused before it is deployed."""

KINDS: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}
"""Kinds of value, and what Python makes of them."""


def faults(value: object, schema: Mapping[str, Any], where: str = "arguments") -> list[str]:
    """
    Return what of *value* does not fit *schema*; what it holds is not repeated.

    Args:
        value: What a model wrote.
        schema: What was declared.
        where: Path of the value, for the words of a fault.

    Example:
        >>> faults({"days": "two"}, {"type": "object", "properties": {"days": {"type": "integer"}}})
        ["'arguments.days' must be of type integer"]
    """
    kind = schema["type"]
    if not isinstance(value, KINDS[kind]) or isinstance(value, bool) != (kind == "boolean"):
        return [f"{where!r} must be of type {kind}"]
    found = []
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{where!r} must be one of those that are declared")
    if isinstance(value, str):
        found += _text(value, schema, where)
    elif isinstance(value, int | float):
        if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            found.append(f"{where!r} is outside of its bounds")
    elif isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            found.append(f"{where!r} has {len(value)} items, which is outside of its bounds")
        for index, item in enumerate(value):
            found += faults(item, schema["items"], f"{where}[{index}]")
    elif isinstance(value, dict):
        found += _object(value, schema, where)
    return found


def _text(value: str, schema: Mapping[str, Any], where: str) -> list[str]:
    found = []
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        found.append(f"{where!r} has {len(value)} characters, which is outside of its bounds")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{where!r} does not match its pattern")
    return found


def _object(value: Mapping[str, Any], schema: Mapping[str, Any], where: str) -> list[str]:
    properties = schema.get("properties", {})
    found = [f"'{where}.{name}' is missing" for name in schema.get("required", ()) if name not in value]
    # A name that is not declared is the model's text: it is counted and not repeated.
    if unknown := len(set(value) - set(properties)):
        found.append(f"{where!r} has {unknown} fields that are not declared")
    for name, item in value.items():
        if name in properties:
            found += faults(item, properties[name], f"{where}.{name}")
    return found
