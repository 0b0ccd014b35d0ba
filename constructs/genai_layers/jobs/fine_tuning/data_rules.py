"""What a data set must be like, checked here and handed to the gate."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from genai_layers.foundation.nag import MINIMUM_REASON, says_why
from genai_layers.runtime.data_gate.personal import KINDS


class DataFormat(StrEnum):
    """Shape of a line of JSONL."""

    PROMPT_COMPLETION = "prompt_completion"
    """`{"prompt": ..., "completion": ...}`"""

    MESSAGES = "messages"
    """`{"messages": [{"role": "user", "content": ...}, {"role": "assistant", "content": ...}]}`"""

    INSTRUCTION = "instruction"
    """`{"instruction": ..., "input": ..., "output": ...}`; `input` may be absent."""

    TEXT = "text"
    """`{"text": ...}`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRules:
    """
    Limits of a data set. What is malformed, leaks, hides characters or drops the rules stops always.

    Attributes:
        format: Shape of a record.
        min_train_records: Fewest records to train on. Fewer than a hundred teach a model to repeat them.
        min_held_out_records: Fewest records to evaluate on; below, a metric is noise.
        max_record_characters: Longest record; what the context does not hold is cut silently by trainers.
        max_total_mib: Most data; the gate reads all of it within the 15 minutes of a function.
        max_duplicate_share: Largest share of train records that repeat an earlier one, 0 to 1.
        max_same_answer_share: Largest share of train records with one and the same long answer, 0 to 1.
        allowed_personal: Kinds of personal data that may be there, and why: `card`, `email`, `iban`, `national_id`,
            `phone`, `secret`.
        forbidden_patterns: Regular expressions that no record may match.

    Example:
        DataRules(format=DataFormat.MESSAGES, allowed_personal={"email": "drafts letters; consent is on file, DPIA 12"})
    """

    format: DataFormat = DataFormat.PROMPT_COMPLETION
    min_train_records: int = 100
    min_held_out_records: int = 20
    max_record_characters: int = 32_000
    max_total_mib: int = 512
    max_duplicate_share: float = 0.02
    max_same_answer_share: float = 0.05
    allowed_personal: Mapping[str, str] = field(default_factory=dict)
    forbidden_patterns: Sequence[str] = ()

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with its own values."""
        faults = [
            f"{name} is {value}: choose {least} to {most}"
            for name, value, least, most in (
                ("min_train_records", self.min_train_records, 1, 10_000_000),
                ("min_held_out_records", self.min_held_out_records, 1, 1_000_000),
                ("max_record_characters", self.max_record_characters, 1, 1_000_000),
                ("max_total_mib", self.max_total_mib, 1, 2048),
                ("max_duplicate_share", self.max_duplicate_share, 0, 1),
                ("max_same_answer_share", self.max_same_answer_share, 0, 1),
            )
            if not least <= value <= most
        ]
        for kind, reason in self.allowed_personal.items():
            if kind not in KINDS:
                faults.append(f"allowed_personal names {kind!r}: choose from {', '.join(KINDS)}")
            elif not says_why(reason):
                faults.append(
                    f"allowed_personal of {kind!r} has the reason {reason!r}: say in at least {MINIMUM_REASON} "
                    "characters why a model may learn it"
                )
        for pattern in self.forbidden_patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                faults.append(f"forbidden_patterns has {pattern!r}, which is no regular expression: {error}")
        return tuple(faults)

    def told(self) -> Mapping[str, str]:
        """Return what the gate is told, as JSON."""
        return {
            "RULES": json.dumps(
                {
                    "format": str(self.format),
                    "min_train_records": self.min_train_records,
                    "min_held_out_records": self.min_held_out_records,
                    "max_record_characters": self.max_record_characters,
                    "max_total_mib": self.max_total_mib,
                    "max_duplicate_share": self.max_duplicate_share,
                    "max_same_answer_share": self.max_same_answer_share,
                    "allowed_personal": sorted(self.allowed_personal),
                    "forbidden_patterns": list(self.forbidden_patterns),
                }
            )
        }
