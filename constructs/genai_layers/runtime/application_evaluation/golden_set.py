"""A golden set: what is asked, where the answer stands, and what it must say."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_CASES = 400
"""More would not be asked within the fifteen minutes that a function has."""

_TEXTS = ("question", "tenant")
_LISTS = ("sources", "not_sources", "must_say", "must_not_say")
_KNOWN = (*_TEXTS, *_LISTS, "should_refuse")


class GoldenSetError(ValueError):
    """The golden set is not the one that was meant, or cannot be asked; every fault is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """
    One question.

    Attributes:
        question: What is asked.
        sources: Ends of the addresses of documents that hold the answer.
        not_sources: Ends of the addresses of documents that whoever asks must not find.
        must_say: Texts that the answer must hold, in any case of letters.
        must_not_say: Texts that it must not hold.
        should_refuse: Whether the right answer is none.
        tenant: Tenant of whoever asks; None where there are no tenants.
    """

    question: str
    sources: tuple[str, ...] = ()
    not_sources: tuple[str, ...] = ()
    must_say: tuple[str, ...] = ()
    must_not_say: tuple[str, ...] = ()
    should_refuse: bool = False
    tenant: str | None = None


def read(content: bytes, sha256: str) -> list[Case]:
    """
    Return the cases of a golden set.

    Args:
        content: The file, one JSON object a line.
        sha256: Digest that it must have, in hexadecimal: whoever can change the questions can pass any answer.

    Raises:
        GoldenSetError: It is another file, or no golden set.
    """
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise GoldenSetError(f"its SHA-256 is {found}, and {sha256} was meant: put the golden set that was deployed")
    lines = [line for line in content.decode("utf-8").splitlines() if line.strip()]
    faults: list[str] = []
    cases: list[Case] = []
    for number, line in enumerate(lines, start=1):
        try:
            cases.append(_case(json.loads(line)))
        except ValueError as error:
            faults.append(f"line {number}: {error}")
    if not 1 <= len(lines) <= MOST_CASES:
        faults.append(f"the golden set has {len(lines)} cases, allowed are 1 to {MOST_CASES}")
    if faults:
        raise GoldenSetError("; ".join(faults))
    return cases


def _case(given: Any) -> Case:
    if not isinstance(given, dict) or not given.get("question"):
        raise ValueError("it has no 'question': give what is asked")
    if unknown := sorted(set(given) - set(_KNOWN)):
        raise ValueError(f"{unknown[0]!r} is not known: choose from {', '.join(sorted(_KNOWN))}")
    for name in _TEXTS:
        if name in given and not isinstance(given[name], str):
            raise ValueError(f"{name!r} is {given[name]!r}: give a text")
    for name in _LISTS:
        if name in given and not (isinstance(given[name], list) and all(_is_text(each) for each in given[name])):
            raise ValueError(f"{name!r} is {given[name]!r}: give a list of texts")
    refuses = given.get("should_refuse", False)
    if not isinstance(refuses, bool):
        raise ValueError(f"'should_refuse' is {refuses!r}: give true or false")
    if refuses and (given.get("sources") or given.get("must_say")):
        raise ValueError("it should be refused and yet has an answer: leave 'sources' and 'must_say' out")
    if not refuses and not given.get("sources"):
        raise ValueError("it has no 'sources': name a document that holds the answer, or say 'should_refuse'")
    return Case(
        question=given["question"],
        should_refuse=refuses,
        tenant=given.get("tenant"),
        **_lists(given),
    )


def _lists(given: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(given.get(name, ())) for name in _LISTS}


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)
