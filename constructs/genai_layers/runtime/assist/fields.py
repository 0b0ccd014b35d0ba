"""Reads the fields of a request and gathers everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from ..chat.errors import BadRequestError
from ..chat.request import text_faults


class Fields:
    """
    The fields of a JSON object, each read once.

    Args:
        value: The object.
        allowed: Names that it may hold.
        what: What it is, in the words of a fault.

    Attributes:
        faults: What is wrong so far.
    """

    def __init__(self, value: Mapping[str, Any], allowed: Collection[str], what: str) -> None:
        self._value = value
        names = ", ".join(repr(name) for name in sorted(allowed))
        self.faults = [
            f"{name!r} is not a field of {what}: allowed are {names}" for name in sorted(set(value) - {*allowed})
        ]

    def text(self, name: str, most: int, *, is_optional: bool = False) -> str:
        """Return the text of *name*, without space around it; empty where it is absent or wrong."""
        if is_optional and self._value.get(name, "") == "":
            return ""
        value = self._value.get(name)
        if not isinstance(value, str):
            self.faults.append(f"{name!r} must be a text: give at most {most} characters")
            return ""
        text = value.strip()
        self.faults += text_faults(repr(name), text, most)
        return text

    def whole(self, name: str, *, most: int, default: int) -> int:
        """Return the whole number of *name*, from 1 to *most*."""
        value = self._value.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
            self.faults.append(f"{name!r} must be a whole number: give 1 to {most}")
            return default
        return value

    def share(self, name: str) -> float | None:
        """Return the number of *name*, from 0 to 1; None where it is absent."""
        value = self._value.get(name)
        if name not in self._value:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            self.faults.append(f"{name!r} must be a number: give 0 to 1")
            return None
        return float(value)

    def chosen(self, name: str, allowed: Collection[str]) -> str:
        """Return the text of *name*, which must be one of *allowed*."""
        value = self._value.get(name)
        if not isinstance(value, str) or value not in allowed:
            self.faults.append(f"{name!r} must be one of {', '.join(repr(one) for one in allowed)}")
            return ""
        return value

    def check(self, *more: Callable[[list[str]], object]) -> None:
        """
        Raise if anything was wrong.

        Args:
            more: Add what they find to the faults.

        Raises:
            BadRequestError: Names every fault.
        """
        for one in more:
            one(self.faults)
        if self.faults:
            raise BadRequestError(self.faults)
