"""Say what is going on, how long it took, and how it ended."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

_MINUTE_SECONDS = 60
_WIDTH_WITHOUT_TERMINAL = 130


def _console() -> Console:
    """Standard output, as wide as the terminal; in a file or a pipe wide enough for the tables."""
    width = None if Console().is_terminal else _WIDTH_WITHOUT_TERMINAL
    return Console(highlight=False, soft_wrap=True, width=width)


@dataclass(slots=True)
class Progress:
    """
    The demo's voice.

    Args:
        console: Where to print.
    """

    console: Console = field(default_factory=_console)
    _steps: list[tuple[str, float, bool]] = field(default_factory=list)

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Announce a step, time it, and note how it ended."""
        self.console.print(f"\n[bold cyan]{len(self._steps) + 1}. {title}[/]")
        began = time.monotonic()
        done = False
        try:
            yield
            done = True
        finally:
            took = time.monotonic() - began
            self._steps.append((title, took, done))
            self.console.print(f"   [dim]{'done' if done else 'failed'} after {duration(took)}[/]")

    def say(self, text: str) -> None:
        """Print one indented line."""
        self.console.print(f"   {text}")

    def warn(self, text: str) -> None:
        """Print one indented line that stands out."""
        self.console.print(f"   [yellow]{text}[/]")

    def show(self, table: Table) -> None:
        """Print a table."""
        self.console.print(table)

    def summary(self) -> None:
        """Print every step with its time."""
        table = Table(title="Summary", title_justify="left")
        table.add_column("step")
        table.add_column("result")
        table.add_column("time", justify="right")
        for title, took, done in self._steps:
            table.add_row(title, "[green]done[/]" if done else "[red]failed[/]", duration(took))
        table.add_section()
        table.add_row("all", "", duration(sum(took for _, took, _ in self._steps)))
        self.console.print()
        self.console.print(table)


def duration(seconds: float) -> str:
    """
    A time as people read it.

    Example:
        >>> duration(75.2)
        '1 min 15 s'
    """
    if seconds < _MINUTE_SECONDS:
        return f"{seconds:.1f} s"
    return f"{int(seconds // _MINUTE_SECONDS)} min {seconds % _MINUTE_SECONDS:.0f} s"
