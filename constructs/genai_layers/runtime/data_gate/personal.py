"""Finding personal data and secrets by their form, with check digits where the form has them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@((?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24})\b")
_PHONE = re.compile(r"(?<![\w.+-])(?:\+\d[\d ().-]{6,18}\d|\(\d{3}\) ?\d{3}-\d{4}|\d{3}-\d{3}-\d{4})(?![\w-])")
_CARD = re.compile(r"(?<![\d.-])\d(?:[ -]?\d){12,18}(?![\d-])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_SSN = re.compile(r"(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])")
_SECRET = re.compile(
    r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"
    r"|-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----"
    r"|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"
    r"|\bgh[pousr]_[A-Za-z0-9]{36}\b"
)
# RFC 2606: nobody receives mail there, and documents use them for that reason.
_RESERVED = re.compile(r"(?:^|\.)(?:example\.(?:com|net|org)|example|invalid|localhost|test)$", re.IGNORECASE)

KINDS = ("card", "email", "iban", "national_id", "phone", "secret")
"""What is looked for."""


def kinds(text: str) -> frozenset[str]:
    """
    Return the kinds of personal data in *text*.

    A form is no proof: numbers without check digits can be something else, and names and addresses have no form
    at all. It finds what would embarrass most, cheaply, in every record.

    Args:
        text: Text of a record.
    """
    return frozenset(_found(text))


def _found(text: str) -> Iterator[str]:
    if "@" in text and any(not _RESERVED.search(match[1]) for match in _EMAIL.finditer(text)):
        yield "email"
    if _SECRET.search(text):
        yield "secret"
    if not any(character.isdigit() for character in text):
        return
    for kind, pattern, holds in _NUMBERS:
        if any(holds(match[0]) for match in pattern.finditer(text)):
            yield kind


def _digits(text: str) -> list[int]:
    return [int(character) for character in text if character.isdigit()]


def _is_phone(text: str) -> bool:
    # ITU-T E.164: at most 15 digits.
    return 8 <= len(_digits(text)) <= 15


def _is_card(text: str) -> bool:
    digits = _digits(text)
    doubled = [digit if index % 2 == 0 else sum(divmod(2 * digit, 10)) for index, digit in enumerate(reversed(digits))]
    return len(set(digits)) > 1 and sum(doubled) % 10 == 0


def _is_iban(text: str) -> bool:
    plain = text.replace(" ", "")
    turned = plain[4:] + plain[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def _always(_: str) -> bool:
    return True


_NUMBERS: tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("card", _CARD, _is_card),
    ("iban", _IBAN, _is_iban),
    ("national_id", _SSN, _always),
    ("phone", _PHONE, _is_phone),
)
