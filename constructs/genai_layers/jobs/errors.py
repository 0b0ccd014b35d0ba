"""What the jobs raise. Every error is a ValueError and names all faults of one object."""

from collections.abc import Sequence


class JobError(ValueError):
    """
    A job was asked for with settings that could not work.

    Attributes:
        faults: One sentence each: what is wrong, the value given, what is allowed, what to change.
    """

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(faults))


class IngestionError(JobError):
    """An ingestion would start too often, never, or stop before it can end."""
