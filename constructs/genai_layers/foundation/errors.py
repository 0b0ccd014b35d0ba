"""What the foundation raises. Every error is a ValueError and names all faults of one object."""

from collections.abc import Sequence


class FoundationError(ValueError):
    """A part of the foundation was asked for something that it cannot be."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(faults))


class AccessError(FoundationError):
    """The roles for people were asked for with settings that would not protect them."""


class AuditError(FoundationError):
    """The audit trail was asked for something that it does not record."""


class HandlerError(FoundationError):
    """A function names a folder that holds no handler."""


class NetworkError(FoundationError):
    """A network was asked for that cannot be laid out."""


class StorageError(FoundationError):
    """A bucket, log group or key was asked for with settings that contradict one another."""
