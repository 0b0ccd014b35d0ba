"""Reading a QR code back with a reader that is not ours."""

from __future__ import annotations

import re
from collections.abc import Sequence

import zxingcpp

_SCALE = 4
_QUIET = 4
_RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1H\d+z")


def read(rows: Sequence[str]) -> zxingcpp.Barcode:
    """
    Read the one code in *rows*.

    Args:
        rows: Modules as zeros and ones, dark where one, without a quiet zone.
    """
    side = (len(rows) + 2 * _QUIET) * _SCALE
    pixels = bytearray(b"\xff" * (side * side))
    for y, row in enumerate(rows):
        for x, module in enumerate(row):
            if module == "1":
                for line in range(_SCALE):
                    start = ((y + _QUIET) * _SCALE + line) * side + (x + _QUIET) * _SCALE
                    pixels[start : start + _SCALE] = b"\0" * _SCALE
    (code,) = zxingcpp.read_barcodes(memoryview(bytes(pixels)).cast("B", (side, side)))
    return code


def rows_of(path: str, side: int) -> list[str]:
    """
    Return the modules that an SVG path draws.

    Args:
        path: Its `d`.
        side: Side of its view box in modules, with the quiet zone.
    """
    size = side - 2 * _QUIET
    modules = [["0"] * size for _ in range(size)]
    for x, y, length in _RUN.findall(path):
        for at in range(int(length)):
            modules[int(y) - _QUIET][int(x) - _QUIET + at] = "1"
    return ["".join(row) for row in modules]
