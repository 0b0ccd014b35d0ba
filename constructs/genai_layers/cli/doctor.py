"""`genai-layers doctor`: asks which models the account may not use yet, and where to ask for them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import boto3
import typer

from genai_layers.preflight.model_access import foundation_model, models_of, standings
from genai_layers.settings import SettingsError, load


def doctor(
    environment: Annotated[str, typer.Option("-e", "--environment", help="Environment file, without its ending.")],
    model: Annotated[list[str] | None, typer.Option("-m", "--model", help="One more model to ask about.")] = None,
    directory: Annotated[Path, typer.Option(help="Where the environment files lie.")] = Path("stacks/environments"),
) -> None:
    """
    Say of each model of ENVIRONMENT whether the account may use it, and what to do if not; exit 2 then.
    """
    try:
        settings = load(environment, directory, {})
    except SettingsError as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(2) from fault
    wanted = dict.fromkeys((*models_of(settings), *(foundation_model(name) for name in model or ())))
    found = standings(tuple(wanted), settings.region, boto3.Session())
    for standing in found:
        if standing.is_granted:
            typer.echo(f"{standing.model} is granted in {standing.region}")
        for blocker in standing.blockers:
            typer.echo(f"- {blocker}", err=True)
    if not all(standing.is_granted for standing in found):
        raise typer.Exit(2)
