"""Opens a ZIP file and takes nothing of it on trust: neither its names nor its sizes."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from pathlib import PurePosixPath

from .refusal import Reason, RefusedError

MOST_FILES = 2_000
MOST_BYTES = 100 * 1024 * 1024
"""Of all files together, unpacked."""
MOST_RATIO = 150
"""Unpacked bytes for one packed, of files above `_SMALL`; text packs to a tenth, tables of zeros to a hundredth."""
_SMALL = 1024 * 1024
_END = b"PK\x05\x06"
_END_BYTES = 22


def opened(content: bytes) -> dict[str, bytes]:
    """
    Return the files in a ZIP file, by name.

    Raises:
        RefusedError: It is damaged or encrypted, unpacks to too much, or has names that lead elsewhere.
    """
    if content[-_END_BYTES : -_END_BYTES + 4] != _END:
        raise RefusedError(Reason.DAMAGED, "something follows the end of the document")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _files(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
        raise RefusedError(Reason.DAMAGED, "the document is damaged") from None


def _files(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > MOST_FILES:
        raise RefusedError(Reason.BOMB, f"the document has more than {MOST_FILES} parts")
    files: dict[str, bytes] = {}
    seen: set[str] = set()
    left = MOST_BYTES
    for entry in entries:
        name = entry.orig_filename
        if _leads_elsewhere(name) or stat.S_ISLNK(entry.external_attr >> 16):
            raise RefusedError(Reason.PATH, "a part of the document has a name that leads elsewhere")
        if name.casefold() in seen:
            raise RefusedError(Reason.PATH, "two parts of the document have one name")
        seen.add(name.casefold())
        if entry.flag_bits & 0x1:
            raise RefusedError(Reason.ENCRYPTED, "the document is encrypted: upload it without a password")
        if entry.is_dir():
            continue
        with archive.open(entry) as part:
            # The size that the file tells may be a lie, so no more is unpacked than may be.
            files[name] = part.read(left + 1)
        unpacked = len(files[name])
        left -= unpacked
        if left < 0 or (unpacked > _SMALL and unpacked > MOST_RATIO * max(1, entry.compress_size)):
            raise RefusedError(Reason.BOMB, "the document unpacks to far more than it is")
    return files


def _leads_elsewhere(name: str) -> bool:
    path = PurePosixPath(name)
    return (
        not name
        or path.is_absolute()
        or ".." in path.parts
        or "\\" in name
        or ":" in name
        or any(character < " " for character in name)
    )
