"""The words of uploads: a document, where it lies, how far it has come."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from enum import Enum


class Progress(Enum):
    """How far an upload has come."""

    WAITING = "waiting"
    SCANNING = "scanning"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """
    A kind of document.

    Attributes:
        ends: Ends of its names, the usual one first.
        media_type: Its media type.
    """

    ends: tuple[str, ...]
    media_type: str


_WORDS = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {
    "txt": Kind(ends=("txt",), media_type="text/plain"),
    "md": Kind(ends=("md", "markdown"), media_type="text/markdown"),
    "html": Kind(ends=("html", "htm"), media_type="text/html"),
    "csv": Kind(ends=("csv",), media_type="text/csv"),
    "pdf": Kind(ends=("pdf",), media_type="application/pdf"),
    "docx": Kind(ends=("docx",), media_type=_WORDS),
    "xlsx": Kind(ends=("xlsx",), media_type=_SHEETS),
}
"""Kinds that are taken: those that a knowledge base reads and that can be looked into here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """
    An upload and what became of it.

    Attributes:
        id: Its id.
        partition: Whose it is, as the token said.
        tenant: Whose tenant it is of; None where there are none.
        name: Its name.
        kind: One of `KINDS`.
        size: Bytes.
        progress: How far it has come.
        at_ms: When it was asked for, milliseconds since 1970.
        reason: Code of why it was refused; empty where it was not.
        message: The same in words.
    """

    id: str
    partition: str
    tenant: str | None
    name: str
    kind: str
    size: int
    progress: Progress
    at_ms: int
    reason: str = ""
    message: str = ""

    @property
    def waiting_key(self) -> str:
        """Where it is uploaded to: its owner and its id, both made here, so that nobody else's is meant."""
        return f"{base64.urlsafe_b64encode(self.partition.encode()).decode()}/{self.id}"

    @property
    def key(self) -> str:
        """Where it lies once it is accepted."""
        return f"{UPLOADS}{self.tenant or '-'}/{self.id}/{self.name}"

    @property
    def metadata_key(self) -> str:
        """Where the file lies that says whose it is."""
        return f"{self.key}.metadata.json"


UPLOADS = "uploads/"
"""What the keys of uploads begin with in the bucket of documents; what operators put there lies elsewhere."""


def owner_of(waiting_key: str) -> tuple[str, str]:
    """
    Return partition and id of the upload at *waiting_key*.

    Raises:
        ValueError: The key is none of ours.

    Example:
        >>> owner_of("dXNlciMtI2FkYQ==/0f")
        ('user#-#ada', '0f')
    """
    partition, _, document_id = waiting_key.partition("/")
    return base64.b64decode(partition, altchars=b"-_", validate=True).decode(), document_id
