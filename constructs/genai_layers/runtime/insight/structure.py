"""Reads the shape of a statement: brackets, clauses, where rows come from, and the names that it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .tokens import Kind, SqlError, Token
from .words import AFTER_A_SOURCE, FUNCTIONS, KEYWORDS, TYPES

MAX_DEPTH = 8
MAX_JOINS = 4
MAX_SELECTS = 5

Schema = Mapping[str, frozenset[str]]
"""Columns by table."""


@dataclass(slots=True)
class _Level:
    """What stands between two brackets: a statement once it has a SELECT, else an expression."""

    clause: str = ""
    joins: int = 0
    conditions: int = 0


@dataclass(slots=True)
class Names:
    """
    Names that the statement gives.

    Attributes:
        tables: Tables behind a qualifier; several where it is given more than once.
        derived: Qualifiers of statements in brackets.
        outputs: Names of results.
    """

    tables: dict[str, set[str]] = field(default_factory=dict)
    derived: set[str] = field(default_factory=set)
    outputs: set[str] = field(default_factory=set)

    @property
    def used(self) -> set[str]:
        """Tables that the statement reads."""
        return {table for each in self.tables.values() for table in each}


def structure(found: list[Token], schema: Schema, database: str, names: Names) -> set[int]:
    """
    Check brackets, clauses and sources; gather *names*, and return the places of tokens that are settled.

    Args:
        found: The statement.
        schema: Declared columns by declared table.
        database: Their database.
        names: Is given the names.

    Raises:
        SqlError: The shape is not one that may run.
    """
    levels = [_Level()]
    taken: set[int] = set()
    selects = joins = 0
    closed_source = False
    for at, token in enumerate(found):
        level, word = levels[-1], token.text if token.kind is Kind.WORD else ""
        if token == Token(Kind.SIGN, "("):
            levels.append(_Level())
            if len(levels) > MAX_DEPTH:
                raise SqlError(f"the statement is nested deeper than {MAX_DEPTH}")
        elif token == Token(Kind.SIGN, ")"):
            _end(levels.pop())
            if not levels:
                raise SqlError("a bracket is closed that was not opened")
            closed_source = _is_source(found, at)
        elif word == "select":
            if level.clause:
                raise SqlError("one SELECT follows another")
            level.clause, selects = "select", selects + 1
        elif word in ("where", "group", "having", "order", "limit") and level.clause:
            level.clause = word
        elif word in ("from", "join"):
            if not level.clause:
                raise SqlError("FROM stands outside of a SELECT")
            level.clause, joins = "from", joins + (word == "join")
            level.joins += word == "join"
            _source(found, at + 1, schema, database, names, taken)
        elif word == "on":
            level.conditions += 1
        elif token == Token(Kind.SIGN, ",") and level.clause == "from":
            raise SqlError("tables are joined without a condition")
        elif word == "as":
            _named(found, at + 1, names, taken, is_source=level.clause == "from", is_derived=closed_source)
        if token != Token(Kind.SIGN, ")") and word != "as":
            closed_source = False
    if len(levels) != 1:
        raise SqlError("a bracket is left open")
    _end(levels[0])
    if selects > MAX_SELECTS or joins > MAX_JOINS:
        raise SqlError(f"the statement has more than {MAX_SELECTS} SELECTs or {MAX_JOINS} joins")
    return taken


def _end(level: _Level) -> None:
    if level.joins > level.conditions:
        raise SqlError("tables are joined without a condition")


def _is_source(found: list[Token], at: int) -> bool:
    """Return whether the bracket that closes at *at* was opened where a table could stand."""
    depth = 0
    for place in range(at, -1, -1):
        depth += {")": 1, "(": -1}.get(found[place].text, 0) if found[place].kind is Kind.SIGN else 0
        if depth == 0:
            return place > 0 and found[place - 1].text in ("from", "join") and found[place - 1].kind is Kind.WORD
    return False


def _source(found: list[Token], at: int, schema: Schema, database: str, names: Names, taken: set[int]) -> None:
    """Check what stands after FROM or JOIN: a declared table, or a bracket."""
    if at < len(found) and found[at] == Token(Kind.SIGN, "("):
        if at + 1 >= len(found) or found[at + 1] != Token(Kind.WORD, "select"):
            raise SqlError("a bracket after FROM holds no SELECT")
        return
    first = _name(found, at)
    if at + 1 < len(found) and found[at + 1] == Token(Kind.SIGN, "."):
        if first != database:
            raise SqlError("the statement reads another database")
        taken.add(at)
        at += 2
        first = _name(found, at)
    if first not in schema:
        raise SqlError("the statement reads a table that was not declared")
    taken.add(at)
    alias = at + 1
    if alias < len(found) and found[alias] == Token(Kind.WORD, "as"):
        alias += 1
    if alias < len(found) and found[alias].is_name and found[alias].text not in KEYWORDS:
        names.tables.setdefault(found[alias].text, set()).add(first)
        taken.add(alias)
        _follows(found, alias + 1)
    else:
        names.tables.setdefault(first, set()).add(first)
        _follows(found, at + 1)


def _follows(found: list[Token], at: int) -> None:
    """Check that nothing stands after a source that would make it another: a sample, a time of the past."""
    if at < len(found) and found[at].text not in AFTER_A_SOURCE:
        raise SqlError("a table is followed by what is not allowed")


def _name(found: list[Token], at: int) -> str:
    if at >= len(found) or not found[at].is_name:
        raise SqlError("a table has no name")
    return found[at].text


def _named(found: list[Token], at: int, names: Names, taken: set[int], *, is_source: bool, is_derived: bool) -> None:
    """Take the name that AS gives to a result or to a statement in brackets."""
    if at >= len(found) or not found[at].is_name:
        raise SqlError("AS gives no name")
    name = found[at]
    if at in taken or (name.kind is Kind.WORD and name.text in TYPES):
        return
    if name.kind is Kind.WORD and name.text in KEYWORDS | FUNCTIONS:
        raise SqlError("AS gives a name that is a word of SQL")
    taken.add(at)
    if is_source or is_derived:
        names.derived.add(name.text)
        _follows(found, at + 1)
    else:
        names.outputs.add(name.text)
