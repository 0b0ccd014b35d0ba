"""What the operations raise. Every error is a ValueError and names all faults of one object."""

from __future__ import annotations

from collections.abc import Sequence


class OperationsError(ValueError):
    """A part of the operations was asked for something that it cannot be."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(faults))


class MonitoringError(OperationsError):
    """Monitoring was asked for an alarm that it does not have, or for the same part twice."""


class BudgetError(OperationsError):
    """A budget was asked for that nothing could be measured against."""


class IdleCheckError(OperationsError):
    """A check for idle endpoints was asked for that could not look, or that would act without a reason."""
