"""What a monitor raises; every error names all faults of one object."""

from genai_layers.platform.errors import PlatformError


class MonitorError(PlatformError):
    """An endpoint cannot be watched as asked."""
