"""What a page of a PDF shows, as far as its drawing says it: text that is invisible, tiny, or white on white."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from . import styles
from .pdf_streams import Stream
from .refusal import Reason, RefusedError

_TOKEN = re.compile(
    rb"\((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*\)"  # a text, with one level of brackets in it
    rb"|<[0-9A-Fa-f\s]*>|/[^\s()<>\[\]{}/%]*|[-+.\d]+|[A-Za-z'\"][A-Za-z0-9*]*|[\[\]]|%[^\r\n]*",
    re.S,
)
_MOST_OPERANDS = 64
_FEW_LETTERS = 8
"""A space or a mark that is not seen is no message."""
_PAINTS = frozenset({b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"sh", b"Do", b"EI"})
_DRAWS = re.compile(rb"(?:^|\s)BT\s")
_SHOWN = re.compile(rb"[)\]>]\s*(?:T[jJ]|['\"])(?:\s|$)")
_SHOWS = frozenset({b"Tj", b"TJ", b"'", b'"'})


@dataclass(slots=True)
class _State:
    """How text is shown."""

    scale: float = 1.0
    white: bool = False
    mode: int = 0
    size: float = 12.0


def is_page(stream: Stream) -> bool:
    """Whether *stream* draws text, whatever its dictionary says of it: a reader does not ask."""
    return bool(_DRAWS.search(stream.data)) and bool(_SHOWN.search(stream.data))


def inspect(data: bytes) -> None:
    """
    Refuse a page with text that its reader does not see.

    Raises:
        RefusedError: It has such text.
    """
    unseen = {"is invisible": 0, "is tiny": 0}
    white, is_painted = 0, False
    state = _State()
    kept: list[_State] = []
    matrix = 1.0
    operands: list[bytes] = []
    for match in _TOKEN.finditer(data):
        token = match[0]
        if token[:1] in b"(</[]%-+.0123456789":
            operands = [*operands[-_MOST_OPERANDS:], token] if token[:1] != b"%" else operands
            continue
        if token == b"q":
            kept.append(replace(state))
        elif token == b"Q" and kept:
            state = kept.pop()
        elif token == b"cm":
            state.scale *= _scale(operands)
        elif token in (b"BT", b"Tm"):
            matrix = 1.0 if token == b"BT" else _scale(operands)
        elif token == b"Tf":
            state.size = _number(operands[-1:]) or 0.0
        elif token == b"Tr":
            state.mode = int(_number(operands[-1:]) or 0)
        elif token in (b"g", b"rg", b"k", b"sc", b"scn"):
            state.white = _is_white(token, operands)
        elif token in _PAINTS:
            is_painted = is_painted or not (state.white and token not in (b"Do", b"sh", b"EI"))
        elif token in _SHOWS:
            letters = _letters(operands)
            if state.mode in (3, 7):
                unseen["is invisible"] += letters
            elif abs(state.size * matrix * state.scale) < styles.TINY_POINTS:
                unseen["is tiny"] += letters
            elif state.white and state.mode in (0, 4):
                white += letters
        operands = []
    if white >= _FEW_LETTERS and not is_painted:
        unseen["is white on white"] = white
    for how, letters in unseen.items():
        if letters >= _FEW_LETTERS:
            raise RefusedError(Reason.HIDDEN_TEXT, f"the document holds text that {how}")


def _scale(operands: list[bytes]) -> float:
    """Return by how much a matrix makes things taller; 1 where it is none."""
    numbers = [_number([one]) for one in operands[-6:]]
    if len(numbers) < 6 or any(one is None for one in numbers):
        return 1.0
    _, _, c, d, _, _ = numbers
    return math.hypot(c or 0, d or 0)


def _is_white(operator: bytes, operands: list[bytes]) -> bool:
    numbers = [number for one in operands if (number := _number([one])) is not None]
    if not numbers:
        return False
    if operator == b"k" or (operator in (b"sc", b"scn") and len(numbers) == 4):
        return max(numbers) <= 0.08
    return min(numbers) >= 0.92


def _number(operands: list[bytes]) -> float | None:
    try:
        return float(operands[0]) if operands else None
    except ValueError:
        return None


def _letters(operands: list[bytes]) -> int:
    """Return about how many characters are shown; two digits are one of a text in hex."""
    return sum(
        len(re.sub(rb"\s", b"", one[1:-1])) // (2 if one[:1] == b"<" else 1) for one in operands if one[:1] in b"(<"
    )
