"""What fine-tuning raises. Every error is a ValueError and names all faults of one object."""

from genai_layers.jobs.errors import JobError


class FineTuningError(JobError):
    """A fine-tuning was asked for that SageMaker would refuse, or that could not be trusted."""


class TrainingDataError(JobError):
    """A bucket of training data would let the wrong people write, or lose what it must keep."""
