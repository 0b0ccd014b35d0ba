"""What the SageMaker part raises; every error names all faults of one object."""

from genai_layers.platform.errors import PlatformError


class EndpointError(PlatformError):
    """An endpoint, a model on it or its scaling cannot be made as asked."""


class JumpStartError(PlatformError):
    """A pre-trained model cannot be taken as asked: licence, version, region or type."""


class TransformError(PlatformError):
    """A batch transform cannot be made as asked."""
