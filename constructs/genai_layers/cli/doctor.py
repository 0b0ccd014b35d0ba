"""`genai-layers doctor`: asks which models the account may not use yet, and where to ask for them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import boto3
import typer

from genai_layers.cli.chosen import chosen
from genai_layers.preflight.model_access import foundation_model, models_of, standings


def doctor(
    environment: Annotated[str, typer.Option("-e", "--environment", help="Environment file, without its ending.")],
    model: Annotated[list[str] | None, typer.Option("-m", "--model", help="One more model to ask about.")] = None,
    context: Annotated[list[str] | None, typer.Option("-c", "--context", help="Override, KEY=VALUE.")] = None,
    directory: Annotated[Path, typer.Option(help="Where the environment files lie.")] = Path("stacks/environments"),
) -> None:
    """
    Say of each model of ENVIRONMENT whether the account may use it, and what to do if not; exit 2 then.
    """
    settings = chosen(environment, directory, context or ())
    wanted = dict.fromkeys((*models_of(settings), *(foundation_model(name) for name in model or ())))
    found = standings(tuple(wanted), settings.region, boto3.Session())
    for standing in found:
        if standing.is_granted:
            typer.echo(f"{standing.model} is granted in {standing.region}")
        for blocker in standing.blockers:
            typer.echo(f"- {blocker}", err=True)
    if not all(standing.is_granted for standing in found):
        raise typer.Exit(2)
