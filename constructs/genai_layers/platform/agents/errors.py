"""What the agents raise. Every error is a ValueError and names all faults of one object."""

from genai_layers.platform.errors import PlatformError


class AgentError(PlatformError):
    """An agent, or a part that agents work with, cannot be made as asked, or would not be safe."""
