"""
Write prices.json: service lines noted by a person, and hourly prices of accelerated machines.

    python -m tools.catalog.prices --karpenter FILE [FILE ...]     Karpenter's generated on-demand price tables
    python -m tools.catalog.prices --from aws --regions us-east-1 eu-west-1 --as-of 2026-11-25

The first form reads ``zz_generated.pricing_aws*.go`` of the Karpenter provider, generated from the AWS Price List,
which names the date and the regions itself. The second asks the Price List API (pricing:GetProducts).
A price noted in overrides/prices.json fills a gap only; nothing is carried from one region to another.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

from tools.catalog import tables

_BLOCK = re.compile(r'"([a-z]{2}(?:-[a-z]+)+-\d)": \{(.*?)\n\t\}', re.DOTALL)
_PRICE = re.compile(r'"([a-z0-9-]+\.[a-z0-9]+)":\s*([\d.]+)')
_DATE = re.compile(r"generated at (\d{4}-\d\d-\d\d)")


def from_karpenter(path: Path) -> tuple[str, dict[str, dict[str, str]]]:
    """
    Date of a generated table, and its prices by instance type and region.
    """
    text = path.read_text("utf-8")
    date = _DATE.search(text)
    if date is None:
        raise SystemExit(f"{path}: has no line 'generated at', so its prices have no date")
    found: dict[str, dict[str, str]] = {}
    for block in _BLOCK.finditer(text):
        if block[1].startswith("cn-"):
            continue  # the Price List of China is in yuan
        for name, usd in _PRICE.findall(block[2]):
            found.setdefault(name, {})[block[1]] = usd.rstrip("0").rstrip(".")
    return date[1], found


def from_aws(names: list[str], regions: list[str]) -> dict[str, dict[str, str]]:
    """
    On-demand Linux prices by instance type and region.
    """
    import boto3

    client = boto3.client("pricing", region_name="us-east-1")
    found: dict[str, dict[str, str]] = {}
    wanted = {
        "operatingSystem": "Linux",
        "tenancy": "Shared",
        "preInstalledSw": "NA",
        "capacitystatus": "Used",
    }
    for region in regions:
        for name in names:
            filters = [
                {"Type": "TERM_MATCH", "Field": field, "Value": value}
                for field, value in {**wanted, "instanceType": name, "regionCode": region}.items()
            ]
            answer = client.get_products(ServiceCode="AmazonEC2", Filters=filters, FormatVersion="aws_v1")
            for product in answer["PriceList"]:
                if usd := hourly(json.loads(product)):
                    found.setdefault(name, {})[region] = usd
    return found


def hourly(product: dict[str, Any]) -> str | None:
    """
    Price of one product of the Price List, USD an hour; None when it has none.
    """
    for term in product["terms"].get("OnDemand", {}).values():
        for dimension in term["priceDimensions"].values():
            if dimension["unit"] == "Hrs" and float(dimension["pricePerUnit"].get("USD", 0)) > 0:
                return str(dimension["pricePerUnit"]["USD"]).rstrip("0").rstrip(".")
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--karpenter", type=Path, nargs="+", default=[], help="generated price tables")
    parser.add_argument("--from", dest="origin", choices=("files", "aws"), default="files")
    parser.add_argument("--regions", nargs="+", default=["us-east-1"], help="regions to ask with --from aws")
    parser.add_argument("--as-of", help="ISO date of the answer, with --from aws")
    options = parser.parse_args()
    if options.origin == "aws" and not options.as_of:
        parser.error("--from aws needs --as-of")
    notes = tables.overrides("prices")
    names = sorted(tables.read(tables.DATA / "instances.json")["rows"])
    machines: dict[str, dict[str, Any]] = {}
    if options.origin == "aws":
        for name, usd in from_aws(names, options.regions).items():
            machines[name] = {"usd": usd, "source": "AWS Price List API", "as_of": options.as_of, "confidence": "A"}
    for path in options.karpenter:
        date, found = from_karpenter(path)
        source = f"AWS Price List, as generated into Karpenter's {path.name}"
        for name in set(names) & set(found):
            known = machines.setdefault(name, {"usd": {}, "source": source, "as_of": date, "confidence": "B"})
            known["usd"].update(found[name])
    for name, note in notes["machines"].items():
        machines.setdefault(name, note)
    rows = dict(notes["rows"])
    for name in names:
        if name in machines:
            rows[f"ec2:{name}"] = {"unit": "hour", **machines[name]}
    hosting = notes["sagemaker"]
    for name, usd in hosting["usd"].items():
        rows[f"sagemaker:{name}"] = {
            "unit": "hour",
            "usd": {"us-east-1": usd},
            **{key: hosting[key] for key in ("source", "as_of", "confidence")},
        }
    table = {
        "source": "pages and tables named in each row",
        "as_of": max(row["as_of"] for row in rows.values()),
        "rows": rows,
    }
    unpriced = [name for name in names if f"ec2:{name}" not in rows]
    print(f"{len(rows)} lines written to {tables.write('prices', table)}; no price: {', '.join(unpriced) or 'none'}")


if __name__ == "__main__":
    main()
