"""What a promotion raises. Every error is a ValueError and names all faults of one object."""

from genai_layers.jobs.errors import JobError


class PromotionError(JobError):
    """A promotion between accounts was asked for that could not work, or would let in whom nobody named."""
