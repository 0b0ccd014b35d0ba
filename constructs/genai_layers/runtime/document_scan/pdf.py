"""
PDF: no program, no embedded file, no password, no text that its reader does not see.

Nothing is drawn here. Objects are found in the bytes and in every stream that unpacks, whether or not a reader of
the document would come to them. What is not told: text under a picture, text outside of the page's edges or clipped
away, white text on a page that also paints something, and what an unusual font makes of its codes.
"""

from __future__ import annotations

import re

from . import pdf_page, pdf_streams
from .refusal import Reason, RefusedError

_ESCAPE = re.compile(rb"#([0-9a-fA-F]{2})")
_NAME = re.compile(rb"/((?:[^\x00\t\n\f\r ()<>\[\]{}/%]){1,64})")

_LONG = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFile|RichMedia|SubmitForm)\b")

_NAMES: tuple[tuple[frozenset[bytes], Reason, str], ...] = (
    (frozenset({b"Encrypt"}), Reason.ENCRYPTED, "the document is encrypted: upload it without a password"),
    (frozenset({b"JavaScript", b"JS"}), Reason.ACTIVE_CONTENT, "the document holds a program"),
    (
        frozenset({b"Launch", b"SubmitForm", b"ImportData", b"GoToE", b"GoToR", b"Rendition", b"Movie", b"Sound"}),
        Reason.ACTIVE_CONTENT,
        "the document starts something by itself",
    ),
    (frozenset({b"AA"}), Reason.ACTIVE_CONTENT, "the document acts when it is looked at"),
    (frozenset({b"XFA"}), Reason.ACTIVE_CONTENT, "the document is a form of programs (XFA)"),
    (
        frozenset({b"EmbeddedFile", b"EmbeddedFiles", b"Filespec", b"FileAttachment", b"RichMedia", b"3D"}),
        Reason.EMBEDDED_FILE,
        "the document holds another file",
    ),
)


def inspect(content: bytes) -> None:
    """
    Refuse a PDF that runs something, carries something or hides something.

    Raises:
        RefusedError: It may not be retrieved.
    """
    if b"%%EOF" not in content[-1024:] or not re.search(rb"\d+\s+\d+\s+obj\b", content):
        raise RefusedError(Reason.DAMAGED, "the document is damaged, or cut off")
    streams = pdf_streams.streams(content)
    # In what is between the streams; within them bytes are bytes of pictures and fonts.
    _refuse_names(pdf_streams.outside(content))
    for stream in streams:
        _refuse_names(stream.head)
        if stream.kind == b"ObjStm" or b"/Filter" not in stream.head:
            _refuse_names(stream.data)
        # What looks like a stream to us may be a text or a comment to a reader.
        _refuse_names(b" ".join(_LONG.findall(stream.raw)))
    for stream in streams:
        if pdf_page.is_page(stream):
            pdf_page.inspect(stream.data)


def _refuse_names(data: bytes) -> None:
    names = {_ESCAPE.sub(lambda digits: bytes([int(digits[1], 16)]), one) for one in _NAME.findall(data)}
    for refused, reason, message in _NAMES:
        if names & refused:
            raise RefusedError(reason, message)
