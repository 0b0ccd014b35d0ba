"""Looks into a document: is it what it says, and is all of it there for its readers to see?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from . import markup, ooxml, pdf, plain
from .refusal import Reason, RefusedError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Start of a compound file: documents of Office before 2007, and encrypted ones of today."""

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

_INSPECTIONS: Mapping[str, Callable[[bytes], None]] = {
    "txt": plain.inspect,
    "csv": plain.inspect,
    "md": markup.inspect_markdown,
    "html": markup.inspect,
    "pdf": pdf.inspect,
    "docx": ooxml.inspect_docx,
    "xlsx": ooxml.inspect_xlsx,
}
KINDS = tuple(_INSPECTIONS)
"""Kinds of documents, by the end of their names."""


def inspect(content: bytes, *, kind: str, size: int) -> None:
    """
    Refuse a document that is not what it says, or not wholly to be seen.

    Args:
        content: The document.
        kind: Which one of `KINDS` it says to be.
        size: Bytes that it was said to have.

    Raises:
        RefusedError: It may not be retrieved.
    """
    if not content:
        raise RefusedError(Reason.SIZE, "the document is empty")
    if len(content) != size:
        raise RefusedError(Reason.SIZE, "the document has another size than was said")
    found = kind_of(content)
    if found == "ole":
        if _ENCRYPTED in content:
            raise RefusedError(Reason.ENCRYPTED, "the document is encrypted: upload it without a password")
        raise RefusedError(Reason.WRONG_TYPE, "this is a document of Office before 2007: save it in today's form")
    if found != _CONTENT[kind]:
        raise RefusedError(Reason.WRONG_TYPE, f"the content is not that of a {kind} file")
    try:
        _INSPECTIONS[kind](content)
    except RefusedError:
        raise
    except Exception as error:  # what a parser stumbles over was made to make it stumble, or is broken
        raise RefusedError(Reason.DAMAGED, "the document is damaged, or nested too deeply to be read") from error


_CONTENT = {"txt": "text", "csv": "text", "md": "text", "html": "text", "pdf": "pdf", "docx": "zip", "xlsx": "zip"}
_STARTS = ((b"PK\x03\x04", "zip"), (b"%PDF-", "pdf"), (OLE, "ole"))


def kind_of(content: bytes) -> str:
    """Return what *content* is by its first bytes: `zip`, `pdf`, `ole`, `text` or `other`."""
    for start, found in _STARTS:
        if content.startswith(start):
            return found
    if b"\0" in content or content.startswith((b"{\\rtf", b"%!PS", b"#!", b"MZ")):
        return "other"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "other"
    return "text"
