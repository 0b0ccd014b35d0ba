"""Why a document is refused: a code for programs, a sentence for its owner."""

from __future__ import annotations

from enum import Enum


class Reason(Enum):
    """Why a document is refused."""

    ACTIVE_CONTENT = "active_content"
    BOMB = "bomb"
    DAMAGED = "damaged"
    EMBEDDED_FILE = "embedded_file"
    ENCRYPTED = "encrypted"
    HIDDEN_TEXT = "hidden_text"
    MACRO = "macro"
    MALWARE = "malware"
    OUTSIDE_CONTENT = "outside_content"
    PATH = "path"
    SIZE = "size"
    UNREADABLE = "unreadable"
    WRONG_TYPE = "wrong_type"


class RefusedError(Exception):
    """
    A document that may not be retrieved.

    Attributes:
        reason: Why.
        message: Why, for the person who uploaded it; in our words, never the document's.
    """

    def __init__(self, reason: Reason, message: str) -> None:
        self.reason = reason
        self.message = message
        super().__init__(message)
