"""The scripts of a cluster, put where its nodes fetch them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import ArnFormat, AssetStaging, FileAssetPackaging, Stack
from constructs import Construct

SCRIPTS = Path(__file__).parent / "scripts"
ENTRY = "after_init"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripts:
    """
    A folder with one script.

    Attributes:
        uri: Address of the folder.
        entry: File name of the script.
        bucket_arn: ARN of the bucket.
        prefix: Folder within the bucket, with a closing slash.
    """

    uri: str
    entry: str
    bucket_arn: str
    prefix: str


def scripts(scope: Construct) -> Scripts:
    """
    Ship the script with the assets of the app, in a folder of its own that is named after its content.

    HyperPod copies a whole folder to every node; in the root of the bucket that would be every asset of the account.

    Args:
        scope: The construct that it belongs to.
    """
    stack = Stack.of(scope)
    file = SCRIPTS / f"{ENTRY}.sh"
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
    staged = AssetStaging(scope, "Scripts", source_path=str(file))
    folder = f"hyperpod-{digest}"
    placed = stack.synthesizer.add_file_asset(
        source_hash=f"{folder}/{ENTRY}",
        file_name=staged.relative_staged_path(stack),
        packaging=FileAssetPackaging.FILE,
    )
    prefix = placed.object_key.removesuffix(f"{ENTRY}.sh")
    return Scripts(
        uri=f"s3://{placed.bucket_name}/{prefix}",
        entry=f"{ENTRY}.sh",
        bucket_arn=stack.format_arn(
            service="s3", region="", account="", resource=placed.bucket_name, arn_format=ArnFormat.NO_RESOURCE_NAME
        ),
        prefix=prefix,
    )
