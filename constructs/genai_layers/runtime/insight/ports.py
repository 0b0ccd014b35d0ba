"""What answers about data stand on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, Protocol

from ..assist import settings as shared
from ..assist.asking import Model
from ..assist.packed import unpacked
from ..assist.settings import AssistSettings
from ..chat.budget import Budgets
from ..chat.replay import Replays
from ..shared.env import Environment
from .structure import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """
    A table that may be read.

    Attributes:
        name: Its name in the database.
        about: What it holds.
        columns: Type, or type and meaning, by column.
    """

    name: str
    about: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """
    What a statement brought.

    Attributes:
        columns: Names of the columns.
        rows: Cells as text; None where there is no value.
        bytes_scanned: What was read.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    bytes_scanned: int


class Engine(Protocol):
    """What runs statements."""

    def run(self, sql: str, name: str, seconds_left: Callable[[], float]) -> Result:
        """Return what *sql* brings; the same *name* runs once."""


class Judge(Protocol):
    """The guardrail by itself."""

    def judged(self, text: str, source: str = "INPUT") -> str | None:
        """Return *text* as the guardrail lets it through, masked where it masks; None where it blocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InsightSettings(AssistSettings):
    """
    Settings of answers about data.

    Attributes:
        database: Database of the tables.
        workgroup: Where statements run.
        tables: What may be read.
        max_rows: Rows of an answer.
        query_seconds: Longest run of a statement.
    """

    database: str
    workgroup: str
    tables: tuple[Table, ...]
    max_rows: int = 100
    query_seconds: int = 30

    @property
    def schema(self) -> Schema:
        """Declared columns by declared table."""
        return {table.name: frozenset(table.columns) for table in self.tables}


@dataclass(frozen=True, slots=True, kw_only=True)
class InsightPorts:
    """
    What answers about data stand on.

    Attributes:
        settings: Their settings.
        model: Writes statements and sums up what they brought.
        judge: Judges what they brought.
        engine: Runs statements.
        replays: Answers to repeated requests.
        budgets: Tokens of the day.
        now: The time, UTC.
    """

    settings: InsightSettings
    model: Model
    judge: Judge
    engine: Engine
    replays: Replays
    budgets: Budgets
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))


def read(environment: Environment) -> InsightSettings:
    """
    Return the settings in *environment*.

    Raises:
        MissingSettingError: Names every setting that is missing or wrong.
    """
    database, workgroup, tables = (environment.text(name) for name in ("DATABASE", "WORKGROUP", "TABLES"))
    max_rows = environment.whole("MAX_ROWS", minimum=1)
    query_seconds = environment.whole("QUERY_SECONDS", minimum=1)
    common = shared.read(environment)
    declared: list[dict[str, Any]] = json.loads(unpacked(tables))
    return InsightSettings(
        **{one.name: getattr(common, one.name) for one in fields(common)},
        database=database,
        workgroup=workgroup,
        tables=tuple(Table(name=one["name"], about=one["about"], columns=one["columns"]) for one in declared),
        max_rows=max_rows,
        query_seconds=query_seconds,
    )
