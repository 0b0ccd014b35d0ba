"""
Write regions.json (partitions, and the regions of each CloudFormation type) and offerings.json (zones of each type).

    python -m tools.catalog.regions --as-of 2026-11-25

Reads the packages of the development environment: botocore for partitions, cfn-lint for the regions of types, moto
for DescribeInstanceTypeOfferings by zone id.
"""

from __future__ import annotations

import argparse
import json
from importlib import metadata, resources
from typing import Any

from tools.catalog import tables

_SERVICES = (
    "Bedrock",
    "BedrockAgentCore",
    "BedrockMantle",
    "S3Vectors",
    "OpenSearchServerless",
    "SageMaker",
)
# Types of other services whose absence from a region would stop a deploy.
_TYPES = (
    "AWS::ApiGateway::RestApi",
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::Budgets::Budget",
    "AWS::CloudTrail::Trail",
    "AWS::Cognito::UserPool",
    "AWS::DynamoDB::Table",
    "AWS::EC2::CapacityReservation",
    "AWS::EC2::VPCEndpoint",
    "AWS::ECS::Cluster",
    "AWS::EKS::Cluster",
    "AWS::KMS::Key",
    "AWS::Kendra::Index",
    "AWS::Lambda::Function",
    "AWS::NeptuneGraph::Graph",
    "AWS::OpenSearchService::Domain",
    "AWS::RDS::DBCluster",
    "AWS::Redshift::Cluster",
    "AWS::RedshiftServerless::Workgroup",
    "AWS::StepFunctions::StateMachine",
    "AWS::WAFv2::WebACL",
)


def partitions() -> tuple[dict[str, dict[str, str]], list[str]]:
    """
    The form of region names and the domain by partition, and the regions that botocore knows.
    """
    text = resources.files("botocore").joinpath("data", "partitions.json").read_text("utf-8")
    read = json.loads(text)["partitions"]
    forms = {
        item["id"]: {
            "form": item["regionRegex"].removeprefix("^").removesuffix("$"),
            "domain": item["outputs"]["dnsSuffix"],
        }
        for item in read
    }
    names = sorted(name for item in read for name in item["regions"] if not name.endswith("global"))
    return forms, names


def types_by_region() -> dict[str, set[str]]:
    """
    CloudFormation types of each region, as cfn-lint packages them.
    """
    folder = resources.files("cfnlint").joinpath("data", "schemas", "providers")
    return {
        item.name.removesuffix(".json"): set(json.loads(item.read_text("utf-8")))
        for item in folder.iterdir()
        if item.name.endswith(".json") and "-" in item.name
    }


def offerings(regions: list[str], types: set[str]) -> tuple[dict[str, list[str]], dict[str, dict[str, list[int]]]]:
    """
    Zone ids by region, and for each instance type the places in that list where it is offered.
    """
    folder = resources.files("moto").joinpath("ec2", "resources", "instance_type_offerings", "availability-zone-id")
    zones: dict[str, list[str]] = {}
    offered: dict[str, dict[str, list[int]]] = {name: {} for name in sorted(types)}
    for region in regions:
        path = folder.joinpath(f"{region}.json.gz")
        if not path.is_file():
            continue
        with resources.as_file(path) as file:
            rows: list[dict[str, str]] = tables.read(file)
        zones[region] = sorted({row["Location"] for row in rows})
        for row in rows:
            if row["InstanceType"] in types:
                offered[row["InstanceType"]].setdefault(region, []).append(zones[region].index(row["Location"]))
    return zones, {name: {at: sorted(place) for at, place in where.items()} for name, where in offered.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--as-of", required=True, help="ISO date on which the packages were read")
    options = parser.parse_args()
    forms, names = partitions()
    by_region = types_by_region()
    known = sorted({kind for kinds in by_region.values() for kind in kinds})
    features: dict[str, Any] = {}
    for kind in known:
        _, service, resource = kind.split("::", 2)
        if service in _SERVICES or kind in _TYPES:
            where = sorted(region for region, kinds in by_region.items() if kind in kinds)
            features[f"{service.lower()}:{resource}"] = {"regions": where}
    source = f"cfn-lint {metadata.version('cfn-lint')} type lists; botocore {metadata.version('botocore')} partitions"
    table = {
        "source": source,
        "as_of": options.as_of,
        "confidence": "A",
        "partitions": forms,
        "regions": sorted({*names} & {*by_region}),
        "features": features,
    }
    print(f"{len(features)} features written to {tables.write('regions', table)}")
    types = set(tables.read(tables.DATA / "instances.json")["rows"])
    zones, offered = offerings(table["regions"], types)
    moto = f"DescribeInstanceTypeOfferings by zone id as packaged in moto {metadata.version('moto')}"
    written = tables.write(
        "offerings", {"source": moto, "as_of": options.as_of, "confidence": "A", "zones": zones, "rows": offered}
    )
    print(f"{len(offered)} types written to {written}")


if __name__ == "__main__":
    main()
