"""The results of an evaluation in a bucket; the one file here that touches AWS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# Bedrock user guide, "Review model evaluation job reports": results lie below the job's own folder and end so.
ENDING = "_output.jsonl"


def result_lines(s3: Any, bucket: str, prefix: str) -> Iterator[bytes]:
    """
    Yield the lines of every file with results.

    Args:
        s3: Client of S3.
        bucket: Bucket of the results.
        prefix: Folder of the execution in it.
    """
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    for page in pages:
        for found in page.get("Contents", []):
            if found["Key"].endswith(ENDING):
                yield from s3.get_object(Bucket=bucket, Key=found["Key"])["Body"].iter_lines()
