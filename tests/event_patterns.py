"""Whether a pattern of EventBridge takes an event, for the operators that the templates use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def event_matches(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """
    Return whether an event is one of the pattern.

    Args:
        pattern: Pattern of a rule.
        event: Event as the service sends it.
    """
    return all(
        event_matches(wanted, event.get(name, {})) if isinstance(wanted, Mapping) else _taken(wanted, event.get(name))
        for name, wanted in pattern.items()
    )


def _taken(wanted: list[Any], value: Any) -> bool:
    """An array of the event is taken if one of its values is; values of the pattern stand for one another."""
    values = value if isinstance(value, list) else [value]
    return any(_one(each, given) for each in wanted for given in (values or [None]))


def _one(wanted: Any, value: Any) -> bool:
    if not isinstance(wanted, Mapping):
        return bool(wanted == value)
    ((operator, told),) = wanted.items()
    if operator == "exists":
        return (value is not None) is told
    if value is None:
        return False
    if operator == "prefix":
        return str(value).startswith(told)
    if operator == "equals-ignore-case":
        return str(value).lower() == told.lower()
    if operator == "anything-but":
        return not _one(told, value) if isinstance(told, Mapping) else value != told
    raise ValueError(f"operator {operator!r} is not known here")
