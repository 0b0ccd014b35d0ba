"""
Write instances.json from DescribeInstanceTypes.

    python -m tools.catalog.instances --as-of 2026-11-25                the data packaged in moto
    python -m tools.catalog.instances --as-of 2026-11-25 --file FILE    the same shape in a file
    python -m tools.catalog.instances --as-of 2026-11-25 --from aws     the EC2 API (ec2:DescribeInstanceTypes)
"""

from __future__ import annotations

import argparse
import re
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from tools.catalog import tables

# Neither takes a model: media transcoders and FPGAs.
_NOT_FOR_MODELS = ("vt1.", "f1.", "f2.")


def packaged() -> tuple[dict[str, Any], str]:
    """
    The answer of DescribeInstanceTypes that moto ships, and where it comes from.
    """
    path = resources.files("moto").joinpath("ec2", "resources", "instance_types.json.gz")
    with resources.as_file(path) as file:
        return tables.read(file), f"DescribeInstanceTypes as packaged in moto {metadata.version('moto')}"


def asked(region: str) -> tuple[dict[str, Any], str]:
    """
    The answer of DescribeInstanceTypes of one region, and where it comes from.
    """
    import boto3

    pages = boto3.client("ec2", region_name=region).get_paginator("describe_instance_types").paginate()
    rows = {row["InstanceType"]: dict(row) for page in pages for row in page["InstanceTypes"]}
    return rows, f"DescribeInstanceTypes in {region}"


def flatten(name: str, described: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any] | None:
    """
    One row of our table; None when the type carries no accelerator that a model runs on, or is not Nitro.
    """
    device = _device(described) | {field: item["value"] for field, item in patch.items()}
    bare_metal = bool(described.get("BareMetal"))
    if "accelerator" not in device or name.startswith(_NOT_FOR_MODELS):
        return None
    if not (described.get("Hypervisor") == "nitro" or bare_metal):
        return None
    network, store = described["NetworkInfo"], described.get("InstanceStorageInfo", {})
    count, each = device["accelerator_count"], device.pop("each_mib")
    row = {
        **device,
        "accelerator_memory_mib": count * each,
        "memory_mib": described["MemoryInfo"]["SizeInMiB"],
        "vcpus": described["VCpuInfo"]["DefaultVCpus"],
        "architecture": described["ProcessorInfo"]["SupportedArchitectures"][0],
        "nitro": True,
        "bare_metal": bare_metal,
        "nitro_tpm": described.get("NitroTpmSupport") == "supported",
        "enclaves": described.get("NitroEnclavesSupport") == "supported",
        "efa_interfaces": network.get("EfaInfo", {}).get("MaximumEfaInterfaces", 0),
        "network_cards": network["MaximumNetworkCards"],
        "network_gbps": gigabits(network["NetworkPerformance"]),
        "ebs_mbps": described["EbsInfo"]["EbsOptimizedInfo"]["MaximumBandwidthInMbps"],
        "nvme_gb": store.get("TotalSizeInGB", 0),
        "nvme_disks": sum(disk["Count"] for disk in store.get("Disks", [])),
        "boot_modes": described["SupportedBootModes"],
        "usage_classes": described["SupportedUsageClasses"],
        "cluster_placement": "cluster" in described["PlacementGroupInfo"]["SupportedStrategies"],
    }
    if patch:
        row["overrides"] = {
            {"each_mib": "accelerator_memory_mib"}.get(field, field): {
                key: item[key] for key in ("note", "source", "confidence")
            }
            for field, item in patch.items()
        }
    return row


def gigabits(performance: str) -> float:
    """
    Peak of a NetworkPerformance text, 10^9 bits a second.

    Example:
        >>> gigabits("16x 100 Gigabit"), gigabits("Up to 10 Gigabit")
        (1600.0, 10.0)
    """
    found = re.fullmatch(r"(?:Up to )?(?:(\d+)x )?([\d.]+) Gigabit", performance)
    if found is None:
        raise ValueError(f"network performance {performance!r} is not understood: extend tools/catalog/instances.py")
    return float(found[1] or 1) * float(found[2])


def _device(described: dict[str, Any]) -> dict[str, Any]:
    for gpu in described.get("GpuInfo", {}).get("Gpus", []):
        each = gpu["MemoryInfo"]["SizeInMiB"]
        name = f"A100-{each // 1024}GB" if gpu["Name"] == "A100" else gpu["Name"]
        count = gpu["Count"] or gpu.get("LogicalGpuCount", 0)
        return _row(name, count, each, gpu.get("GpuPartitionSize", 1.0))
    for neuron in described.get("NeuronInfo", {}).get("NeuronDevices", []):
        return _row(neuron["Name"], neuron["Count"], neuron["MemoryInfo"]["SizeInMiB"], 1.0)
    for other in described.get("InferenceAcceleratorInfo", {}).get("Accelerators", []):
        return _row(other["Name"], other["Count"], other["MemoryInfo"]["SizeInMiB"], 1.0)
    return {}


def _row(name: str, count: int, each_mib: int, fraction: float) -> dict[str, Any]:
    return {"accelerator": name, "accelerator_count": count, "accelerator_fraction": fraction, "each_mib": each_mib}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--as-of", required=True, help="ISO date on which the data was read")
    parser.add_argument("--file", type=Path, help="DescribeInstanceTypes rows by type, JSON, gzipped or not")
    parser.add_argument("--from", dest="origin", choices=("moto", "aws"), default="moto")
    parser.add_argument("--region", default="us-east-1", help="region to ask with --from aws")
    options = parser.parse_args()
    if options.file:
        described, source = tables.read(options.file), f"DescribeInstanceTypes rows in {options.file.name}"
    else:
        described, source = asked(options.region) if options.origin == "aws" else packaged()
    written = tables.overrides("instances")
    rows = {
        name: row
        for name in sorted(described)
        if (row := flatten(name, described[name], written["patches"].get(name, {}))) is not None
    }
    refused = dict(sorted(written["refused"].items()))
    path = tables.write("instances", {"source": source, "as_of": options.as_of, "rows": rows, "refused": refused})
    print(f"{len(rows)} types written to {path}")


if __name__ == "__main__":
    main()
