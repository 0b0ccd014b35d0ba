"""A text document: no text that is hidden, white or tiny, and no field that runs a program."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from . import styles
from .refusal import Reason, RefusedError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_FIELD = re.compile(r"^\s*(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|DATABASE|MACROBUTTON)\b", re.I)
_MOST_BASES = 20
_NO = ("0", "false", "off", "none")


def inspect(parts: Mapping[str, ET.Element]) -> None:
    """
    Refuse a document by its parts.

    Raises:
        RefusedError: It may not be retrieved.
    """
    hiding = _hiding_styles(parts.get("word/styles.xml"))
    for name, root in parts.items():
        if name in ("word/styles.xml", "word/settings.xml", "word/fontTable.xml", "word/numbering.xml"):
            continue
        for one in root.iter():
            one.tag = one.tag.replace(_STRICT, _W) if isinstance(one.tag, str) else one.tag
        _refuse_fields(root)
        _refuse_hidden(root, hiding, is_shaded=False)


def _refuse_fields(root: ET.Element) -> None:
    said = "".join(one.text or "" for one in root.iter(f"{_W}instrText"))
    named = [one.get(f"{_W}instr", "") for one in root.iter(f"{_W}fldSimple")]
    if any(_FIELD.match(one) for one in (said, *named, *(one.text or "" for one in root.iter(f"{_W}instrText")))):
        raise RefusedError(Reason.ACTIVE_CONTENT, "the document holds a field that runs or fetches something")


def _refuse_hidden(node: ET.Element, hiding: Mapping[str, str], *, is_shaded: bool) -> None:
    is_shaded = is_shaded or any(_shades(one) for one in node if one.tag.endswith(("}tcPr", "}pPr", "}rPr")))
    if node.tag in (f"{_W}p", f"{_W}r"):
        properties = node.find(f"{_W}pPr" if node.tag == f"{_W}p" else f"{_W}rPr")
        how = _how(properties, hiding, is_shaded=is_shaded)
        if how and any((one.text or "").strip() for one in node.iter(f"{_W}t")):
            raise RefusedError(Reason.HIDDEN_TEXT, f"the document holds text that {how}")
    for child in node:
        _refuse_hidden(child, hiding, is_shaded=is_shaded)


def _how(properties: ET.Element | None, hiding: Mapping[str, str], *, is_shaded: bool) -> str | None:
    if properties is None:
        return None
    for name in ("rStyle", "pStyle"):
        style = properties.find(f"{_W}{name}")
        if style is not None and (how := hiding.get(style.get(f"{_W}val", ""))):
            return how
    # The properties of a paragraph's mark are those of its end, and no text's.
    return _hides(properties, is_shaded=is_shaded) if properties.tag == f"{_W}rPr" else None


def _hides(properties: ET.Element, *, is_shaded: bool) -> str | None:
    for name in ("vanish", "webHidden", "specVanish"):
        flag = properties.find(f"{_W}{name}")
        if flag is not None and flag.get(f"{_W}val", "true") not in _NO:
            return "is marked as hidden"
    colour = properties.find(f"{_W}color")
    if colour is not None and not is_shaded and styles.is_white(f"#{colour.get(f'{_W}val', '').lower()}"):
        return "is white on white"
    size = properties.find(f"{_W}sz")
    if size is not None and _half_points(size) < 2 * styles.TINY_POINTS:
        return "is tiny"
    return None


def _half_points(size: ET.Element) -> float:
    try:
        return float(size.get(f"{_W}val", "24"))
    except ValueError:
        return 24.0


def _shades(properties: ET.Element) -> bool:
    shade = properties.find(f"{_W}shd")
    filled = "" if shade is None else shade.get(f"{_W}fill", "").lower()
    is_filled = filled not in ("", "auto") and not styles.is_white(f"#{filled}")
    return is_filled or properties.find(f"{_W}highlight") is not None


def _hiding_styles(root: ET.Element | None) -> dict[str, str]:
    """Return the styles that hide what they are given to, and how; one that is based on such a style does too."""
    if root is None:
        return {}
    found: dict[str, str] = {}
    based: dict[str, str] = {}
    for style in root.iter(f"{_W}style"):
        name = style.get(f"{_W}styleId", "")
        parent = style.find(f"{_W}basedOn")
        based[name] = "" if parent is None else parent.get(f"{_W}val", "")
        properties = style.find(f"{_W}rPr")
        if properties is not None and (how := _hides(properties, is_shaded=_shades(properties))):
            found[name] = how
    for name in based:
        at, steps = name, 0
        while at and at not in found and steps < _MOST_BASES:
            at, steps = based.get(at, ""), steps + 1
        if at in found:
            found[name] = found[at]
    return found
