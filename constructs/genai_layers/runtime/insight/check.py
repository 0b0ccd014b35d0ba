"""
Decides whether a statement may run: one SELECT from declared tables, of declared columns, with a bound on its rows.

Every word has to be known: a keyword, a function, a table, a column, or a name that the statement gives itself.
This is the first guard; the role of the function, which can read these tables and nothing else, is the second.
"""

from __future__ import annotations

from .structure import Names, Schema, structure
from .tokens import Kind, SqlError, Token, tokens
from .words import BEFORE_A_BRACKET, FUNCTIONS, KEYWORDS, TYPES, UNRESERVED


def checked(sql: str, schema: Schema, *, database: str, max_rows: int) -> str:
    """
    Return *sql* as it may run, with its bound on rows.

    Args:
        sql: What a model wrote.
        schema: Declared columns by declared table, in lower case.
        database: Their database.
        max_rows: Rows that come back at most.

    Raises:
        SqlError: It may not run.
    """
    found = tokens(sql)
    if not found or found[0] != Token(Kind.WORD, "select"):
        raise SqlError("the statement does not begin with SELECT")
    names = Names()
    taken = structure(found, schema, database, names)
    if not names.used:
        raise SqlError("the statement reads no table")
    _words(found, schema, names, taken)
    return _bounded(sql, found, max_rows)


def _words(found: list[Token], schema: Schema, names: Names, taken: set[int]) -> None:
    """Check that every word is known, and every column is one that was declared of its table."""
    is_ordering, depth = False, 0
    for at, token in enumerate(found):
        before = found[at - 1] if at else None
        after = found[at + 1] if at + 1 < len(found) else None
        opens = after == Token(Kind.SIGN, "(")
        depth += {"(": 1, ")": -1}.get(token.text, 0) if token.kind is Kind.SIGN else 0
        if token == Token(Kind.SIGN, "*"):
            _star(found, at)
        if not token.is_name or at in taken:
            continue
        is_ordering = is_ordering or (depth == 0 and token == Token(Kind.WORD, "order"))
        if token.kind is Kind.WORD and token.text in KEYWORDS and before != Token(Kind.SIGN, "."):
            if opens and token.text not in BEFORE_A_BRACKET | FUNCTIONS:
                raise SqlError("a bracket follows a word that takes none")
            if token.text in UNRESERVED and not opens:
                _unreserved(token.text, before, after, schema, names)
        elif opens:
            if token.kind is not Kind.WORD or token.text not in FUNCTIONS | TYPES:
                raise SqlError("the statement calls a function that is not allowed")
        elif before == Token(Kind.WORD, "as") or (
            token.text in TYPES and after is not None and after.kind is Kind.TEXT
        ):
            # A type: names that AS gives are settled already.
            continue
        elif after == Token(Kind.SIGN, "."):
            if before == Token(Kind.SIGN, ".") or token.text not in {*names.tables, *names.derived}:
                raise SqlError("a column is of a table that the statement does not read")
        elif before == Token(Kind.SIGN, "."):
            _qualified(found[at - 2].text, token.text, schema, names)
        elif not (is_ordering and depth == 0 and token.text in names.outputs):
            _bare(token.text, schema, names)


def _unreserved(word: str, before: Token | None, after: Token | None, schema: Schema, names: Names) -> None:
    """Check a word that SQL also takes for a column: it has to stand where it can be no column."""
    is_after_value = before is not None and (
        before.text in (")", "end") or before.kind in (Kind.NUMBER, Kind.TEXT, Kind.QUOTED)
    )
    is_after_value = is_after_value or (
        before is not None and before.kind is Kind.WORD and before.text not in KEYWORDS - {"asc", "desc"}
    )
    fits = {
        "limit": True,
        "asc": is_after_value,
        "desc": is_after_value,
        "nulls": is_after_value and after is not None and after.text in ("first", "last"),
        "first": before == Token(Kind.WORD, "nulls"),
        "last": before == Token(Kind.WORD, "nulls"),
        "interval": after is not None and after.kind is Kind.TEXT,
        "partition": after == Token(Kind.WORD, "by"),
        "over": False,
    }.get(word, before is not None and before.kind is Kind.TEXT)
    if not fits:
        _bare(word, schema, names)


def _star(found: list[Token], at: int) -> None:
    """Refuse a star that means all columns: the table may have more than were declared."""
    before = found[at - 1]
    is_count = at >= 2 and before.text == "(" and found[at - 2] == Token(Kind.WORD, "count")
    is_product = before.kind in (Kind.NUMBER, Kind.QUOTED) or before.text == ")"
    is_product = is_product or (before.kind is Kind.WORD and before.text not in KEYWORDS)
    if not is_count and not is_product:
        raise SqlError("the statement asks for all columns: name them")


def _qualified(qualifier: str, column: str, schema: Schema, names: Names) -> None:
    tables = names.tables.get(qualifier, set())
    if tables:
        is_known = all(column in schema[table] for table in tables)
    else:
        is_known = column in names.outputs or any(column in schema[table] for table in names.used)
    if not is_known:
        raise SqlError("the statement reads a column that was not declared")


def _bare(column: str, schema: Schema, names: Names) -> None:
    # Where several tables are read, a bare name could be an undeclared column of any of them.
    if not all(column in schema[table] for table in names.used):
        raise SqlError("the statement reads a column that was not declared, or does not say of which table it is")


def _bounded(sql: str, found: list[Token], max_rows: int) -> str:
    """Return *sql* with a LIMIT at its end that is at most *max_rows*."""
    depth, limits = 0, []
    for at, token in enumerate(found):
        if token.kind is Kind.SIGN:
            depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token == Token(Kind.WORD, "limit") and depth == 0:
            limits.append(at)
    if not limits:
        return f"{sql.strip()} LIMIT {max_rows}"
    if limits != [len(found) - 2] or found[-1].kind is not Kind.NUMBER or not found[-1].text.isdigit():
        raise SqlError("LIMIT is not the end of the statement")
    kept = sql.rstrip()[: -len(found[-1].text)]
    return f"{kept.rstrip()} {min(int(found[-1].text), max_rows)}"
