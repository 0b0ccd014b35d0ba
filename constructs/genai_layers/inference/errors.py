"""
Errors of the inference room.

    InferenceError (ValueError)
    ├── FleetError
    ├── AttestationError
    ├── BootError
    └── ClusterError

Each message says what was given, what is allowed and what to change; all faults of one object come together.
"""

from __future__ import annotations

from collections.abc import Sequence


class InferenceError(ValueError):
    """
    Something about serving a model is asked for in a way that cannot be met.
    """


class FleetError(InferenceError):
    """
    A fleet's props contradict each other, the catalog, or the model's need.

    Attributes:
        faults: Everything that is wrong, one sentence each.
    """

    def __init__(self, path: str, faults: Sequence[str]) -> None:
        listed = "".join(f"\n  - {fault}" for fault in faults)
        super().__init__(f"fleet {path!r} cannot be built:{listed}")
        self.faults = tuple(faults)


class AttestationError(InferenceError):
    """
    A key would open to nobody, or to anybody.

    Attributes:
        faults: Everything that is wrong, one sentence each.
    """

    def __init__(self, path: str, faults: Sequence[str]) -> None:
        listed = "".join(f"\n  - {fault}" for fault in faults)
        super().__init__(f"attested key {path!r} cannot be made:{listed}")
        self.faults = tuple(faults)


class BootError(InferenceError):
    """
    A value cannot be written into a boot file without changing its meaning.
    """


class ClusterError(InferenceError):
    """
    A cluster cannot be built with what it is given.

    Attributes:
        faults: Everything that is wrong, one sentence each.
    """

    def __init__(self, path: str, faults: Sequence[str]) -> None:
        listed = "".join(f"\n  - {fault}" for fault in faults)
        super().__init__(f"cluster {path!r} cannot be built:{listed}")
        self.faults = tuple(faults)
