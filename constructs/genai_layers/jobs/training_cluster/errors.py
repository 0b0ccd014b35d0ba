"""What a cluster raises. Every error is a ValueError and names all faults of one object."""

from genai_layers.jobs.errors import JobError


class TrainingClusterError(JobError):
    """A cluster was asked for that HyperPod would refuse, or on which nothing could be trained."""
