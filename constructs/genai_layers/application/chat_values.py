"""Values that a chat is asked for with."""

from __future__ import annotations

from dataclasses import dataclass

TENANT_GROUP_PREFIX = "tenant:"
"""Groups of the user directory so named put their users into a tenant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenBudget:
    """
    Tokens of a day, read and written, in UTC.

    Attributes:
        per_user: Tokens of one user. Default: 200,000, some hundred answers; None sets no limit.
        per_tenant: Tokens of all users of a tenant together. Default: no limit.
    """

    per_user: int | None = 200_000
    per_tenant: int | None = None

    def faults(self) -> list[str]:
        """Return what is wrong with the budget."""
        return [
            f"{name} is {value}: give at least 1 token, or None for no limit"
            for name, value in (("per_user", self.per_user), ("per_tenant", self.per_tenant))
            if value is not None and value < 1
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieval:
    """
    What the model is given of the documents.

    Attributes:
        passages: Passages for one question, 1 to 20. Default: 5.
        is_inspected: Whether the guardrail judges passages as it judges questions. Default: no, since the
            documents are yours and each inspection is billed; say yes where strangers write them.
        has_tenants: Whether a user finds the documents of their own tenant alone. A document belongs to the
            tenant that its metadata attribute `tenant` names, a user to that of the group `tenant:<name>`.
            Default: no, everyone finds every document.
    """

    passages: int = 5
    is_inspected: bool = False
    has_tenants: bool = False

    def faults(self) -> list[str]:
        """Return what is wrong with the retrieval."""
        return [] if 1 <= self.passages <= 20 else [f"passages is {self.passages}: give 1 to 20"]
