"""Digests that say, years later, what a model was made of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_LONGEST_LINE = 8 << 20
"""Bytes after which a line is handed on as it stands: it is no record, and must not fill the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredObject:
    """
    One object of a bucket, by what identifies its content.

    Attributes:
        key: Its key.
        size_bytes: Its size.
        etag: Its entity tag, which changes with its content.
    """

    key: str
    size_bytes: int
    etag: str


def of_files(files: Mapping[str, str]) -> str:
    """
    Return the SHA-256 of a data set.

    Args:
        files: SHA-256 by file; the order plays no part.
    """
    return _digest(f"{files[name]}  {name}" for name in sorted(files))


def of_objects(objects: Iterable[StoredObject], prefix: str) -> str:
    """
    Return the SHA-256 of a listing: of names below *prefix*, sizes and entity tags.

    Weights are too large to be read here. Their entity tag is S3's own digest of what was written.

    Args:
        objects: What lies there.
        prefix: Left out of the names, so that a copy elsewhere has the same digest.
    """
    return _digest(
        f"{each.etag}  {each.size_bytes}  {each.key.removeprefix(prefix)}"
        for each in sorted(objects, key=lambda item: item.key)
    )


class Hashed:
    """
    Lines that are hashed as they pass, so that what was checked is what was hashed.

    Args:
        chunks: Content of a file.
    """

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks
        self._hash = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        rest = b""
        for chunk in self._chunks:
            self._hash.update(chunk)
            *lines, rest = (rest + chunk).split(b"\n")
            yield from lines
            if len(rest) > _LONGEST_LINE:
                yield rest
                rest = b""
        if rest:
            yield rest

    @property
    def sha256(self) -> str:
        """Digest of what has passed so far."""
        return self._hash.hexdigest()


def _digest(lines: Iterable[str]) -> str:
    whole = hashlib.sha256()
    for line in lines:
        whole.update(f"{line}\n".encode())
    return whole.hexdigest()
