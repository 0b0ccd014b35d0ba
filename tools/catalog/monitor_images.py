"""
Write monitor_images.json: the accounts of SageMaker's own images that watch endpoints.

    python -m tools.catalog.monitor_images --configs FOLDER

FOLDER holds ``model-monitor.json`` and ``clarify.json`` of ``src/sagemaker/image_uri_config`` of a checkout of
sagemaker-python-sdk.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from tools.catalog import tables


def row(config: dict[str, Any]) -> dict[str, Any]:
    """
    Repository, tag and accounts of the newest version in one file of the SDK.

    The monitor's image has no tag at all: AWS gives out one image, and its file calls the only version 1.
    """
    versions = config.get("processing", config)["versions"]
    version, newest = max(versions.items(), key=lambda item: [int(part) for part in item[0].split(".")])
    return {
        "repository": newest["repository"],
        "tag": version if "." in version else None,
        "accounts": dict(sorted(newest["registries"].items())),
    }


def table(folder: Path) -> dict[str, Any]:
    """
    The table, from the files in *folder*.
    """
    rows = {name: row(tables.read(folder / f"{name}.json")) for name in ("model-monitor", "clarify")}
    return {**tables.overrides("monitor_images"), "images": rows}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--configs", type=Path, required=True)
    print(tables.write("monitor_images", table(parser.parse_args().configs)))
