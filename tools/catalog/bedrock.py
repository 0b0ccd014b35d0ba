"""
Write bedrock.json from a table of model prices in litellm's form.

    python -m tools.catalog.bedrock --as-of 2026-11-25 --prices model_prices_and_context_window_backup.json
    python -m tools.catalog.bedrock --as-of 2026-11-25 --live us-east-1

Only what we use is kept: text, embedding and rerank models by model id and inference profile id, with their regional
prices. ``--live REGION`` asks the Bedrock API (bedrock:ListFoundationModels): the end of life that the service tells
replaces the one of the table, for the model and the profiles of it; ids that the table has and the region does not,
and the other way round, are printed, so that a person can look at them. Without ``--prices`` the packaged table is
refreshed, and its prices keep their date.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Collection
from decimal import Decimal
from pathlib import Path
from typing import Any

from tools.catalog import tables

_MODES = {"chat", "embedding", "rerank"}
_PROVIDERS = {"bedrock", "bedrock_converse"}
_PRICES = {
    "input": "input_cost_per_token",
    "output": "output_cost_per_token",
    "cache_read": "cache_read_input_token_cost",
    "cache_write": "cache_creation_input_token_cost",
    "batch_input": "input_cost_per_token_batches",
    "batch_output": "output_cost_per_token_batches",
}
_FACTS = {
    "context": "max_input_tokens",
    "max_output": "max_output_tokens",
    "cache_min_tokens": "prompt_cache_min_tokens",
    "end_of_life": "deprecation_date",
    "successor": "successor_model",
}
_REGIONAL = re.compile(r"bedrock/([a-z]+(?:-[a-z]+)+-\d)/([a-z][^/]*)")


def per_million(priced: dict[str, Any]) -> dict[str, str]:
    """
    Prices of a million tokens, USD, as text so that no digit is lost.

    Example:
        >>> per_million({"input_cost_per_token": 1.1e-06})
        {'input': '1.1'}
    """
    found = {}
    for name, field in _PRICES.items():
        if (value := priced.get(field)) is not None:
            found[name] = format((Decimal(str(value)) * 1_000_000).normalize(), "f")
    return found


def row(id: str, priced: dict[str, Any], dimensions: dict[str, list[int]]) -> dict[str, Any]:
    """
    One row of our table.
    """
    facts = {name: priced[field] for name, field in _FACTS.items() if priced.get(field) is not None}
    plain = next((known for known in dimensions if id.endswith(known)), None)
    if plain is not None:
        facts["dimensions"] = dimensions[plain]
    elif "output_vector_size" in priced:
        facts["dimensions"] = [priced["output_vector_size"]]
    if "input_cost_per_query" in priced:
        facts["query"] = str(Decimal(str(priced["input_cost_per_query"])))
    return {
        "mode": priced["mode"],
        "usd": per_million(priced),
        **facts,
        "tools": bool(priced.get("supports_function_calling")),
        "source": priced.get("source", ""),
    }


def with_lifecycle(rows: dict[str, Any], listed: list[dict[str, Any]], geographies: Collection[str]) -> dict[str, Any]:
    """
    Rows with the end of life that the service tells, which knows better than any other table.

    Args:
        rows: Rows by id.
        listed: What ListFoundationModels answered, `modelSummaries`.
        geographies: Prefixes of inference profiles.
    """
    ends = {item["modelId"]: item.get("modelLifecycle", {}).get("endOfLifeTime") for item in listed}
    fresh = {}
    for name, facts in rows.items():
        geography, _, rest = name.partition(".")
        end = ends.get(rest if geography in geographies else name)
        fresh[name] = facts if end is None else {**facts, "end_of_life": end.date().isoformat()}
    return fresh


def strangers(
    rows: Collection[str], listed: list[dict[str, Any]], geographies: Collection[str]
) -> tuple[list[str], ...]:
    """
    Ids that the region does not serve, and ids of text models that the table lacks.
    """
    live = {item["modelId"] for item in listed}
    text = {item["modelId"] for item in listed if "TEXT" in item.get("outputModalities", ())}
    plain = {name for name in rows if name.partition(".")[0] not in geographies}
    # A second colon names the same model with a longer context, for provisioned throughput alone.
    return sorted(plain - live), sorted(name for name in text - plain if name.count(":") < 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--as-of", required=True, help="ISO date of what is read")
    parser.add_argument("--prices", type=Path, help="litellm's price table, JSON; without it the prices stay")
    parser.add_argument("--name", default="litellm", help="name and version of the table, for the source")
    parser.add_argument("--live", metavar="REGION", help="take ends of life from ListFoundationModels of REGION")
    options = parser.parse_args()
    if not (options.prices or options.live):
        parser.error("give --prices, --live or both")
    table = _priced(options) if options.prices else tables.read(tables.DATA / "bedrock.json")
    if options.live:
        import boto3

        listed = boto3.client("bedrock", region_name=options.live).list_foundation_models()["modelSummaries"]
        gone, new = strangers(table["rows"], listed, table["geographies"])
        print(f"not served in {options.live}: {', '.join(gone)}\nnot in the table: {', '.join(new)}")
        rows = with_lifecycle(table["rows"], listed, table["geographies"])
        table = {**table, "rows": rows, "lifecycle_as_of": options.as_of}
    print(f"{len(table['rows'])} ids written to {tables.write('bedrock', table)}")


def _priced(options: argparse.Namespace) -> dict[str, Any]:
    notes = tables.overrides("bedrock")
    rows: dict[str, Any] = {}
    regional: dict[str, dict[str, Any]] = {}
    for name, priced in sorted(tables.read(options.prices).items()):
        if priced.get("litellm_provider") not in _PROVIDERS or priced.get("mode") not in _MODES:
            continue
        if (found := _REGIONAL.fullmatch(name)) and "commitment" not in name:
            regional.setdefault(found[2], {})[found[1]] = per_million(priced)
        elif "/" not in name and "." in name:
            rows[name] = row(name, priced, notes["dimensions"])
    return {
        "source": f"{options.name}, Bedrock rows; the source of a row is where that table read it",
        "as_of": options.as_of,
        "geographies": notes["geographies"],
        "rows": rows,
        "regional": regional,
    }


if __name__ == "__main__":
    main()
