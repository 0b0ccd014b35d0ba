"""Finds what opens doors in code and takes it out, on the way to a model and on the way back."""

from __future__ import annotations

import re

MASK = "(secret removed)"

_NAMES = r"(?:pass(?:word|wd|phrase)?|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)"

_WHOLE = re.compile(
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\Z)"
    r"|\beyJ[\w-]{10,1000}\.eyJ[\w-]{10,4000}\.[\w-]{10,1000}"
    r"|\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{30,}|\bglpat-[\w-]{20,}"
    r"|\bxox[abeprs]-[A-Za-z0-9-]{10,}"
    r"|\bsk-[A-Za-z0-9_-]{20,}"
    r"|\bAIza[\w-]{35}"
    r"|\bnpm_[A-Za-z0-9]{30,}|\bpypi-[\w-]{30,}",
    re.DOTALL,
)
"""Kinds of key that are known by how they begin."""

# Every repetition has a bound, so that no text takes long to look through.
_ASSIGNED = re.compile(
    rf"(?P<before>{_NAMES}[\w.\]'\"-]{{0,40}}\s{{0,8}}(?::=|=>|[:=])\s{{0,8}})"
    r"(?P<quote>[\"'`])(?P<value>[^\"'`\n]{6,1000})(?P=quote)",
    re.IGNORECASE,
)
"""A text that is given to something called a password, a token or a key."""

_PLAIN = re.compile(
    rf"(?P<before>^[ \t]{{0,40}}(?:export[ \t])?[\w.-]{{0,40}}{_NAMES}[\w.-]{{0,40}}[ \t]{{0,8}}[:=][ \t]{{0,8}})"
    r"(?P<value>[A-Za-z0-9/+_.!@#$%^&*=-]{12,1000})(?=[ \t\r]{0,40}$)",
    re.IGNORECASE | re.MULTILINE,
)
"""The same without quotation marks, as settings files have it."""

_IN_ADDRESS = re.compile(
    r"(?P<before>\b[a-z][a-z0-9+.-]{0,20}://[^\s:/@]{1,128}:)(?P<value>[^\s@/]{3,256})(?=@)", re.IGNORECASE
)
"""A password in an address."""


def masked(text: str) -> tuple[str, int]:
    """
    Return *text* without credentials, and how many there were.

    Example:
        >>> masked('db = connect(password="correct horse")')
        ('db = connect(password="(secret removed)")', 1)
    """
    text, whole = _WHOLE.subn(MASK, text)
    found = whole
    for pattern in (_ASSIGNED, _PLAIN, _IN_ADDRESS):
        text, count = pattern.subn(_instead, text)
        found += count
    return text, found


def without(text: str) -> str:
    """Return *text* without credentials."""
    return masked(text)[0]


def _instead(match: re.Match[str]) -> str:
    if match["value"] == MASK:
        return match[0]
    quote = match.groupdict().get("quote") or ""
    return f"{match['before']}{quote}{MASK}{quote}"
