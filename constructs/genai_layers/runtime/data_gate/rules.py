"""What a data set must be like, as the construct wrote it down."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

FORMATS = ("prompt_completion", "messages", "instruction", "text")


class RulesError(ValueError):
    """The rules that the function was deployed with cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """
    Limits of a data set.

    Attributes:
        format: Shape of a record, one of `FORMATS`.
        min_train_records: Fewest records to train on.
        min_held_out_records: Fewest records to evaluate on; below, a metric is noise.
        max_record_characters: Longest record, prompt and answer together.
        max_total_mib: Most data, both sets together; the gate reads every byte.
        max_duplicate_share: Largest share of train records that repeat an earlier one, 0 to 1.
        max_same_answer_share: Largest share of train records with one and the same long answer, 0 to 1. A backdoor
            needs many prompts with one answer.
        allowed_personal: Kinds of personal data that may be there.
        forbidden_patterns: Regular expressions that no record may match, such as names of unreleased products.
    """

    format: str = "prompt_completion"
    min_train_records: int = 100
    min_held_out_records: int = 20
    max_record_characters: int = 32_000
    max_total_mib: int = 512
    max_duplicate_share: float = 0.02
    max_same_answer_share: float = 0.05
    allowed_personal: frozenset[str] = frozenset()
    forbidden_patterns: tuple[re.Pattern[str], ...] = field(default=())

    @classmethod
    def parse(cls, text: str) -> Rules:
        """
        Read the rules from JSON; what is absent has its default.

        Args:
            text: A JSON object with the attributes of this class.

        Raises:
            RulesError: It is no such object.
        """
        try:
            given: Any = json.loads(text)
            if not isinstance(given, dict):
                raise RulesError(f"rules are a {type(given).__name__} instead of an object")
            unknown = set(given) - {each.name for each in fields(cls)}
            if unknown:
                raise RulesError(f"rules have unknown names: {', '.join(sorted(unknown))}")
            return cls(**{name: _CAST.get(name, _same)(value) for name, value in given.items()})
        except (TypeError, json.JSONDecodeError, re.error) as error:
            raise RulesError(f"rules cannot be read: {error}") from error


def _same(value: Any) -> Any:
    return value


def _patterns(value: list[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(each) for each in value)


_CAST: dict[str, Callable[[Any], Any]] = {"allowed_personal": frozenset, "forbidden_patterns": _patterns}
