"""`genai-layers preflight`: asks what a deploy would stumble over, before it starts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import boto3
import typer

from genai_layers import preflight as checks
from genai_layers.cli.chosen import chosen


def preflight(
    environment: Annotated[str, typer.Option("-e", "--environment", help="Environment file, without its ending.")],
    context: Annotated[list[str] | None, typer.Option("-c", "--context", help="Override, KEY=VALUE.")] = None,
    directory: Annotated[Path, typer.Option(help="Where the environment files lie.")] = Path("stacks/environments"),
) -> None:
    """
    Check that ENVIRONMENT can be deployed with the credentials at hand; exit 2 if not.

    Quotas are asked for last, and only of an account that could be deployed to.
    """
    settings = chosen(environment, directory, context or ())
    session = boto3.Session()
    found = checks.blockers(settings, session)
    if not found:
        for quotas in (checks.machine_quotas(settings, session), checks.knowledge_quotas(settings, session)):
            found += quotas.blockers
            for notice in quotas.notices:
                typer.echo(f"note: {notice}", err=True)
    for blocker in found:
        typer.echo(f"- {blocker}", err=True)
    if found:
        raise typer.Exit(2)
    typer.echo(f"{environment} can be deployed to {settings.region}")
