"""The environment that a command is about, with its overrides; the same words for every command."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from genai_layers.settings import Settings, SettingsError, load


def chosen(environment: str, directory: Path, context: Sequence[str]) -> Settings:
    """
    The settings of *environment*; says every fault and exits 2 where there is one.

    Args:
        environment: Environment file, without its ending.
        directory: Where the environment files lie.
        context: Overrides, `KEY=VALUE`.
    """
    try:
        return load(environment, directory, dict(pair(entry) for entry in context))
    except (SettingsError, ContextError) as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(2) from fault


class ContextError(ValueError):
    """An override has not the form KEY=VALUE."""


def pair(entry: str) -> tuple[str, str]:
    """
    Key and value of an override.

    Raises:
        ContextError: There is no `=` in it.
    """
    key, separator, value = entry.partition("=")
    if not separator:
        raise ContextError(f"context {entry!r} has no '=': write KEY=VALUE, as for `cdk -c`")
    return key, value
