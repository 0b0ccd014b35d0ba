# Runs before the engine in its pod, with the role of the pod: fetches the API key into memory that the engine and the
# probe share, and copies the weights where the engine does not stream them. Needs boto3, and no way to write elsewhere.
"""Fetches what the engine needs and what may lie neither in an image nor in the cluster's store."""

from __future__ import annotations

import concurrent.futures
import os
from pathlib import Path, PurePosixPath
from typing import Any

import boto3

AT_A_TIME = 8


def fetch_api_key(client: Any, secret: str, folder: Path) -> None:
    # Readable to the engine, whatever user its image has: nobody else mounts this folder.
    (folder / "api-key").write_text(client.get_secret_value(SecretId=secret)["SecretString"], encoding="utf-8")


def copy_weights(client: Any, bucket: str, prefix: str, folder: Path) -> int:
    # What is there already in full is not read again, so that a start after a failed one goes on where that ended.
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    found = [item for page in pages for item in page.get("Contents", []) if not item["Key"].endswith("/")]
    if not found:
        raise SystemExit(f"no weights under s3://{bucket}/{prefix}")

    def copy(item: dict[str, Any]) -> None:
        name = PurePosixPath(item["Key"][len(prefix) :])
        if name.is_absolute() or ".." in name.parts:
            raise SystemExit(f"{item['Key']!r} leads out of the folder of the weights")
        target = folder / name
        if target.exists() and target.stat().st_size == item["Size"]:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        client.download_file(bucket, item["Key"], str(target))

    with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
        for done in concurrent.futures.as_completed([pool.submit(copy, item) for item in found]):
            done.result()
    return len(found)


def main() -> None:
    session = boto3.Session(region_name=os.environ["AWS_REGION"])
    fetch_api_key(session.client("secretsmanager"), os.environ["API_KEY_SECRET"], Path(os.environ["RUN_FOLDER"]))
    if os.environ["WEIGHTS"] == "copied":
        bucket, _, prefix = os.environ["WEIGHTS_URI"].removeprefix("s3://").partition("/")
        copy_weights(session.client("s3"), bucket, prefix, Path(os.environ["MODEL_FOLDER"]))


if __name__ == "__main__":
    main()
