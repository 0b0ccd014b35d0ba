"""
`genai-layers cost`: what an environment costs idle, and what a million tokens costs on each path.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from genai_layers.catalog import groups, models, sizing, throughput
from genai_layers.catalog.errors import CatalogError
from genai_layers.catalog.groups import GroupFit
from genai_layers.catalog.layout import Fit
from genai_layers.cli import assembly, cost_report
from genai_layers.cli.assembly import AssemblyError, SynthesizedStack
from genai_layers.cli.chosen import ContextError, pair
from genai_layers.cost import (
    CostError,
    Mix,
    Report,
    TokenPrice,
    fleets,
    guardrail_per_million_tokens,
    idle_floor,
    per_million_tokens,
    token_paths,
)


def cost(
    environment: Annotated[
        str | None, typer.Option("-e", "--environment", help="Environment file, without its ending.")
    ] = None,
    template_dir: Annotated[
        Path | None, typer.Option(help="Price this cloud assembly instead of synthesizing, mostly cdk.out.")
    ] = None,
    context: Annotated[list[str] | None, typer.Option("-c", "--context", help="Override, KEY=VALUE.")] = None,
    directory: Annotated[Path, typer.Option(help="Folder that holds app.py and cdk.json.")] = Path(),
    region: Annotated[str | None, typer.Option(help="Region of stacks that name none.")] = None,
    input_tokens: Annotated[int, typer.Option(help="Prompt of a typical request, tokens.")] = 1024,
    output_tokens: Annotated[int, typer.Option(help="Answer of a typical request, tokens.")] = 256,
    tokens_per_second: Annotated[
        float | None, typer.Option(help="Answer tokens a second that you measured on one machine of the fleet.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """
    Print the idle floor in USD a month per stack and line, the price of a million tokens per path, and what has no
    price; exit 2 on bad input.
    """
    try:
        mix = Mix(input_tokens=input_tokens, output_tokens=output_tokens)
        stacks = _stacks(environment, template_dir, directory, context or (), quiet=as_json)
        report, paths, without = Report(), [], []
        for where, templates in _by_region(stacks, region).items():
            report = report.joined(idle_floor(templates, where))
            found, missing = _token_prices(templates, where, mix, tokens_per_second)
            paths += found
            without += missing
    except (AssemblyError, CatalogError, ContextError, CostError) as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(2) from fault
    if as_json:
        typer.echo(json.dumps(cost_report.as_data(report, paths, without), indent=2))
    else:
        cost_report.show(report, paths, without)


def _stacks(
    environment: str | None, template_dir: Path | None, directory: Path, context: Sequence[str], *, quiet: bool
) -> tuple[SynthesizedStack, ...]:
    if template_dir is not None:
        return assembly.read(template_dir)
    if environment is None:
        raise AssemblyError("nothing to price: give an environment with -e, or a cloud assembly with --template-dir")
    if not quiet:
        typer.echo(f"synthesizing {environment} ...", err=True)
    return assembly.synthesize(environment, directory=directory, context=dict(pair(entry) for entry in context))


def _by_region(stacks: Sequence[SynthesizedStack], region: str | None) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    grouped: defaultdict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for stack in stacks:
        where = stack.region or region
        if where is None:
            raise AssemblyError(f"stack {stack.name!r} names no region: give one with --region")
        grouped[where][stack.name] = stack.template
    return grouped


def _token_prices(
    templates: Mapping[str, Mapping[str, Any]], region: str, mix: Mix, measured: float | None
) -> tuple[list[TokenPrice], list[str]]:
    """
    A price for each path, and a sentence for each path that has none.
    """
    prices: list[TokenPrice] = []
    without: list[str] = []
    paths = token_paths(templates, region)
    without += [f"Bedrock {model_id}: not in the catalog" for model_id in paths.unknown]
    for model in paths.models:
        try:
            prices.append(per_million_tokens(model, region=region, mix=mix))
        except CostError as fault:
            without.append(str(fault))
    for name, lines in paths.guardrails.items():
        try:
            prices.append(guardrail_per_million_tokens(lines, region=region))
        except (CatalogError, CostError) as fault:
            without.append(f"guardrail {name}: {fault}")
    for fleet in fleets(templates):
        try:
            served_model = models.get(fleet.model)
            length = fleet.max_model_len or min(8192, served_model.context)
            fit: Fit | GroupFit = (
                sizing.fit(served_model, fleet.instance_type, length)
                if fleet.machines == 1
                else groups.fit(served_model, fleet.instance_type, length, machines=fleet.machines)
            )
            served = measured and throughput.measured(
                measured,
                input_tokens=max(1, mix.input_tokens),
                output_tokens=max(1, mix.output_tokens),
                source="given with --tokens-per-second",
            )
            prices.append(per_million_tokens(fit, region=region, mix=mix, served=served or None))
        except CatalogError as fault:
            without.append(f"fleet {fleet.stack}/{fleet.logical_id}: {fault}")
    return prices, without
