"""What the settings room raises; apart from the models so that nobody imports in a circle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """
    One thing wrong with a setting.

    Attributes:
        path: Dotted path of the setting, `inference.instance_types.0`.
        message: What is wrong, the value given, what is allowed, what to change.
    """

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class SettingsError(ValueError):
    """
    The settings of an environment cannot be used; holds every fault, not the first.

    Attributes:
        source: The file, or what else the settings came from.
        faults: At least one, in the order of the file.
    """

    def __init__(self, source: str, faults: Sequence[Fault]) -> None:
        self.source = source
        self.faults = tuple(faults)
        count = f"{len(faults)} fault" + ("s" if len(faults) != 1 else "")
        super().__init__("\n".join([f"{source} has {count}:", *(f"  - {fault}" for fault in faults)]))
