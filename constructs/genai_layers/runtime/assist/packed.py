"""Text that is packed into a setting: all settings of a function together have 4 KB."""

from __future__ import annotations

import base64
import json
import zlib


def packed(value: object) -> str:
    """Return *value* as short as it gets; the same value gives the same text."""
    plain = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return base64.b64encode(zlib.compress(plain.encode(), 9)).decode()


def unpacked(text: str) -> str:
    """Return the JSON that was packed."""
    return zlib.decompress(base64.b64decode(text)).decode()
