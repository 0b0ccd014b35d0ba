"""
Write images.json from the documentation data of AWS Deep Learning Containers.

    python -m tools.catalog.images --as-of 2026-08-21 --docs FOLDER

FOLDER is ``docs`` of a checkout of the deep-learning-containers repository: ``src/data/<family>/<name>.yml`` gives
the images, ``reference/region_availability.md`` the registry accounts. ``--data FILE`` takes the images from a JSON
file of the form {family: {name: YAML text}} instead, and ``--accounts FILE`` the accounts from a copy of the page.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from tools.catalog import tables

_REPOSITORIES = {
    "vllm": "vllm",
    "vllm-server": "vllm",
    "vllm-arm64": "vllm-arm64",
    "sglang": "sglang",
    "sglang-server": "sglang",
    "huggingface-tei": "tei",
    "huggingface-vllm": "huggingface-vllm",
    "huggingface-vllm-inference-neuronx": "huggingface-vllm-inference-neuronx",
    "pytorch-inference-neuronx": "pytorch-inference-neuronx",
    "djl-inference": "djl-inference",
    "ray": "ray",
}
_TRAINING = (
    "huggingface-pytorch-training",
    "huggingface-pytorch-training-neuronx",
    "pytorch-training",
    "pytorch-training-neuronx",
)
# Port on which the server of the image listens: SageMaker's contract is 8080, the rest are the engines' defaults.
_PORTS = {"SGLang": 30000, "TEI": 80}
_SAGEMAKER_PORT, _DEFAULT_PORT = 8080, 8000
_REGISTRIES = {"Deep Learning Containers": "dlc", "SageMaker Algorithm Registry": "algorithms"}


def read_folder(folder: Path) -> dict[str, dict[str, str]]:
    """
    YAML texts by family and name.
    """
    data = folder / "src" / "data"
    return {
        family: {path.stem: path.read_text("utf-8") for path in (data / family).glob("*.yml")}
        for family in (*_REPOSITORIES, *_TRAINING)
    }


def row(family: str, described: dict[str, Any]) -> dict[str, Any] | None:
    """
    One image; None when its first tag is one that AWS moves.
    """
    tag, accelerator, platform = described["tags"][0], described["accelerator"], described["platform"]
    if not re.search(r"\d+\.\d+", tag):
        return None
    return {
        "family": family,
        "repository": described.get("ecr_repository", _REPOSITORIES[family]),
        "tag": tag,
        "framework": described["framework"],
        "version": str(described["version"]),
        "platform": "ec2" if platform == "default" else platform,
        "accelerator": {"gpu": "nvidia", "neuronx": "neuron"}.get(accelerator, accelerator),
        "architecture": "arm64" if family.endswith("arm64") else "x86_64",
        "cuda": described.get("cuda"),
        "neuron_sdk": described.get("sdk"),
        "port": _SAGEMAKER_PORT if platform == "sagemaker" else _PORTS.get(described["framework"], _DEFAULT_PORT),
        "public": bool(described.get("public_registry")),
        "registry": "algorithms" if family == "huggingface-tei" else "dlc",
    }


def training_row(family: str, described: dict[str, Any]) -> dict[str, Any] | None:
    """
    One image that trains in SageMaker; None when it is for another platform, or its first tag moves.
    """
    tag, accelerator = described["tags"][0], described["accelerator"]
    if described["platform"] != "sagemaker" or not re.search(r"\d+\.\d+\.\d+", tag):
        return None
    return {
        "repository": described.get("ecr_repository", family),
        "tag": tag,
        "version": str(described["version"]),
        "transformers": described.get("transformers"),
        "accelerator": {"gpu": "nvidia", "neuronx": "neuron"}.get(accelerator, accelerator),
        "neuron_sdk": described.get("sdk"),
        "end_of_patches": described.get("eop"),
    }


def accounts(page: str) -> dict[str, dict[str, str]]:
    """
    Account of each registry by region.
    """
    found: dict[str, dict[str, str]] = {}
    registry = ""
    for line in page.splitlines():
        if line.startswith("## "):
            registry = next((name for title, name in _REGISTRIES.items() if line.startswith(f"## {title}")), "")
        elif registry and (cells := re.fullmatch(r"\|[^|]+\| ([a-z0-9-]+) \| (\d{12}) \|", line)):
            found.setdefault(registry, {})[cells[1]] = cells[2]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--as-of", required=True, help="ISO date of the documentation")
    parser.add_argument("--docs", type=Path, help="docs folder of a checkout")
    parser.add_argument("--data", type=Path, help="JSON file of YAML texts by family and name")
    parser.add_argument("--accounts", type=Path, help="copy of region_availability.md")
    options = parser.parse_args()
    if not options.docs and not (options.data and options.accounts):
        parser.error("give --docs, or both --data and --accounts")
    texts = tables.read(options.data) if options.data else read_folder(options.docs)
    page = (options.accounts or options.docs / "reference" / "region_availability.md").read_text("utf-8")
    rows = {}
    for family in _REPOSITORIES:
        for name, text in sorted(texts[family].items()):
            if (image := row(family, yaml.safe_load(text))) is not None:
                rows[f"{family}/{name}"] = image
    training = {}
    for family in _TRAINING:
        for name, text in sorted(texts.get(family, {}).items()):
            if (found := training_row(family, yaml.safe_load(text))) is not None:
                training[f"{family}/{name}"] = found
    noted, registries = tables.overrides("images"), accounts(page)
    for registry, more in noted["accounts"].items():
        registries[registry] = {**more, **registries[registry]}
    table = {
        "source": "aws/deep-learning-containers, docs/src/data and docs/reference/region_availability.md",
        "as_of": options.as_of,
        "confidence": "A",
        "accounts_noted": f"{noted['source']}, read {noted['as_of']}",
        "accounts": registries,
        "rows": rows,
        "training": training,
    }
    print(f"{len(rows)} images that serve and {len(training)} that train written to {tables.write('images', table)}")


if __name__ == "__main__":
    main()
