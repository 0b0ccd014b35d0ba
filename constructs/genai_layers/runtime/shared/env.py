"""The one place that reads the process environment: every setting parsed once, every fault told at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import TypeVar

_Read = TypeVar("_Read")


class MissingSettingError(ValueError):
    """The function was deployed without a setting that it needs, or with one that it cannot read."""


def put(name: str, value: str) -> None:
    """
    Set *name* for what reads the process environment by itself, as the AWS SDK does.

    Args:
        name: Name of the variable.
        value: Its value; empty clears it.
    """
    os.environ[name] = value


class Environment:
    """
    Reads settings by name and remembers what was wrong with each.

    Args:
        values: Names to texts. Default: the environment of the process.

    Example:
        >>> environment = Environment({"TABLE_NAME": "conversations"})
        >>> environment.text("TABLE_NAME")
        'conversations'
        >>> environment.check()
    """

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = os.environ if values is None else values
        self._faults: list[str] = []

    def text(self, name: str) -> str:
        """Return the text of *name*, which must be there."""
        value = self._values.get(name, "")
        if not value:
            self._faults.append(f"{name} is not set: give it in the function's environment")
        return value

    def optional(self, name: str) -> str | None:
        """Return the text of *name*, or None where it is absent or empty."""
        return self._values.get(name) or None

    def whole(self, name: str, *, minimum: int = 0) -> int:
        """Return the whole number of *name*, which must be there and at least *minimum*."""
        value = self.optional_whole(name, minimum=minimum)
        if value is None:
            if self.optional(name) is None:
                self._faults.append(f"{name} is not set: give a whole number of at least {minimum}")
            return minimum
        return value

    def optional_whole(self, name: str, *, minimum: int = 0) -> int | None:
        """Return the whole number of *name*, or None where it is absent or empty."""
        value = self.optional(name)
        if value is None:
            return None
        if not value.isascii() or not value.isdigit() or int(value) < minimum:
            self._faults.append(f"{name} is {value!r}: give a whole number of at least {minimum}")
            return None
        return int(value)

    def optional_decimal(self, name: str) -> Decimal | None:
        """Return the number of *name*, not below 0, or None where it is absent or empty."""
        value = self.optional(name)
        if value is None:
            return None
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or number < 0:
            self._faults.append(f"{name} is {value!r}: give a number of at least 0")
            return None
        return number

    def parsed(self, name: str, read: Callable[[str | None], _Read]) -> _Read | None:
        """Return what *read* makes of the text of *name*, None where it is absent or empty; it may raise ValueError."""
        try:
            return read(self.optional(name))
        except ValueError as error:
            self._faults.append(f"{name} cannot be read: {error}")
            return None

    def words(self, name: str) -> tuple[str, ...]:
        """Return the words of *name*, separated by spaces; none where it is absent."""
        return tuple(self._values.get(name, "").split())

    def check(self) -> None:
        """
        Raise if any setting read so far was missing or wrong.

        Raises:
            MissingSettingError: Names every one of them.
        """
        if self._faults:
            raise MissingSettingError("; ".join(self._faults))
