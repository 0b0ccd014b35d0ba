"""
`genai-layers size`: which machines serve a model, and what its tokens cost there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

import typer

from genai_layers.catalog import groups, instances, layout, models, regions, sizing, throughput
from genai_layers.catalog.accelerators import Precision, Vendor
from genai_layers.catalog.errors import CatalogError, SizingError
from genai_layers.catalog.groups import GroupFit
from genai_layers.catalog.layout import Fit
from genai_layers.catalog.throughput import Throughput
from genai_layers.cli.console import console, new_table, print_table
from genai_layers.cost import CostError, Mix, TokenPrice, per_million_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    fit: Fit
    machines: int
    usd_per_hour: Decimal | None
    tokens: TokenPrice | None
    is_measured: bool = False


def size(
    model: Annotated[str, typer.Option(help="Model of the catalog, e.g. llama-3.1-70b.")],
    context: Annotated[int, typer.Option(help="Longest request, prompt and answer together, tokens.")] = 8192,
    concurrency: Annotated[int, typer.Option(help="Requests of that length at once on one machine.")] = 1,
    precision: Annotated[str | None, typer.Option(help="Weights: bf16, fp16, fp8, int8, int4 or mxfp4.")] = None,
    vendor: Annotated[list[str] | None, typer.Option(help="nvidia or neuron; repeat for both.")] = None,
    region: Annotated[str, typer.Option(help="Region to price in.")] = "us-east-1",
    nitro_tpm: Annotated[bool, typer.Option(help="Only machines that can boot an attestable image.")] = False,
    input_tokens: Annotated[int, typer.Option(help="Prompt of a typical request, tokens.")] = 1024,
    output_tokens: Annotated[int, typer.Option(help="Answer of a typical request, tokens.")] = 256,
    measured: Annotated[
        list[str] | None, typer.Option(help="Answer tokens a second that you measured, MACHINE=NUMBER; repeatable.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """
    Print the machines that MODEL fits, cheapest first, with their cache, concurrency and USD per million tokens; where
    none holds it, the groups of machines that do; exit 2 when there are none either.
    """
    try:
        chosen = models.get(model)
        regions.partition(region)
        mix = Mix(input_tokens=input_tokens, output_tokens=output_tokens)
        _check(chosen, context, concurrency)
        figures = _figures(measured or (), mix)
        fits = sizing.candidates(
            chosen,
            max_model_len=context,
            precision=_precision(precision),
            concurrency=concurrency,
            vendors=_vendors(vendor),
            nitro_tpm=True if nitro_tpm else None,
        )
        laid_out: list[Fit | GroupFit] = [*fits]
        if not fits and not nitro_tpm:
            laid_out += _groups(chosen, context, concurrency, precision, vendor)
        if not laid_out:
            raise SizingError(
                f"model {chosen.id!r} fits no single machine and no group of up to {groups.MOST_MACHINES} at context "
                f"{context} with {concurrency} requests at once: lower --context or --concurrency, or choose a smaller "
                "--precision"
            )
        rows = sorted((_row(each, region, mix, figures) for each in laid_out), key=_order)
    except (CatalogError, CostError) as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(2) from fault
    if as_json:
        typer.echo(json.dumps([_data(row) for row in rows], indent=2))
    else:
        _show(rows, context, concurrency, region)


def _check(model: models.ServedModel, context: int, concurrency: int) -> None:
    faults = []
    if not 1 <= context <= model.context:
        faults.append(f"--context {context} is out of range: model {model.id!r} takes 1 to {model.context} tokens")
    if concurrency < 1:
        faults.append(f"--concurrency {concurrency} must be at least 1")
    if faults:
        raise SizingError("; ".join(faults))


def _precision(given: str | None) -> Precision | None:
    known = [str(item) for item in Precision]
    if given is not None and given not in known:
        raise SizingError(f"--precision {given!r} is unknown: choose one of {', '.join(known)}")
    return None if given is None else Precision(given)


def _vendors(given: list[str] | None) -> tuple[Vendor, ...]:
    known = [str(item) for item in Vendor]
    wrong = [item for item in given or () if item not in known]
    if wrong:
        raise SizingError(f"--vendor {', '.join(wrong)} is unknown: choose one of {', '.join(known)}")
    return tuple(Vendor(item) for item in given) if given else (Vendor.NVIDIA, Vendor.NEURON)


def _figures(given: Sequence[str], mix: Mix) -> Mapping[str, Throughput]:
    figures = {}
    for entry in given:
        name, _, number = entry.partition("=")
        machine = instances.get(name)
        try:
            rate = float(number)
        except ValueError:
            rate = 0.0
        if not 0 < rate < float("inf"):
            raise SizingError(f"--measured {entry!r} has no rate above 0: write it as {machine.name}=850")
        figures[machine.name] = throughput.measured(
            rate,
            input_tokens=max(1, mix.input_tokens),
            output_tokens=max(1, mix.output_tokens),
            source="given with --measured",
        )
    return figures


def _groups(
    model: models.ServedModel, context: int, concurrency: int, precision: str | None, vendor: list[str] | None
) -> tuple[GroupFit, ...]:
    return groups.candidates(
        model,
        max_model_len=context,
        precision=_precision(precision),
        concurrency=concurrency,
        vendors=_vendors(vendor),
    )


def _row(laid_out: Fit | GroupFit, region: str, mix: Mix, figures: Mapping[str, Throughput]) -> _Row:
    fit, machines = (laid_out.stages, laid_out.machines) if isinstance(laid_out, GroupFit) else (laid_out, 1)
    usd = sizing.usd_per_hour(fit.instance, region)
    if usd is None:
        return _Row(fit=fit, machines=machines, usd_per_hour=None, tokens=None)
    served = figures.get(fit.instance.name)
    tokens = per_million_tokens(laid_out, region=region, mix=mix, served=served)
    return _Row(fit=fit, machines=machines, usd_per_hour=usd * machines, tokens=tokens, is_measured=served is not None)


def _order(row: _Row) -> tuple[bool, Decimal, str]:
    return row.usd_per_hour is None, row.usd_per_hour or Decimal(0), row.fit.instance.name


def _show(rows: list[_Row], context: int, concurrency: int, region: str) -> None:
    first, joined = rows[0].fit, rows[0].machines > 1
    where = "no single machine holds it, groups over EFA do, " if joined else ""
    title = (
        f"{where}{first.model.id} in {first.precision}, {concurrency} requests of {context} tokens at once, {region}"
    )
    machines = new_table(title)
    machines.add_column("machine")
    machines.add_column("accelerators")
    copies = "stages" if joined else "copies"
    for heading in ("weights GiB", "cache GiB", "at once", "degree", copies, "USD an hour", "USD a million tokens"):
        machines.add_column(heading, justify="right")
    for row in rows:
        fit = row.fit
        machines.add_row(
            f"{row.machines} x {fit.instance.name}" if joined else fit.instance.name,
            f"{fit.instance.accelerator_count * row.machines} x {fit.instance.accelerator.name}",
            f"{fit.weights_mib / 1024:.1f}",
            f"{fit.kv_cache_mib / 1024:.1f}",
            str(fit.concurrency),
            str(fit.tensor_parallel),
            str(fit.replicas),
            "no price" if row.usd_per_hour is None else f"{row.usd_per_hour:.4f}",
            "-" if row.tokens is None else f"{row.tokens.mixed_usd:.3f}{' measured' if row.is_measured else ''}",
        )
    print_table(machines)
    out = console()
    out.print("Assumptions:", highlight=False)
    estimates = next((row.tokens.assumptions for row in rows if row.tokens and not row.is_measured), ())
    general = tuple(item for item in estimates if "an hour" not in item and "in flight" not in item)
    # Copies are what single machines have; a group has stages.
    placed = (*layout.ASSUMPTIONS[:-1], *groups.ASSUMPTIONS) if joined else layout.ASSUMPTIONS
    for assumption in (*placed, "the machine is busy all the time, on demand", *general):
        out.print(f"- {assumption}", highlight=False, soft_wrap=True)
    out.print(f"- model: {first.model.source} ({first.model.as_of}, trust {first.model.confidence})", highlight=False)


def _data(row: _Row) -> dict[str, object]:
    fit = row.fit
    return {
        "instance_type": fit.instance.name,
        "machines": row.machines,
        "accelerator": fit.instance.accelerator.name,
        "accelerators": fit.instance.accelerator_count * row.machines,
        "precision": str(fit.precision),
        "max_model_len": fit.max_model_len,
        "weights_mib": fit.weights_mib,
        "kv_cache_mib": fit.kv_cache_mib,
        "concurrency": fit.concurrency,
        "tensor_parallel": fit.tensor_parallel,
        "replicas": 1 if row.machines > 1 else fit.replicas,
        "pipeline_parallel": fit.replicas if row.machines > 1 else 1,
        "usd_per_hour": None if row.usd_per_hour is None else str(row.usd_per_hour),
        "usd_per_million_tokens": None if row.tokens is None else str(row.tokens.mixed_usd),
        "assumptions": [] if row.tokens is None else list(row.tokens.assumptions),
    }
