"""How a model writes the SQL that answers a question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aws_cdk import Duration

# CloudFormation schema of AWS::Bedrock::KnowledgeBase, 2026-11-25.
MAX_SECONDS, MAX_TABLES, MAX_CURATED = 200, 50, 10
_MAX_DESCRIPTION, _MAX_TEXT = 200, 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedTable:
    """
    What a model should know of one table.

    Attributes:
        name: Table as `database.schema.table`.
        description: What it holds, up to 200 characters. Default: its name says it.
        columns: What columns hold, by their name. Default: their names say it.
        hidden_columns: Columns that the model is not told of; a restriction of accuracy, and none of access. Default:
            none.
        is_hidden: Whether the model is not told of the table at all. Default: it is.
    """

    name: str
    description: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    hidden_columns: Sequence[str] = ()
    is_hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryGeneration:
    """
    How a model writes the SQL that answers a question.

    All of it can be changed in place.

    Attributes:
        timeout: Longest run of a query, 1 to 200 seconds; a bound on the bill. Default: 60 seconds.
        tables: What the model should know of tables, up to 50. Default: what the catalog of the warehouse says.
        curated: Questions and the SQL that answers them, up to 10; the model learns from them. Default: none.
    """

    timeout: Duration = field(default_factory=lambda: Duration.seconds(60))
    tables: Sequence[DescribedTable] = ()
    curated: Mapping[str, str] = field(default_factory=dict)

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        seconds = self.timeout.to_seconds()
        faults = []
        if not 1 <= seconds <= MAX_SECONDS:
            faults.append(f"timeout is {seconds:g} seconds, allowed are 1 to {MAX_SECONDS}")
        faults += [
            f"there are {count} {name}, at most {most} are allowed"
            for name, count, most in (
                ("tables", len(self.tables), MAX_TABLES),
                ("curated queries", len(self.curated), MAX_CURATED),
            )
            if count > most
        ]
        for table in self.tables:
            faults += _table_faults(table)
        faults += [
            f"{name} of curated query {question[:40]!r} has {len(text)} characters, allowed are 1 to {_MAX_TEXT}"
            for question, sql in self.curated.items()
            for name, text in (("question", question), ("sql", sql))
            if not 1 <= len(text) <= _MAX_TEXT
        ]
        return faults

    def render(self) -> dict[str, object]:
        """Return the settings as CloudFormation wants them."""
        context: dict[str, object] = {}
        if self.tables:
            context["tables"] = [_rendered(table) for table in self.tables]
        if self.curated:
            context["curatedQueries"] = [{"naturalLanguage": one, "sql": sql} for one, sql in self.curated.items()]
        settings: dict[str, object] = {"executionTimeoutSeconds": self.timeout.to_seconds()}
        if context:
            settings["generationContext"] = context
        return settings


def _table_faults(table: DescribedTable) -> list[str]:
    faults = []
    if table.name.count(".") != 2:
        faults.append(f"table {table.name!r} is not whole: write it as database.schema.table")
    described = {"table": table.description, **table.columns}
    faults += [
        f"description of {name!r} in {table.name!r} has {len(text)} characters, allowed are 1 to {_MAX_DESCRIPTION}"
        for name, text in described.items()
        if text is not None and not 1 <= len(text) <= _MAX_DESCRIPTION
    ]
    both = sorted({*table.columns} & {*table.hidden_columns})
    if both:
        faults.append(f"columns {', '.join(both)} of {table.name!r} are described and hidden: choose one")
    return faults


def _rendered(table: DescribedTable) -> dict[str, object]:
    columns: list[dict[str, object]] = [
        {"name": name, "description": text, "inclusion": "INCLUDE"} for name, text in table.columns.items()
    ]
    columns += [{"name": name, "inclusion": "EXCLUDE"} for name in table.hidden_columns]
    rendered: dict[str, object] = {"name": table.name, "inclusion": "EXCLUDE" if table.is_hidden else "INCLUDE"}
    if table.description is not None:
        rendered["description"] = table.description
    if columns:
        rendered["columns"] = columns
    return rendered
