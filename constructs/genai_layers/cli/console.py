"""How every command prints: nothing cut off, in a terminal and in a pipeline's log."""

from __future__ import annotations

import rich.box
from rich.console import Console
from rich.table import Table

_PIPELINE_COLUMNS = 132
"""Width where there is no terminal to ask: wide enough for our tables, and what CI logs show."""


def console() -> Console:
    """A console that leaves `kms:key:` as it is, which rich would take for a picture."""
    made = Console(emoji=False)
    return made if made.is_terminal else Console(emoji=False, width=_PIPELINE_COLUMNS)


def new_table(title: str, *, show_footer: bool = False) -> Table:
    """A table with its title to the left and thin lines; a cell that is too long is folded, not cut."""
    return Table(title=title, title_justify="left", box=rich.box.SIMPLE_HEAD, show_footer=show_footer)


def print_table(made: Table) -> None:
    """Print *made* with every column folded where it is too narrow."""
    for column in made.columns:
        column.overflow = "fold"
    console().print(made)
