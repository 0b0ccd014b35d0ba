"""Tables that questions may be asked about, declared and checked before anything is deployed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from genai_layers.runtime.assist.packed import packed
from genai_layers.runtime.insight.words import FUNCTIONS, KEYWORDS

MAX_TABLES = 20
MAX_PACKED = 2_000
"""Characters of all declarations together, packed; all settings of a function together have 4 KB."""

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,127}")
_PREFIX = re.compile(r"([A-Za-z0-9!_.'()=-]+/)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTable:
    """
    A table of the Glue catalog that may be read.

    Attributes:
        name: Its name in the database, in lower case.
        about: What the model and the people who ask are told of it.
        columns: Columns that may be read, with type and meaning: `{"amount": "double, in euros"}`. A column that is
            not named here is read by no statement.
        bucket: Where its files lie.
        prefix: Where in the bucket, with a slash at its end. Default: all of it.
        key: Key of its files. Default: none beside that of the bucket, if it is known.
    """

    name: str
    about: str
    columns: Mapping[str, str]
    bucket: s3.IBucket
    prefix: str = ""
    key: kms.IKey | None = None

    @property
    def files_key(self) -> kms.IKey | None:
        """Key of its files, if it is known."""
        return self.key or self.bucket.encryption_key

    def faults(self) -> list[str]:
        """Return what is wrong with it."""
        named = [self.name, *self.columns]
        faults = [
            f"table {self.name!r}: {name!r} is not a name in lower case of letters, digits and _"
            for name in named
            if not _NAME.fullmatch(name)
        ]
        if self.name in KEYWORDS | FUNCTIONS:
            faults.append(f"table {self.name!r} is called like a word of SQL: give the question a view of it")
        if not self.columns:
            faults.append(f"table {self.name!r} declares no columns: name those that may be read")
        if not 1 <= len(self.about) <= 500:
            faults.append(f"table {self.name!r} has an about of {len(self.about)} characters: give 1 to 500")
        if not _PREFIX.fullmatch(self.prefix):
            faults.append(f"table {self.name!r} has prefix {self.prefix!r}: end it with a slash, without wildcards")
        return faults


def faults_of(tables: Sequence[DataTable], database: str) -> list[str]:
    """
    Return what is wrong with *tables* together.

    Args:
        tables: Tables.
        database: Their database.
    """
    faults = [fault for table in tables for fault in table.faults()]
    if not _NAME.fullmatch(database):
        faults.append(f"database is {database!r}: give a name in lower case of letters, digits and _")
    if not 1 <= len(tables) <= MAX_TABLES:
        faults.append(f"tables has {len(tables)}: give 1 to {MAX_TABLES}")
    if len({table.name for table in tables}) < len(tables):
        faults.append("tables names one twice: declare each once")
    if (size := len(declared(tables))) > MAX_PACKED:
        faults.append(f"the declarations of all tables take {size} characters, at most {MAX_PACKED} fit: shorten them")
    return faults


def declared(tables: Sequence[DataTable]) -> str:
    """Return *tables* as the environment of the function holds them."""
    return packed([{"name": one.name, "about": one.about, "columns": dict(one.columns)} for one in tables])
