"""Cuts SQL into tokens and refuses whatever this reader and the engine might read differently."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

MAX_CHARACTERS = 4_000
MAX_TOKENS = 600

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
    |(?P<comment>--|/\*|\*/|\#)
    |(?P<text>'(?:[^']|'')*')
    |(?P<quoted>"[a-z_][a-z0-9_]*")
    |(?P<number>\d+(?:\.\d+)?(?![A-Za-z0-9_.]))
    |(?P<word>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<sign><=|>=|<>|!=|\|\||[-+*/%=<>(),.])""",
    re.VERBOSE,
)


class Kind(Enum):
    """What a token is."""

    WORD = "word"
    QUOTED = "quoted"
    TEXT = "text"
    NUMBER = "number"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Token:
    """
    A piece of SQL.

    Attributes:
        kind: What it is.
        text: Names and words in lower case and without quotation marks, everything else as written.
    """

    kind: Kind
    text: str

    @property
    def is_name(self) -> bool:
        """Whether it can name something."""
        return self.kind in (Kind.WORD, Kind.QUOTED)


class SqlError(ValueError):
    """A statement that is not run."""


def tokens(sql: str) -> list[Token]:
    """
    Return the tokens of *sql*.

    There are no comments, no second statement, no escapes, no letters of other alphabets outside of texts, and
    nothing that is left open: whatever begins must be read to its end here.

    Args:
        sql: What a model wrote.

    Raises:
        SqlError: It holds something else, or is too long.

    Example:
        >>> [token.text for token in tokens("SELECT count(*) FROM orders")]
        ['select', 'count', '(', '*', ')', 'from', 'orders']
    """
    if len(sql) > MAX_CHARACTERS:
        raise SqlError(f"the statement has more than {MAX_CHARACTERS} characters")
    found: list[Token] = []
    at = 0
    while at < len(sql):
        match = _TOKEN.match(sql, at)
        if match is None:
            raise SqlError("the statement holds a character that is not allowed")
        at = match.end()
        kind = match.lastgroup or ""
        if kind == "comment":
            raise SqlError("the statement holds a comment")
        if kind != "space":
            found.append(_token(kind, match[0]))
    if len(found) > MAX_TOKENS:
        raise SqlError(f"the statement has more than {MAX_TOKENS} words")
    return found


def _token(kind: str, text: str) -> Token:
    if kind == "quoted":
        return Token(Kind.QUOTED, text[1:-1])
    return Token(Kind(kind), text.lower() if kind == "word" else text)
