"""Paths and intrinsic functions of the Amazon States Language, as far as our definitions use them."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

ABSENT = object()
_TOKEN = re.compile(
    r"\s*(?:(States\.\w+)\(|('(?:\\.|[^'\\])*')|(\$[^,()\s]*)|(-?\d+(?:\.\d+)?)|(true|false|null)|([,)]))"
)


class PathError(Exception):
    """A path that leads nowhere: States.ParameterPathFailure."""


def lookup(path: str, state: Any, context: Any) -> Any:
    """The value at *path*, or ABSENT."""
    value = context if path.startswith("$$") else state
    for name, index in re.findall(r"\.([A-Za-z_]\w*)|\[(\d+)\]", path):
        try:
            value = value[name] if name else value[int(index)]
        except (KeyError, IndexError, TypeError):
            return ABSENT
    return value


def evaluate(expression: str, state: Any, context: Any) -> Any:
    """The value of a path or of an intrinsic function."""
    value, rest = _one(expression, state, context)
    assert not rest.strip(), expression
    return value


def fill(template: Any, state: Any, context: Any) -> Any:
    """A payload template with its expressions replaced by their values."""
    if isinstance(template, list):
        return [fill(item, state, context) for item in template]
    if not isinstance(template, dict):
        return template
    filled = {}
    for name, value in template.items():
        if name.endswith(".$"):
            filled[name[:-2]] = evaluate(value, state, context)
        else:
            assert not (isinstance(value, str) and value.startswith(("$.", "States."))), f"{name} lacks .$"
            filled[name] = fill(value, state, context)
    return filled


def _one(text: str, state: Any, context: Any) -> tuple[Any, str]:
    token = _TOKEN.match(text)
    assert token, text
    rest = text[token.end() :]
    function, literal, path, number, word, _ = token.groups()
    if function:
        arguments = []
        while not rest.lstrip().startswith(")"):
            value, rest = _one(rest, state, context)
            arguments.append(value)
            rest = rest.lstrip().removeprefix(",")
        return _FUNCTIONS[function](*arguments), rest.lstrip()[1:]
    if path:
        value = lookup(path, state, context)
        if value is ABSENT:
            raise PathError(path)
        return value, rest
    if literal:
        return re.sub(r"\\(.)", r"\1", literal[1:-1]), rest
    return (json.loads(number or word)), rest


def _format(template: str, *values: Any) -> str:
    parts = template.split("{}")
    assert len(parts) == len(values) + 1, template
    texts = [value if isinstance(value, str) else json.dumps(value) for value in values]
    return "".join(part + text for part, text in zip(parts, [*texts, ""], strict=True))


def _hash(value: Any, algorithm: str) -> str:
    return hashlib.new(algorithm.replace("-", "").lower(), str(value).encode()).hexdigest()


_FUNCTIONS: dict[str, Any] = {
    "States.Format": _format,
    "States.Hash": _hash,
    "States.JsonMerge": lambda first, second, _deep: {**first, **second},
    "States.JsonToString": lambda value: json.dumps(value, separators=(",", ":"), default=str),
    "States.StringToJson": json.loads,
    "States.MathAdd": lambda first, second: first + second,
    "States.ArrayLength": len,
}
