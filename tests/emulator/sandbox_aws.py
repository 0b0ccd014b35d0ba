"""The AWS CLI as boot scripts call it: the same words, and a real service of the local cloud behind each."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


def client(service: str):
    """Return a client; the environment says where the cloud is."""
    return boto3.client(service, region_name=os.environ["AWS_REGION"], config=Config(s3={"addressing_style": "path"}))


def option(words: list[str], name: str) -> str:
    """Return the value after *name*."""
    return words[words.index(name) + 1]


def say(text: str) -> None:
    """Answer as the CLI does: on its standard output, one line."""
    sys.stdout.write(f"{text}\n")


def get_secret_value(words: list[str]) -> None:
    """aws secretsmanager get-secret-value --secret-id ID --query SecretString --output text"""
    if (option(words, "--query"), option(words, "--output")) != ("SecretString", "text"):
        sys.exit(252)
    say(client("secretsmanager").get_secret_value(SecretId=option(words, "--secret-id"))["SecretString"])


def sync(words: list[str]) -> None:
    """aws s3 sync --only-show-errors s3://BUCKET/PREFIX/ FOLDER"""
    source, target = words[-2:]
    bucket, _, prefix = source.removeprefix("s3://").partition("/")
    s3 = client("s3")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for found in page.get("Contents", []):
            path = Path(target) / found["Key"].removeprefix(prefix)
            if not path.exists() or path.stat().st_size != found["Size"]:
                path.parent.mkdir(parents=True, exist_ok=True)
                s3.download_file(bucket, found["Key"], str(path))


def export_credentials(words: list[str]) -> None:
    """aws configure export-credentials --format env-no-export"""
    if option(words, "--format") != "env-no-export":
        sys.exit(252)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        say(f"{name}={os.environ[name]}")


def signal_resource(words: list[str]) -> None:
    """aws cloudformation signal-resource --status S --stack-name N --logical-resource-id L --unique-id U"""
    client("cloudformation").signal_resource(
        StackName=option(words, "--stack-name"),
        LogicalResourceId=option(words, "--logical-resource-id"),
        UniqueId=option(words, "--unique-id"),
        Status=option(words, "--status"),
    )


CALLS = {
    ("secretsmanager", "get-secret-value"): get_secret_value,
    ("s3", "sync"): sync,
    ("configure", "export-credentials"): export_credentials,
    ("cloudformation", "signal-resource"): signal_resource,
    ("ecr", "get-login-password"): lambda _words: say("a password"),
}

if __name__ == "__main__":
    call = CALLS.get((sys.argv[1], sys.argv[2]))
    if call is None:
        sys.exit(f"boot scripts have no such call: {' '.join(sys.argv[1:])}")
    try:
        call(sys.argv[3:])
    except ClientError as error:
        sys.exit(f"An error occurred: {error}")
