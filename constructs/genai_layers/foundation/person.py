"""A kind of person who works with the app, and what comes with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam

Statements = Callable[[Stack, Mapping[str, str]], Sequence[iam.PolicyStatement]]
"""Makes the statements of a person for a stack, given the tags of what the person may act on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """
    What one kind of person may do, and for how long at a time.

    Attributes:
        purpose: What the role is for; its description in the console.
        session_hours: Longest session.
        statements: Makes the statements of the role.
        accepted: Findings about those statements that are accepted.
        reason: Why they are.
    """

    purpose: str
    session_hours: int
    statements: Statements
    accepted: Sequence[str]
    reason: str

    @property
    def session(self) -> Duration:
        """Longest session."""
        return Duration.hours(self.session_hours)
