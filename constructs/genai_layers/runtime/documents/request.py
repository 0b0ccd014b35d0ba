"""Reads the request for an upload and tells everything that is wrong with it at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..chat.errors import BadRequestError
from .model import KINDS

MOST_NAME_CHARACTERS = 100
_FIELDS = ("name", "sha256", "size", "type")
_PUNCTUATION = frozenset(" ._-()+,&'")
_SHA256 = re.compile(r"[0-9a-f]{64}")
DOCUMENT_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """
    What is to be uploaded.

    Attributes:
        name: Name of the document.
        size: Bytes.
        kind: One of `KINDS`.
        sha256: Hash of the content, in hex; None where the caller did not say.
    """

    name: str
    size: int
    kind: str
    sha256: str | None


def read(value: Mapping[str, Any], *, most_bytes: int) -> Wanted:
    """
    Return what the body of `POST /documents` asks for.

    Args:
        value: The body.
        most_bytes: Bytes of the largest document.

    Raises:
        BadRequestError: Names every fault.
    """
    faults = [
        f"{name!r} is not a field of an upload: allowed are 'name', 'sha256', 'size' and 'type'"
        for name in sorted(set(value) - set(_FIELDS))
    ]
    name = value.get("name")
    name = unicodedata.normalize("NFC", name).strip() if isinstance(name, str) else ""
    faults += _name_faults(name)
    end = name.rpartition(".")[2].lower()
    kind = next((each for each, one in KINDS.items() if end in one.ends), None)
    if kind is None:
        faults.append(f"'name' has no end that is taken: allowed are {', '.join(f'.{each}' for each in KINDS)}")
    elif value.get("type") != KINDS[kind].media_type:
        faults.append(f"'type' must be {KINDS[kind].media_type!r} for this name")
    size = value.get("size")
    if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= most_bytes:
        size = 0
        faults.append(f"'size' must be a whole number of bytes, 1 to {most_bytes}")
    sha256 = value.get("sha256")
    if sha256 is not None and not (isinstance(sha256, str) and _SHA256.fullmatch(sha256)):
        faults.append("'sha256' must be the hash of the content, 64 digits in hex, or be left out")
    if faults or kind is None:
        raise BadRequestError(faults)
    return Wanted(name=name, size=size, kind=kind, sha256=sha256)


def _name_faults(name: str) -> list[str]:
    if not name:
        return ["'name' is missing: give the name of the file"]
    faults = []
    if len(name) > MOST_NAME_CHARACTERS:
        faults.append(f"'name' has {len(name)} characters, at most {MOST_NAME_CHARACTERS} are allowed")
    if not all(_is_plain(character) for character in name):
        faults.append("'name' holds other characters than letters, digits, spaces and ._-()+,&'")
    if name.startswith((".", "-", " ")) or ".." in name:
        faults.append("'name' begins with a dot or a dash, or holds two dots: give the plain name of a file")
    return faults


def _is_plain(character: str) -> bool:
    return character in _PUNCTUATION or unicodedata.category(character)[0] in "LN"
