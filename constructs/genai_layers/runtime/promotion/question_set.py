"""A test set: what is asked, and what an answer must be whoever judges it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_RECORDS = 500
"""More would not be asked within the fifteen minutes that a function has."""

_TEXTS = ("equals", "matches")
_LISTS = ("contains", "lacks")
_KNOWN = {"input", "reference", *_TEXTS, *_LISTS}


class QuestionSetError(ValueError):
    """The test set is not the one that was meant, or cannot be asked; every fault is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """
    One question.

    Attributes:
        input: What is sent: variables of a prompt, or the document that a flow begins with.
        reference: A good answer, for whoever judges.
        checks: What the answer must be, by the kind of check.
    """

    input: Any
    reference: str
    checks: Mapping[str, Any]

    def faults(self, answer: str) -> list[str]:
        """
        Return what is wrong with an answer.

        Args:
            answer: The answer.
        """
        faults = []
        wanted = self.checks.get("equals")
        if wanted is not None and answer.strip() != wanted:
            faults.append(f"is not {wanted!r}")
        pattern = self.checks.get("matches")
        if pattern is not None and not re.search(pattern, answer):
            faults.append(f"does not match {pattern!r}")
        faults += [f"lacks {text!r}" for text in self.checks.get("contains", ()) if text not in answer]
        faults += [f"holds {text!r}" for text in self.checks.get("lacks", ()) if text in answer]
        return faults


def read(content: bytes, sha256: str) -> list[Record]:
    """
    Return the records of a test set.

    Args:
        content: The file, one JSON object a line.
        sha256: Digest that it must have, in hexadecimal: whoever can change the questions can pass any answer.

    Raises:
        QuestionSetError: It is another file, or no test set.
    """
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise QuestionSetError(f"its SHA-256 is {found}, and {sha256} was meant: put the test set that was reviewed")
    lines = [line for line in content.decode("utf-8").splitlines() if line.strip()]
    faults: list[str] = []
    records: list[Record] = []
    for number, line in enumerate(lines, start=1):
        try:
            records.append(_record(json.loads(line)))
        except ValueError as error:
            faults.append(f"line {number}: {error}")
    if not 1 <= len(lines) <= MOST_RECORDS:
        faults.append(f"the test set has {len(lines)} records, allowed are 1 to {MOST_RECORDS}")
    if faults:
        raise QuestionSetError("; ".join(faults))
    return records


def _record(given: Any) -> Record:
    if not isinstance(given, dict) or "input" not in given:
        raise ValueError("it has no 'input': give what is asked")
    unknown = sorted(set(given) - _KNOWN)
    if unknown:
        raise ValueError(f"{unknown[0]!r} is not known: choose from {', '.join(sorted(_KNOWN))}")
    for name in (*_TEXTS, "reference"):
        if name in given and not isinstance(given[name], str):
            raise ValueError(f"{name!r} is {given[name]!r}: give a text")
    for name in _LISTS:
        if name in given and not (isinstance(given[name], list) and all(isinstance(each, str) for each in given[name])):
            raise ValueError(f"{name!r} is {given[name]!r}: give a list of texts")
    try:
        re.compile(given.get("matches", ""))
    except re.error as error:
        raise ValueError(f"'matches' is no regular expression: {error}") from None
    checks = {name: given[name] for name in (*_TEXTS, *_LISTS) if name in given}
    return Record(input=given["input"], reference=given.get("reference", ""), checks=checks)
