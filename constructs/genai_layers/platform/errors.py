"""What the platform raises. Every error is a ValueError and names all faults of one object."""

from collections.abc import Sequence


class PlatformError(ValueError):
    """
    A part of the platform was asked for something that the service would refuse.

    Attributes:
        faults: One sentence each: what is wrong, the value given, what is allowed, what to change.
    """

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(faults))


class ModelError(PlatformError):
    """A model is named in a way that no request could use."""


class GuardrailError(PlatformError):
    """A guardrail's policies break the limits of the service, or protect nothing."""


class KnowledgeBaseError(PlatformError):
    """A knowledge base, its store or its data source cannot be made as asked."""


class LoggingError(PlatformError):
    """Invocation logging was asked for with settings that contradict one another."""
