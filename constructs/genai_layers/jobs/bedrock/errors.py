"""What the Bedrock jobs raise. Every error is a ValueError and names all faults of one object."""

from genai_layers.jobs.errors import JobError


class BedrockJobError(JobError):
    """A Bedrock job was asked for that the service would refuse, or that could never end well."""
