"""What a style hides, as far as its own words tell: no cascade is computed and nothing is drawn."""

from __future__ import annotations

import re

TINY_POINTS = 2.0
"""Text below this size is not read by people; footnotes are at 6 points and more."""
_WHITE = 0.92
"""From here on a colour is not told apart from a white page."""

_POINTS = {"px": 0.75, "pt": 1.0, "em": 12.0, "rem": 12.0, "%": 0.12, "in": 72.0, "cm": 28.3, "mm": 2.83}
_LENGTH = re.compile(r"(-?\d*\.?\d+)\s*(px|pt|em|rem|%|in|cm|mm)?")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_NAMED = {"white", "snow", "ivory", "ghostwhite", "floralwhite", "whitesmoke", "transparent", "azure", "mintcream"}


def declarations(style: str) -> dict[str, str]:
    """
    Return the declarations of a `style` attribute, by property.

    Example:
        >>> declarations("Color: #FFF; font-size:1px !important")
        {'color': '#fff', 'font-size': '1px'}
    """
    pairs = (one.partition(":") for one in _COMMENT.sub("", style).lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, colon, value in pairs if colon}


def rules(sheet: str) -> list[tuple[str, dict[str, str]]]:
    """Return the rules of a style sheet: each selector by itself, with its declarations."""
    return [
        (selector.strip().lower(), declarations(body))
        for selectors, body in _RULE.findall(_COMMENT.sub("", sheet))
        for selector in selectors.split(",")
    ]


def hides(style: dict[str, str]) -> str | None:
    """Return how *style* keeps text from being seen, whatever stands around it; None where it does not."""
    if style.get("display") == "none" or style.get("visibility") in ("hidden", "collapse"):
        return "is not displayed"
    if _number(style.get("opacity")) is not None and (_number(style["opacity"]) or 0) <= 0.1:
        return "is transparent"
    size = points(style.get("font-size"))
    if size is not None and size < TINY_POINTS:
        return "is tiny"
    for place in ("text-indent", "left", "top", "right", "margin-left"):
        offset = points(style.get(place))
        if offset is not None and offset < -300:
            return "stands outside of the page"
    box = [points(style.get(side)) for side in ("width", "height", "max-height")]
    if style.get("overflow") == "hidden" and any(side is not None and side < TINY_POINTS for side in box):
        return "has no room"
    if style.get("clip", "").replace(" ", "") in ("rect(0,0,0,0)", "rect(0000)") or "inset(100%" in style.get(
        "clip-path", ""
    ):
        return "is clipped away"
    return None


def points(value: str | None) -> float | None:
    """Return a length in points; None where it is none."""
    match = _LENGTH.fullmatch(value.strip()) if value else None
    return None if match is None else float(match[1]) * _POINTS.get(match[2] or "px", 0.75)


def is_white(colour: str | None) -> bool:
    """
    Return whether text of *colour* is not seen on a white page.

    Example:
        >>> is_white("#fefefe"), is_white("rgb(0, 0, 0)")
        (True, False)
    """
    if not colour:
        return False
    if colour in _NAMED:
        return True
    if match := re.fullmatch(r"#([0-9a-f]{3,8})", colour):
        digits = match[1]
        wide = (
            [int(one * 2, 16) for one in digits]
            if len(digits) < 6
            else [int(digits[at : at + 2], 16) for at in range(0, len(digits) - 1, 2)]
        )
        return min(wide[:3]) >= 255 * _WHITE or (len(wide) == 4 and wide[3] < 26)
    if match := re.match(r"rgba?\(([^)]*)\)", colour):
        parts = [_number(one.strip("% ")) or 0.0 for one in re.split(r"[,/ ]+", match[1].strip())]
        return len(parts) >= 3 and (min(parts[:3]) >= 255 * _WHITE or (len(parts) == 4 and parts[3] <= 0.1))
    return False


def _number(value: str | None) -> float | None:
    try:
        return None if value is None else float(value)
    except ValueError:
        return None
