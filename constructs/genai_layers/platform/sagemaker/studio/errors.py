"""What Studio raises; every error names all faults of one object."""

from genai_layers.platform.errors import PlatformError


class StudioError(PlatformError):
    """A domain or a group of people cannot be made as asked."""
