"""
Text made smaller for user data, with the same bytes on every machine.

What zlib makes of a text differs between its versions and replacements, and a template must not. This is the part of
DEFLATE that needs no tables of its own, so its result depends on nothing but the text; cloud-init unpacks it.
"""

from __future__ import annotations

import base64
import zlib

# RFC 1951, section 3.2.5: first length of codes 257 to 284, and first distance of codes 0 to 29.
_LENGTHS = (
    *range(3, 11),
    *range(11, 19, 2),
    *range(19, 35, 4),
    *range(35, 67, 8),
    *range(67, 131, 16),
    131,
    163,
    195,
    227,
)
_DISTANCES = (1, 2, *(step + 1 for power in range(1, 15) for step in (2 << power - 1, 3 << power - 1)))
# RFC 1952, section 2.3: DEFLATE, no name, no time, no word on the operating system.
_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_WINDOW, _LONGEST, _SHORTEST = 32_768, 257, 3


def packed(text: str) -> str:
    """
    Return *text* as gzip in base64, which cloud-init calls `gz+b64`.

    Args:
        text: Any text.

    Example:
        >>> import gzip
        >>> gzip.decompress(base64.b64decode(packed("abc abc abc abc"))).decode()
        'abc abc abc abc'
    """
    data = text.encode()
    trailer = zlib.crc32(data).to_bytes(4, "little") + len(data).to_bytes(4, "little")
    return base64.b64encode(_HEADER + _deflate(data) + trailer).decode()


def _deflate(data: bytes) -> bytes:
    # One last block with fixed codes.
    out = _Bits()
    out.put(1, 1)
    out.put(1, 2)
    seen: dict[bytes, list[int]] = {}
    at = 0
    while at < len(data):
        length, distance = _match(data, at, seen)
        if length >= _SHORTEST:
            code = max(index for index, first in enumerate(_LENGTHS) if first <= length)
            out.code(257 + code)
            out.put(length - _LENGTHS[code], 0 if code < 8 else code // 4 - 1)
            code = max(index for index, first in enumerate(_DISTANCES) if first <= distance)
            out.huffman(code, 5)
            out.put(distance - _DISTANCES[code], 0 if code < 4 else code // 2 - 1)
        else:
            length = 1
            out.code(data[at])
        for step in range(at, at + length):
            seen.setdefault(data[step : step + _SHORTEST], []).append(step)
        at += length
    out.code(256)
    return out.end()


def _match(data: bytes, at: int, seen: dict[bytes, list[int]]) -> tuple[int, int]:
    # The longest earlier text that goes on as this one does; of equals the nearest.
    best, where = 0, 0
    for start in reversed(seen.get(data[at : at + _SHORTEST], [])):
        if at - start > _WINDOW:
            break
        length = 0
        while length < _LONGEST and at + length < len(data) and data[start + length] == data[at + length]:
            length += 1
        if length > best:
            best, where = length, at - start
    return best, where


class _Bits:
    # Bits from the lowest up, as DEFLATE has them, except for codes, which come highest first.

    def __init__(self) -> None:
        self._value = 0
        self._count = 0

    def put(self, value: int, count: int) -> None:
        self._value |= value << self._count
        self._count += count

    def huffman(self, code: int, count: int) -> None:
        for bit in reversed(range(count)):
            self.put(code >> bit & 1, 1)

    def code(self, symbol: int) -> None:
        # RFC 1951, section 3.2.6.
        if symbol < 144:
            self.huffman(0x30 + symbol, 8)
        elif symbol < 256:
            self.huffman(0x190 + symbol - 144, 9)
        elif symbol < 280:
            self.huffman(symbol - 256, 7)
        else:
            self.huffman(0xC0 + symbol - 280, 8)

    def end(self) -> bytes:
        return self._value.to_bytes((self._count + 7) // 8, "little")
