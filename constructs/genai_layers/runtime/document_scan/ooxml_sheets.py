"""A workbook: no sheet, row, column or cell that is hidden, and nothing that reaches outside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from . import styles
from .refusal import Reason, RefusedError

_YES = ("1", "true")
_RUNS = re.compile(r"\bcmd\s*\||\bDDE\s*\(|\bWEBSERVICE\s*\(|\bCALL\s*\(|\bEXEC\s*\(", re.I)


def inspect(parts: Mapping[str, ET.Element]) -> None:
    """
    Refuse a workbook by its parts.

    Raises:
        RefusedError: It may not be retrieved.
    """
    for sheet in _all(parts["xl/workbook.xml"], "sheet"):
        if sheet.get("state", "visible") != "visible":
            raise _hidden("a sheet that is hidden")
    if any(name.startswith(("xl/connections", "xl/macrosheets")) for name in parts):
        raise RefusedError(Reason.OUTSIDE_CONTENT, "the workbook takes its content from elsewhere")
    unseen = _unseen(parts.get("xl/styles.xml"))
    for name, root in parts.items():
        if name.startswith("xl/worksheets/"):
            _inspect_sheet(root, unseen)


def _inspect_sheet(root: ET.Element, unseen: Mapping[int, str]) -> None:
    for row in _all(root, "row"):
        if row.get("hidden") in _YES and any(_has_value(cell) for cell in row):
            raise _hidden("rows that are hidden")
    for column in _all(root, "col"):
        if column.get("hidden") in _YES:
            raise _hidden("columns that are hidden")
    for cell in _all(root, "c"):
        how = unseen.get(int(cell.get("s") or 0))
        if how and _has_value(cell):
            raise _hidden(f"text that {how}")
    for formula in _all(root, "f"):
        if _RUNS.search(formula.text or ""):
            raise RefusedError(Reason.ACTIVE_CONTENT, "the workbook holds a formula that runs or fetches something")


def _unseen(root: ET.Element | None) -> dict[int, str]:
    """Return the formats of cells whose text is not seen, and how."""
    if root is None:
        return {}
    fonts = [_font(one) for holder in _all(root, "fonts") for one in holder]
    fills = [
        any(each.get("patternType", "none") not in ("none",) for each in _all(one, "patternFill"))
        for holder in _all(root, "fills")
        for one in holder
    ]
    numbers = {one.get("numFmtId") for one in _all(root, "numFmt") if (one.get("formatCode") or "").startswith(";;")}
    found = {}
    for holder in _all(root, "cellXfs"):
        for at, one in enumerate(holder):
            font, fill = int(one.get("fontId") or 0), int(one.get("fillId") or 0)
            how = fonts[font] if font < len(fonts) else None
            if how == _WHITE and fill < len(fills) and fills[fill]:
                how = None
            if one.get("numFmtId") in numbers:
                how = "is formatted away"
            if how:
                found[at] = how
    return found


_WHITE = "is white on white"


def _font(font: ET.Element) -> str | None:
    for colour in _all(font, "color"):
        rgb = (colour.get("rgb") or "").lower()
        if styles.is_white(f"#{rgb[-6:]}"):
            return _WHITE
    for size in _all(font, "sz"):
        if float(size.get("val") or 11) < styles.TINY_POINTS:
            return "is tiny"
    return None


def _has_value(cell: ET.Element) -> bool:
    return any((one.text or "").strip() for one in cell.iter())


def _all(root: ET.Element, name: str) -> list[ET.Element]:
    return [one for one in root.iter() if isinstance(one.tag, str) and one.tag.rpartition("}")[2] == name]


def _hidden(what: str) -> RefusedError:
    return RefusedError(Reason.HIDDEN_TEXT, f"the workbook holds {what}")
