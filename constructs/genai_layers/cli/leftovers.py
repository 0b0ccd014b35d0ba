"""`genai-layers leftovers`: what an account still holds of an environment after it was destroyed."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import boto3
import typer

from genai_layers.cli.chosen import chosen
from genai_layers.preflight.leftovers import Leftover, leftovers


def list_leftovers(
    environment: Annotated[str, typer.Option("-e", "--environment", help="Environment file, without its ending.")],
    fail: Annotated[bool, typer.Option("--fail", help="Exit 1 if anything stays.")] = False,
    context: Annotated[list[str] | None, typer.Option("-c", "--context", help="Override, KEY=VALUE.")] = None,
    directory: Annotated[Path, typer.Option(help="Where the environment files lie.")] = Path("stacks/environments"),
) -> None:
    """
    List what stands of ENVIRONMENT without its stack: what is kept on purpose, and what a destroy has left behind.
    """
    settings = chosen(environment, directory, context or ())
    found = leftovers(settings.environment, partial(boto3.Session().client, region_name=settings.region))
    staying = [one for one in found if one.stays]
    for one in found:
        typer.echo(_line(one))
    living = sum(one.is_of_a_living_stack for one in found)
    typer.echo(
        f"{len(staying)} stay, {sum(one.goes_at is not None for one in found)} go by themselves, {living} have a stack"
    )
    if staying:
        why = (
            "removal is 'retain', so what holds data is kept" if settings.removal == "retain" else "nothing keeps them"
        )
        typer.echo(
            f"{why}: delete each that nobody needs; a key last, since what it encrypted cannot be read without it"
        )
    if staying and fail:
        raise typer.Exit(1)


def _line(one: Leftover) -> str:
    if one.is_of_a_living_stack:
        state = "has its stack"
    elif one.goes_at is not None:
        state = f"goes at {one.goes_at:%Y-%m-%d}"
    else:
        state = "stays"
    return f"{state:<16} {one.stack:<12} {one.arn}"
