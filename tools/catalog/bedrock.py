"""
Write bedrock.json from a table of model prices in litellm's form.

    python -m tools.catalog.bedrock --as-of 2026-11-25 --prices model_prices_and_context_window_backup.json

Only what we use is kept: text, embedding and rerank models by model id and inference profile id, with their regional
prices. ``--only-live REGION`` also asks the Bedrock API (bedrock:ListFoundationModels) and prints the ids that the
table has and the region does not, so that a person can look at them.
"""

from __future__ import annotations

import argparse
import re
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--as-of", required=True, help="ISO date of the price table")
    parser.add_argument("--prices", type=Path, required=True, help="litellm's price table, JSON")
    parser.add_argument("--name", default="litellm", help="name and version of the table, for the source")
    parser.add_argument("--only-live", metavar="REGION", help="list the ids that REGION does not serve")
    options = parser.parse_args()
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
    table = {
        "source": f"{options.name}, Bedrock rows; the source of a row is where that table read it",
        "as_of": options.as_of,
        "geographies": notes["geographies"],
        "rows": rows,
        "regional": regional,
    }
    print(f"{len(rows)} ids written to {tables.write('bedrock', table)}")
    if options.only_live:
        import boto3

        listed = boto3.client("bedrock", region_name=options.only_live).list_foundation_models()
        live = {item["modelId"] for item in listed["modelSummaries"]}
        plain = {name for name in rows if name.split(".", 1)[0] not in notes["geographies"]}
        print(f"not served in {options.only_live}: {', '.join(sorted(plain - live))}")


if __name__ == "__main__":
    main()
