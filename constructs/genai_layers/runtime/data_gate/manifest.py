"""The approval of a data set: which files, with which contents, by whom."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from .check import HELD_OUT, TRAIN

NAME = "approved.json"
_DIGEST = re.compile(r"[0-9a-f]{64}")


class ManifestError(ValueError):
    """The approval cannot be read, or is not where approvals are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """
    What somebody approved.

    Attributes:
        folder: Folder of the data set in the bucket, with a closing slash.
        files: SHA-256 by file, below the folder: `train/a.jsonl`.
    """

    folder: str
    files: Mapping[str, str]

    @property
    def in_order(self) -> tuple[tuple[str, str], ...]:
        """Part and file, train files first."""
        return tuple((part, file) for part in (TRAIN, HELD_OUT) for file in sorted(self.files) if _part(file) == part)

    @classmethod
    def parse(cls, key: str, text: bytes, prefix: str) -> Manifest:
        """
        Read an approval.

        Args:
            key: Its key, `incoming/<data set>/approved.json`.
            text: Its content: `{"files": {"train/a.jsonl": "<sha256>", ...}}`; other names are for people.
            prefix: Folder of all data sets that are offered, with a closing slash.

        Raises:
            ManifestError: It says something else.
        """
        if not key.startswith(prefix) or not key.endswith(f"/{NAME}") or ".." in key:
            raise ManifestError(f"manifest {key!r} is no approval: name {prefix}<data set>/{NAME}")
        try:
            content = json.loads(text)
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise ManifestError(f"{key} is no JSON: {error}") from error
        files = content.get("files") if isinstance(content, dict) else None
        if not isinstance(files, dict) or not files:
            raise ManifestError(f"{key} names no files")
        faults = [
            f"{name!r} must be train/<name>.jsonl or held_out/<name>.jsonl with a SHA-256 in small hex"
            for name, digest in files.items()
            if _part(name) is None or not isinstance(digest, str) or not _DIGEST.fullmatch(digest)
        ]
        if faults:
            raise ManifestError(f"{key}: {'; '.join(faults)}")
        return cls(folder=key.removesuffix(NAME), files=files)


def _part(name: str) -> str | None:
    match = re.fullmatch(rf"({TRAIN}|{HELD_OUT})/[\w][\w.-]*\.jsonl", name)
    return match[1] if match else None
