"""Who accepted the licence of a model, and when."""

import re
from dataclasses import dataclass
from datetime import date

_PERSON = re.compile(r"\S.*\S")


@dataclass(frozen=True, slots=True, kw_only=True)
class EulaAcceptance:
    """
    A written acceptance of the licence of a model.

    It lands in the tags of the model, so that an audit finds it beside what it allows.

    Attributes:
        accepted_by: Person or body that accepted, such as an e-mail address.
        accepted_on: Day of the acceptance, ISO date.

    Example:
        EulaAcceptance(accepted_by="legal@example.com", accepted_on="2026-11-25")
    """

    accepted_by: str
    accepted_on: str

    def faults(self) -> list[str]:
        """Return why nobody could rely on it."""
        found = []
        if not _PERSON.fullmatch(self.accepted_by):
            found.append(f"eula accepted_by is {self.accepted_by!r}: name the person or the body that accepted")
        try:
            date.fromisoformat(self.accepted_on)
        except ValueError:
            found.append(f"eula accepted_on is {self.accepted_on!r}: give the day as 2026-11-25")
        return found

    @property
    def tags(self) -> dict[str, str]:
        """Tags that carry it."""
        return {"genai-layers:eula-accepted-by": self.accepted_by, "genai-layers:eula-accepted-on": self.accepted_on}
