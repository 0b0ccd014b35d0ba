"""Which paths are files of the page, and which are the API's."""

from __future__ import annotations

from collections.abc import Mapping

from genai_layers.web.page import STATIC

API_PATHS = (
    "/chat",
    "/conversations",
    "/conversations/*",
    "/documents",
    "/documents/*",
    "/playground",
    "/playground/models",
    "/usage",
    "/v1/models",
)
"""Paths that lead to the API instead of a file; the page calls no other."""

_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".svg": "image/svg+xml",
}


def media_type(path: str) -> str:
    """
    Return the media type of a file of the page.

    Example:
        >>> media_type("/js/main.js")
        'text/javascript; charset=utf-8'
    """
    return _MEDIA_TYPES[path[path.rindex(".") :]]


def page_files() -> Mapping[str, bytes]:
    """Return every file of the page by its path, which begins with a slash."""
    return {
        f"/{path.relative_to(STATIC).as_posix()}": path.read_bytes()
        for path in sorted(STATIC.rglob("*"))
        if path.suffix in _MEDIA_TYPES
    }
