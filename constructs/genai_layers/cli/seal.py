"""`genai-layers seal`: encrypts weights so that only an attested machine can open them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import boto3
import typer
from botocore.exceptions import BotoCoreError, ClientError


def seal(
    source: Annotated[Path, typer.Argument(help="Folder with the weights.", exists=True, file_okay=False)],
    target: Annotated[Path, typer.Argument(help="Folder for the sealed files; new or empty.")],
    key_arn: Annotated[str, typer.Option("--key-arn", help="The attested key, AttestedFleet.attested_key.")],
    region: Annotated[str | None, typer.Option(help="Region of the key. Default: the one in its ARN.")] = None,
) -> None:
    """
    Seal every file of SOURCE into TARGET under a data key of the attested key; exit 2 if that cannot be done.

    Run it as the sealing principal, on a machine that you would trust with the weights. The data key never leaves it.
    """
    # The only command that needs a construct room: importing it starts the CDK, which no other command should wait for.
    from genai_layers.inference.attestation.sealing import SealError, seal_folder

    try:
        if target.exists() and any(target.iterdir()):
            raise SealError(f"{target} is not empty: name a new folder, or empty it")
        client = boto3.client("kms", region_name=region or _region_of(key_arn))
        made = client.generate_data_key(KeyId=key_arn, KeySpec="AES_256")
        names = seal_folder(
            source, target, data_key=made["Plaintext"], wrapped_key=made["CiphertextBlob"], key_arn=key_arn
        )
    except (SealError, BotoCoreError, ClientError) as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(2) from fault
    typer.echo(f"sealed {len(names)} files into {target}; upload the folder with its manifest")


def _region_of(key_arn: str) -> str:
    parts = key_arn.split(":")
    if len(parts) < 6 or parts[2] != "kms":
        raise typer.BadParameter(f"{key_arn!r} is not the ARN of a KMS key")
    return parts[3]
