"""The streams of a PDF, unpacked as far as they may be."""

from __future__ import annotations

import base64
import re
import zlib
from dataclasses import dataclass

from .refusal import Reason, RefusedError

MOST_STREAMS = 20_000
MOST_BYTES = 100 * 1024 * 1024
"""Of all streams together, unpacked."""
MOST_RATIO = 300
"""Unpacked bytes for one packed, of streams above `_SMALL` that are no pictures: a white one packs to a thousandth."""
_SMALL = 4 * 1024 * 1024

_STREAM = re.compile(rb"\bstream\r?\n(.*?)(?:\r?\n|\r)?endstream\b", re.S)
_FILTER = re.compile(rb"/(?:Filter|F)\s*(\[[^\]]*\]|/[A-Za-z0-9#]+)")
_TYPE = re.compile(rb"/(?:Type|Subtype)\s*/([A-Za-z0-9]+)")
_NAMES = {b"Fl": b"FlateDecode", b"AHx": b"ASCIIHexDecode", b"A85": b"ASCII85Decode", b"LZW": b"LZWDecode"}
_PICTURES = frozenset({b"DCTDecode", b"JPXDecode", b"CCITTFaxDecode", b"JBIG2Decode", b"DCT", b"CCF"})
_HEAD_BYTES = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """
    One stream.

    Attributes:
        head: The dictionary before it.
        raw: Its content as it lies there.
        kind: What the dictionary says it is; empty where it does not.
        data: Its content, unpacked; empty for a picture.
    """

    head: bytes
    raw: bytes
    kind: bytes
    data: bytes


def streams(content: bytes) -> list[Stream]:
    """
    Return every stream.

    Raises:
        RefusedError: There are too many, they unpack to too much, or one cannot be read.
    """
    found: list[Stream] = []
    left = MOST_BYTES
    for match in _STREAM.finditer(content):
        if len(found) >= MOST_STREAMS:
            raise RefusedError(Reason.BOMB, f"the document has more than {MOST_STREAMS} streams")
        head = _head(content, match.start())
        stream = _unpacked(head, match[1], left)
        left -= len(stream.data)
        found.append(stream)
    return found


def outside(content: bytes) -> bytes:
    """Return what is not within a stream."""
    return _STREAM.sub(b" ", content)


def _head(content: bytes, at: int) -> bytes:
    before = content[max(0, at - _HEAD_BYTES) : at]
    return before[before.rfind(b" obj") + 4 :] if b" obj" in before else before


def _unpacked(head: bytes, raw: bytes, left: int) -> Stream:
    kinds = _TYPE.findall(head)
    kind = next((one for one in kinds if one in (b"ObjStm", b"XRef", b"Image", b"Form")), kinds[0] if kinds else b"")
    named = _FILTER.search(head)
    filters = [] if named is None else [_NAMES.get(one, one) for one in re.findall(rb"/([A-Za-z0-9#]+)", named[1])]
    data = raw
    for one in filters:
        if one in _PICTURES:
            data = b""
            break
        data = _undone(one, data, left, is_picture=kind == b"Image")
    if len(data) > left:
        raise _bomb()
    return Stream(head=head, raw=raw, kind=kind, data=data)


def _undone(name: bytes, data: bytes, left: int, *, is_picture: bool) -> bytes:
    try:
        if name == b"FlateDecode":
            return _inflated(data, left, most_ratio=None if is_picture else MOST_RATIO)
        if name == b"ASCIIHexDecode":
            digits = re.sub(rb"[^0-9a-fA-F]", b"", data.partition(b">")[0])
            return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
        if name == b"ASCII85Decode":
            return base64.a85decode(data.strip().removeprefix(b"<~").partition(b"~>")[0])
    except (ValueError, zlib.error):
        raise RefusedError(Reason.DAMAGED, "a part of the document cannot be unpacked") from None
    if is_picture:
        return b""
    raise RefusedError(Reason.UNREADABLE, "a part of the document is packed in a way that is not read here")


def _inflated(data: bytes, left: int, *, most_ratio: int | None) -> bytes:
    unpacking = zlib.decompressobj()
    unpacked = unpacking.decompress(data, left + 1)
    is_dense = len(unpacked) > _SMALL and most_ratio is not None and len(unpacked) > most_ratio * max(1, len(data))
    if len(unpacked) > left or is_dense:
        raise _bomb()
    return unpacked


def _bomb() -> RefusedError:
    return RefusedError(Reason.BOMB, "the document unpacks to far more than it is")
