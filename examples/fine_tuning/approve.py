"""
Approves a data set that was offered: lists its files with their SHA-256, for a reviewer who has read them.

    python3 approve.py BUCKET tickets "A. Reviewer"
"""

import hashlib
import json
import sys
from typing import Any

import boto3


def approve(s3: Any, bucket: str, data_set: str, reviewer: str) -> str:
    """Write the approval of what lies in `incoming/<data set>/` now, and return its key."""
    folder = f"incoming/{data_set}/"
    files = {}
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=folder):
        for each in page.get("Contents", []):
            name = each["Key"].removeprefix(folder)
            if name != "approved.json":
                body = s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read()
                files[name] = hashlib.sha256(body).hexdigest()
    key = f"{folder}approved.json"
    s3.put_object(Bucket=bucket, Key=key, Body=json.dumps({"approved_by": reviewer, "files": files}).encode())
    return key


if __name__ == "__main__":
    print(approve(boto3.client("s3"), *sys.argv[1:4]))
