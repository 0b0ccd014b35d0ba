"""
Documents of Office since 2007: a ZIP file of XML, without macros, embedded files or content from outside.

What is not told: text behind a picture or in the colour of a background that is not white, and what a theme or a
table style makes white.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

from . import archive, ooxml_sheets, ooxml_words, plain
from .refusal import Reason, RefusedError

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TYPES = "[Content_Types].xml"
_MACROS = ("vbaproject.bin", "vbadata.xml", "vbaprojectsignature.bin")
_EMBEDDED = ("embeddings/", "activex/", "ctrlprops/", "externallinks/", "afchunk")
_ARCHIVES = (b"PK\x03\x04", b"MZ", b"\x7fELF", b"%PDF-", b"7z\xbc\xaf", b"Rar!")
_HARMLESS_OUTSIDE = ("hyperlink",)


def inspect_docx(content: bytes) -> None:
    """
    Refuse a text document that hides something or runs something.

    Raises:
        RefusedError: It may not be retrieved.
    """
    parts = _opened(content, main="word/document.xml", kind="docx")
    ooxml_words.inspect(dict(_read(parts, "word/")))


def inspect_xlsx(content: bytes) -> None:
    """
    Refuse a workbook that hides something or runs something.

    Raises:
        RefusedError: It may not be retrieved.
    """
    parts = _opened(content, main="xl/workbook.xml", kind="xlsx")
    ooxml_sheets.inspect(dict(_read(parts, "xl/")))


def parsed(content: bytes) -> ET.Element:
    """
    Return the XML of a part; a part that defines anything by itself is refused unread.

    Raises:
        RefusedError: It is no XML, or defines entities.
    """
    if not content.startswith((b"<", b"\xef\xbb\xbf<")) or re.search(rb"<!(?:DOCTYPE|ENTITY)", content):
        raise RefusedError(Reason.ACTIVE_CONTENT, "a part of the document defines entities or is no XML")
    try:
        return ET.fromstring(content)  # noqa: S314 -- without a DTD there are no entities to expand
    except ET.ParseError:
        raise RefusedError(Reason.DAMAGED, "a part of the document is no XML") from None


def _opened(content: bytes, *, main: str, kind: str) -> Mapping[str, bytes]:
    parts = archive.opened(content)
    if _TYPES not in parts or main not in parts:
        raise RefusedError(Reason.WRONG_TYPE, f"the content is not that of a {kind} file")
    types = " ".join(str(one.get("ContentType")) for one in parsed(parts[_TYPES]).iter()).lower()
    if "macroenabled" in types or any(name.lower().endswith(_MACROS) for name in parts):
        raise RefusedError(Reason.MACRO, "the document holds macros: save it without them")
    for name, part in parts.items():
        if part.startswith(_OLE):
            is_macro = b"V\0B\0A\0" in part
            raise RefusedError(
                Reason.MACRO if is_macro else Reason.EMBEDDED_FILE, "the document holds a compound file of old Office"
            )
        if any(place in name.lower() for place in _EMBEDDED) or part.startswith(_ARCHIVES):
            raise RefusedError(Reason.EMBEDDED_FILE, "the document holds another file, or a control")
        if name.endswith(".rels"):
            _refuse_outside(parsed(part))
    return parts


def _refuse_outside(relations: ET.Element) -> None:
    for one in relations.iter():
        kind = str(one.get("Type", "")).rpartition("/")[2].lower()
        if one.get("TargetMode", "").lower() == "external" and kind not in _HARMLESS_OUTSIDE:
            raise RefusedError(Reason.OUTSIDE_CONTENT, "the document takes content from elsewhere")
        if kind in ("vbaproject", "oleobject", "control", "attachedtemplate", "subdocument"):
            raise RefusedError(Reason.ACTIVE_CONTENT, "the document names a program or a template")


def _read(parts: Mapping[str, bytes], under: str) -> Iterator[tuple[str, ET.Element]]:
    for name, part in parts.items():
        if not name.endswith((".xml", ".rels")):
            continue
        root = parsed(part)
        for one in root.iter():
            for text in (one.text, one.tail):
                if text:
                    plain.inspect_text(text)
        if name.startswith(under):
            yield name, root
