"""
Write jumpstart.json: the newest version of each wanted model whose specification resolves to an image.

    python -m tools.catalog.jumpstart --as-of 2026-07-31 --specs FILE        specifications of the public hub, JSON
    python -m tools.catalog.jumpstart --as-of 2026-11-25 --from aws          the API (sagemaker:DescribeHubContent)

FILE maps any key to a specification: modelId, version, defaultInstanceType, instanceTypes, artifact keys, gatedBucket,
requiresEula, environment, modelPackageArns, instanceAliases (image addresses by region) and instanceVariants (image
and environment by family or type). Versions without images, or with an image of the wrong accelerator, are passed
over and printed: the public hub has several.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from genai_layers.catalog import ml_instances
from genai_layers.catalog.errors import UnknownInstanceTypeError
from tools.catalog import tables

HUB = "SageMakerPublicHub"
# SageMaker SDK: the submit directory is for scripts that are not packed with the model, and these all are.
_DROPPED = ("SAGEMAKER_SUBMIT_DIRECTORY",)
_URI = re.compile(r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.[^/]+/(?P<image>.+)")
_AT = "us-east-1"

Spec = Mapping[str, Any]


def order(version: str) -> tuple[int, ...]:
    """
    A version as numbers, so that 2.10 comes after 2.9.
    """
    return tuple(int(part) for part in re.findall(r"\d+", version))


def image(spec: Spec, instance_type: str) -> str | None:
    """
    The image that *spec* names for a type, by type or by family; None when it names none.
    """
    aliases: dict[str, str] = next(
        (item["aliases"] for item in spec.get("instanceAliases", []) if item["region"] == _AT), {}
    )
    named = {item["instanceType"]: item.get("imageUri") for item in spec.get("instanceVariants", [])}
    family = instance_type.split(".")[1]
    reference = named.get(instance_type) or named.get(family) or named.get(family.split("-")[0])
    found = _URI.fullmatch(aliases.get((reference or "").removeprefix("$"), reference or ""))
    return found["image"] if found else None


def row(spec: Spec) -> dict[str, Any] | str:
    """
    One row of our table, or the reason why there is none.
    """
    images: dict[str, int] = {}
    variants: dict[str, dict[str, Any]] = {}
    own = {item["instanceType"]: item.get("environment", {}) for item in spec.get("instanceVariants", [])}
    for name in sorted(spec["instanceTypes"]):
        try:
            ml_instances.get(name)
        except UnknownInstanceTypeError:
            continue
        if (reference := image(spec, name)) is None:
            return f"names no image for {name}"
        variants[name] = {"image": images.setdefault(reference, len(images))}
        if own.get(name):
            variants[name]["environment"] = {key: str(value) for key, value in sorted(own[name].items())}
    if not variants:
        return "is served on no type of the catalog"
    default = spec["defaultInstanceType"]
    packages = spec.get("modelPackageArns") or {}
    found = {
        "model_id": spec["modelId"],
        "version": spec["version"],
        "default": default if default in variants else next(iter(variants)),
        "artifact": None if packages else spec.get("prepackedArtifactKey") or spec.get("artifactKey"),
        "gated": bool(spec.get("gatedBucket")),
        "eula": spec.get("requiresEula"),
        "environment": {}
        if packages
        else {key: str(value) for key, value in sorted(spec["environment"].items()) if key not in _DROPPED},
        "images": list(images),
        "variants": variants,
    }
    return found | ({"packages": packages} if packages else {})


def newest(specs: Iterable[Spec]) -> tuple[dict[str, Any] | None, list[str]]:
    """
    The row of the newest version that resolves, and what was passed over.
    """
    passed: list[str] = []
    for spec in sorted(specs, key=lambda item: order(item["version"]), reverse=True):
        found = row(spec)
        if isinstance(found, dict):
            return found, passed
        passed.append(f"{spec['modelId']} {spec['version']} {found}")
    return None, passed


def accounts(specs: Iterable[Spec]) -> dict[str, str]:
    """
    Registry account by region, as the image addresses tell.
    """
    found: dict[str, str] = {}
    for spec in specs:
        for item in spec.get("instanceAliases", []):
            for address in item["aliases"].values():
                if match := _URI.fullmatch(address):
                    found[item["region"]] = match["account"]
    return dict(sorted(found.items()))


def from_aws(ids: Iterable[str], regions: Iterable[str]) -> list[Spec]:
    """
    Ask the public hub of each region; the first gives the specification, every one gives image addresses.
    """
    import boto3

    found: dict[str, dict[str, Any]] = {}
    for region in regions:
        client = boto3.client("sagemaker", region_name=region)
        for model_id in ids:
            answer = client.describe_hub_content(HubName=HUB, HubContentType="Model", HubContentName=model_id)
            told = from_hub(
                answer["HubContentName"], answer["HubContentVersion"], json.loads(answer["HubContentDocument"])
            )
            aliases = {"region": region, "aliases": told.pop("aliases")}
            found.setdefault(model_id, told).setdefault("instanceAliases", []).append(aliases)
    return list(found.values())


def from_hub(name: str, version: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """
    A document of the hub in the shape of a specification.
    """
    variants = document.get("HostingInstanceTypeVariants") or {}
    package = document.get("HostingModelPackageArn")

    def key(field: str) -> str | None:
        address = document.get(field)
        return address.split("/", 3)[3] if address else None

    return {
        "modelId": name,
        "version": version,
        "defaultInstanceType": document["DefaultInferenceInstanceType"],
        "instanceTypes": document["SupportedInferenceInstanceTypes"],
        "prepackedArtifactKey": key("HostingPrepackedArtifactUri"),
        "artifactKey": key("HostingArtifactUri"),
        "gatedBucket": document.get("GatedBucket", False),
        "requiresEula": key("HostingEulaUri"),
        "environment": {
            item["Name"]: item["Default"]
            for item in document.get("InferenceEnvironmentVariables", [])
            if item.get("Default") is not None
        },
        "modelPackageArns": {package.split(":")[3]: package} if package else {},
        "aliases": variants.get("Aliases", {}),
        "instanceVariants": [
            {
                "instanceType": instance_type,
                "imageUri": item.get("Properties", {}).get("ImageUri"),
                "environment": item.get("Properties", {}).get("EnvironmentVariables", {}),
            }
            for instance_type, item in variants.get("Variants", {}).items()
        ],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--as-of", required=True, help="ISO date on which the specifications were read")
    parser.add_argument("--specs", type=Path, help="specifications of the public hub, JSON")
    parser.add_argument("--from", dest="origin", choices=("file", "aws"), default="file")
    parser.add_argument("--regions", nargs="+", default=[_AT], help="regions to ask with --from aws")
    options = parser.parse_args()
    if options.origin == "file" and options.specs is None:
        parser.error("give --specs, or --from aws")
    noted = tables.overrides("jumpstart")
    wanted = noted["models"]
    everything = list(tables.read(options.specs).values()) if options.specs else from_aws(wanted, options.regions)
    rows: dict[str, Any] = {}
    for model_id in wanted:
        found, passed = newest(spec for spec in everything if spec["modelId"] == model_id)
        for line in passed:
            print(f"passed over: {line}")
        if found is None:
            raise SystemExit(f"{model_id}: no version resolves; take it from overrides/jumpstart.json")
        rows[f"{model_id}/{found['version']}"] = found
    table = {
        "source": "specifications of SageMakerPublicHub" + (", DescribeHubContent" if options.origin == "aws" else ""),
        "as_of": options.as_of,
        "confidence": "A" if options.origin == "aws" else "B",
        "buckets": noted["buckets"],
        "regions": noted["regions"],
        "accounts": accounts(everything),
        "rows": rows,
    }
    print(f"{len(rows)} models written to {tables.write('jumpstart', table)}")


if __name__ == "__main__":
    main()
