"""
HTML and Markdown: no program, nothing fetched, no text that a reader does not see.

What is not told: the cascade of rules is not computed, so a rule of two selectors is taken for one of its last;
what a browser lays over a text is not noticed, nor text in a colour of its background that is not white.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from . import plain, styles
from .refusal import Reason, RefusedError

_PROGRAMS = frozenset({"script", "iframe", "frame", "object", "embed", "applet", "form", "portal", "base"})
_UNSEEN = frozenset({"template", "noscript", "title", "head", "datalist"})
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
_ADDRESSES = ("href", "src", "action", "data", "formaction", "poster", "xlink:href", "background", "srcset")
_BACKGROUNDS = ("background", "background-color", "background-image")
_FEW_LETTERS = 16
"""Letters that no instruction fits in: what is hidden and shorter is let be, such as `<!-- toc -->`."""
_TAG = re.compile(r"<(?:!--|/?[a-zA-Z])")
_CODE = re.compile(r"^(`{3,}|~{3,})[^\n]*\n.*?^\1[`~]*\s*$|`[^`\n]+`", re.S | re.M)


def inspect_markdown(content: bytes) -> None:
    """
    Refuse Markdown that hides something; HTML in it is held to what HTML is held to.

    Raises:
        RefusedError: It may not be retrieved.
    """
    text = content.decode("utf-8").removeprefix("\ufeff")
    plain.inspect_text(text)
    # Code is shown as it is, so nothing in it is hidden.
    shown = _CODE.sub("", text)
    if re.search(r"^\[[^\]]*\]:\s*(#|<>)\s*[\"'(]", shown, re.M):
        raise _hidden("in a link that is never shown")
    if _TAG.search(shown):
        _read(shown)


def inspect(content: bytes) -> None:
    """
    Refuse HTML that runs something, fetches something or hides text.

    Raises:
        RefusedError: It may not be retrieved, or it is no HTML.
    """
    text = content.decode("utf-8").removeprefix("\ufeff")
    if not re.search(r"<(?:!doctype html|html|head|body|p|div|h[1-6]|table|ul|ol)\b", text, re.I):
        raise RefusedError(Reason.WRONG_TYPE, "the content is not that of an html file")
    plain.inspect_text(text)
    _read(text)


def _read(text: str) -> None:
    sheets = _Sheets()
    sheets.feed(text)
    reader = _Reader(styles.rules("".join(sheets.found)))
    reader.feed(text)
    reader.close()


class _Sheets(HTMLParser):
    """Collects the style sheets of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._is_in = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 -- the parser's
        self._is_in = tag == "style"

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 -- the parser's
        self._is_in = False

    def handle_data(self, data: str) -> None:
        if self._is_in:
            self.found.append(data)


class _Reader(HTMLParser):
    """Reads a page and refuses it where it has to be."""

    def __init__(self, rules: list[tuple[str, dict[str, str]]]) -> None:
        super().__init__(convert_charrefs=True)
        self._rules = rules
        self._open: list[tuple[str, dict[str, str], str | None]] = []
        if any("@import" in selector for selector, _ in rules):
            raise _outside()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._refuse_activity(tag, given)
        style = self._style(tag, given)
        how = styles.hides(style)
        if "hidden" in given or (tag == "input" and given.get("type") == "hidden"):
            how = "is not displayed"
        if tag in _VOID:
            if how and _letters(given.get("value", "") + given.get("alt", "")) >= _FEW_LETTERS:
                raise _hidden(how)
            return
        self._open.append((tag, style, how))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at][0] == tag:
                del self._open[at:]
                return

    def handle_data(self, data: str) -> None:
        plain.inspect_text(data)
        tags = {tag for tag, _, _ in self._open}
        if "style" in tags or not data.strip():
            return
        how = next((how for _, _, how in self._open if how), None)
        if how is None and tags & (_UNSEEN - {"title", "head"}):
            how = "is not displayed"
        if how is None and self._is_white():
            how = "is white on white"
        if how and _letters(data) >= _FEW_LETTERS:
            raise _hidden(how)

    def handle_comment(self, data: str) -> None:
        plain.inspect_text(data)
        if _letters(data) >= _FEW_LETTERS:
            raise _hidden("stands in a comment")

    def unknown_decl(self, data: str) -> None:
        if _letters(data) >= _FEW_LETTERS:
            raise _hidden("stands in a comment")

    handle_pi = unknown_decl

    def _refuse_activity(self, tag: str, given: dict[str, str]) -> None:
        if tag in _PROGRAMS or any(name.startswith("on") for name in given):
            raise RefusedError(Reason.ACTIVE_CONTENT, "the document holds a program, a form or a frame")
        for name in _ADDRESSES:
            scheme = re.sub(r"[\s\x00-\x20]", "", given.get(name, "")).lower()
            if scheme.startswith(("javascript:", "vbscript:", "data:text/html")):
                raise RefusedError(Reason.ACTIVE_CONTENT, "the document holds a link that runs a program")
        if tag == "link" and "stylesheet" in given.get("rel", "").lower():
            raise _outside()
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            raise RefusedError(Reason.ACTIVE_CONTENT, "the document leads its reader elsewhere by itself")

    def _style(self, tag: str, given: dict[str, str]) -> dict[str, str]:
        names = {tag, *(f".{one}" for one in given.get("class", "").lower().split()), f"#{given.get('id', '').lower()}"}
        style: dict[str, str] = {}
        for selector, declared in self._rules:
            last = re.split(r"[\s>+~]+", selector)[-1]
            parts = set(re.findall(r"[.#]?[a-z0-9_-]+", last.partition(":")[0]))
            if parts and parts <= names:
                style |= declared
        if tag == "font" and "color" in given:
            style["color"] = given["color"].lower()
        if "bgcolor" in given:
            style["background"] = given["bgcolor"].lower()
        return style | styles.declarations(given.get("style", ""))

    def _is_white(self) -> bool:
        """Whether text here is white, and nothing around it has a background of another colour."""
        colour = next((style["color"] for _, style, _ in reversed(self._open) if "color" in style), None)
        behind = [style[name] for _, style, _ in self._open for name in _BACKGROUNDS if name in style]
        return styles.is_white(colour) and all(styles.is_white(one) or one == "none" for one in behind)


def _letters(text: str) -> int:
    return sum(character.isalpha() for character in text)


def _hidden(how: str) -> RefusedError:
    return RefusedError(Reason.HIDDEN_TEXT, f"the document holds text that {how}")


def _outside() -> RefusedError:
    return RefusedError(Reason.OUTSIDE_CONTENT, "the document takes its style from elsewhere, so it cannot be judged")
