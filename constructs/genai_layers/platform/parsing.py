"""How documents are read before they are cut."""

from collections.abc import Sequence
from typing import Protocol

from aws_cdk import Stack
from aws_cdk import aws_iam as iam


class Parsing(Protocol):
    """A way to read documents that are more than text."""

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        ...

    def render(self, stack: Stack) -> dict[str, object]:
        """Return the settings as CloudFormation wants them."""
        ...

    def statements(self, stack: Stack) -> Sequence[iam.PolicyStatement]:
        """Return what the role of the knowledge base must be allowed."""
        ...
