"""What flows raise. Every error is a ValueError and names all faults of one object."""

from genai_layers.platform.errors import PlatformError


class FlowError(PlatformError):
    """A flow cannot be read, or the service would refuse it."""
