"""What people have to say about a model; the rest of its card is written by the run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

_LONGEST = 400


class Risk(StrEnum):
    """Rating of the risk, in the words of SageMaker's card."""

    LOW = "Low"
    MEDIUM = "Medium"
    HIGH = "High"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCardFacts:
    """
    The part of a model card that no program can know.

    Attributes:
        creator: Team that answers for the model.
        purpose: What it is for.
        uses: What it may be used for, and what not.
        limits: What makes it worse, and what to beware of.
        risk: Rating of the risk.
        risk_reason: Why that rating.
    """

    creator: str
    purpose: str
    uses: str
    limits: str
    risk: Risk
    risk_reason: str

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with its own values."""
        texts = self._texts()
        faults = [f"card {name} is empty: an auditor reads it" for name, text in texts.items() if not text.strip()]
        faults += [
            f"card {name} has {len(text)} characters, at most {_LONGEST} fit the environment of the gate"
            for name, text in texts.items()
            if len(text) > _LONGEST
        ]
        return tuple(faults)

    def told(self) -> Mapping[str, str]:
        """Return what the gate is told, as JSON."""
        return {"CARD": json.dumps(self._texts())}

    def _texts(self) -> dict[str, str]:
        return {
            "creator": self.creator,
            "purpose": self.purpose,
            "uses": self.uses,
            "limits": self.limits,
            "risk": str(self.risk),
            "risk_reason": self.risk_reason,
        }
