"""What the rules found."""

from dataclasses import dataclass

from genai_layers.compliance.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """
    One resource that breaks one rule.

    Attributes:
        rule: The rule.
        logical_id: Name of the resource within its template.
        resource_type: CloudFormation type of the resource.
    """

    rule: Rule
    logical_id: str
    resource_type: str

    def __str__(self) -> str:
        """Return the finding as one line: what, where, and what to change."""
        return (
            f"{self.rule.id} {self.logical_id} ({self.resource_type}) {self.rule.location}: "
            f"{self.rule.title}: {self.rule.fix}"
        )
