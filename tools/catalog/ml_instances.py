"""
Write ml_instances.json: the types that the SageMaker API names for each use, with what DescribeInstanceTypes says.

    python -m tools.catalog.ml_instances --as-of 2026-11-25

The names and the machine images of hosting are read from the service model in botocore; memory, processors and
local disks from the data packaged in moto, since a machine is the same in both services.
"""

from __future__ import annotations

import argparse
import re
from importlib import metadata
from typing import Any

from tools.catalog import tables
from tools.catalog.instances import packaged

_SHAPES = {
    "hosting": "ProductionVariantInstanceType",
    "training": "TrainingInstanceType",
    "transform": "TransformInstanceType",
    "processing": "ProcessingInstanceType",
    "cluster": "ClusterInstanceType",
}
# Families that the API names and that nothing here may use; the reasons of EC2's own table come first.
_XEN = ("t2", "m4", "c4", "p2", "p3")
_UNKNOWN = {"dl1": "carries Gaudi accelerators, which no serving image of the catalog drives"}


def model() -> dict[str, Any]:
    """
    Shapes of the SageMaker API.
    """
    import botocore.loaders

    shapes: dict[str, Any] = botocore.loaders.Loader().load_service_model("sagemaker", "service-2")["shapes"]
    return shapes


def uses(shapes: dict[str, Any]) -> dict[str, list[str]]:
    """
    What each type may do.
    """
    found: dict[str, list[str]] = {}
    for use, shape in _SHAPES.items():
        for name in shapes[shape]["enum"]:
            found.setdefault(name, []).append(use)
    return found


def row(described: dict[str, Any], use: list[str]) -> dict[str, Any]:
    """
    One row of our table.
    """
    return {
        "uses": use,
        "vcpus": described["VCpuInfo"]["DefaultVCpus"],
        "memory_mib": described["MemoryInfo"]["SizeInMiB"],
        "architecture": described["ProcessorInfo"]["SupportedArchitectures"][-1],
        "nvme_gb": described.get("InstanceStorageInfo", {}).get("TotalSizeInGB", 0),
    }


def host_images(shapes: dict[str, Any], source: str, as_of: str) -> dict[str, dict[str, Any]]:
    """
    Machine images of hosting, as the documentation of the API describes them.
    """
    text = shapes["ProductionVariant"]["members"]["InferenceAmiVersion"]["documentation"]
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
    names = shapes["ProductionVariantInferenceAmiVersion"]["enum"]
    found: dict[str, dict[str, Any]] = {}
    for name in names:
        start = re.search(rf"(?<![\w-]){re.escape(name)} (?!-)", text)
        if start is None:
            continue
        told = re.split(r" al20?\d*-ami-", text[start.end() :], maxsplit=1)[0]
        driver = re.search(r"driver version: ([\d.]+)", told)
        cuda = re.search(r"CUDA version: ([\d.]+)", told)
        found[name] = {
            "vendor": "neuron" if "neuron" in name else "nvidia",
            "driver": driver[1] if driver else "",
            "cuda": cuda[1] if cuda else None,
            "source": source,
            "as_of": as_of,
        }
    return dict(
        sorted(found.items(), key=lambda item: (item[1]["vendor"] == "neuron", float(item[1]["driver"]), item[0]))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--as-of", required=True, help="ISO date on which the data was read")
    options = parser.parse_args()
    shapes, (described, origin) = model(), packaged()
    source = f"botocore {metadata.version('botocore')}, SageMaker API"
    rows, refused = {}, {}
    known = tables.overrides("instances")["refused"]
    for name, use in sorted(uses(shapes).items()):
        found, family = described.get(name.removeprefix("ml.")), name.split(".")[1]
        if family in known:
            refused[family] = {"reason": known[family]["reason"]}
        elif family in _XEN or (found and found.get("Hypervisor") not in ("nitro", None)):
            refused[family] = {"reason": "runs on the Xen hypervisor, not on the Nitro System"}
        elif family in _UNKNOWN:
            refused[family] = {"reason": _UNKNOWN[family]}
        elif found is not None:
            rows[name] = row(found, use)
        else:
            refused.setdefault(family, {"reason": "is named by the SageMaker API, but its memory was not found"})
    table = {
        "source": f"{source}; {origin}",
        "as_of": options.as_of,
        "confidence": "A",
        "rows": rows,
        "refused": dict(sorted(refused.items())),
        "host_images": host_images(shapes, source, options.as_of),
    }
    print(f"{len(rows)} types written to {tables.write('ml_instances', table)}; refused: {', '.join(sorted(refused))}")


if __name__ == "__main__":
    main()
