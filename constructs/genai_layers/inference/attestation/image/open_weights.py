"""Proves to KMS what this machine has booted, and opens the sealed weights into a folder in memory."""

# Part of an attestable machine image, beside sealing.py; both are measured with it. What comes from user data is not,
# so every value is compared with a form that can name a place and nothing else.

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sealing  # type: ignore[import-not-found]

FORMS = {
    "region": r"[a-z]{2}(-[a-z]+)+-\d",
    "sealed": r"s3://[a-z0-9.-]{3,63}/[A-Za-z0-9!_.'()/-]+/",
    "key": r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+",
}


def parameters(text: str) -> dict[str, str]:
    """Return the values that this program takes from user data."""
    given = json.loads(text)
    faults = [name for name, form in FORMS.items() if not re.fullmatch(form, str(given.get(name)))]
    if faults:
        raise sealing.SealError(f"user data names no usable {', '.join(faults)}")
    return {name: given[name] for name in FORMS}


def data_key(given: dict[str, str], manifest: dict[str, str]) -> bytes:
    """Return the data key, which KMS hands out only to the software that this machine has booted."""
    with tempfile.TemporaryDirectory() as folder:
        private, public, recipient, wrapped, sealed = (
            Path(folder) / name for name in ("private.pem", "public.der", "recipient.json", "wrapped", "sealed")
        )
        run("openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", str(private))
        run("openssl", "pkey", "-in", str(private), "-pubout", "-outform", "DER", "-out", str(public))
        document = run("nitro-tpm-attest", "--public-key", str(public))
        recipient.write_text(
            json.dumps(
                {
                    "KeyEncryptionAlgorithm": "RSAES_OAEP_SHA_256",
                    "AttestationDocument": base64.b64encode(document).decode(),
                }
            )
        )
        wrapped.write_bytes(base64.b64decode(manifest["wrapped_key"]))
        answer = run(
            *("aws", "kms", "decrypt", "--region", given["region"], "--key-id", given["key"]),
            *("--ciphertext-blob", f"fileb://{wrapped}", "--recipient", f"file://{recipient}"),
            *("--query", "CiphertextForRecipient", "--output", "text"),
        )
        sealed.write_bytes(base64.b64decode(answer))
        return run("openssl", "cms", "-decrypt", "-inform", "DER", "-in", str(sealed), "-inkey", str(private))


def run(*command: str) -> bytes:
    """Return what a program printed; its own words go to the journal."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout  # noqa: S603 - no shell, checked values


@contextmanager
def download(given: dict[str, str], name: str) -> Iterator[object]:
    """Give a stream of one sealed file."""
    command = ["aws", "s3", "cp", "--region", given["region"], given["sealed"] + name, "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603 - no shell, checked values
        try:
            yield process.stdout
        finally:
            process.kill()


def main(target: Path) -> None:
    """Open everything into *target*, or nothing."""
    os.umask(0o077)
    given = parameters(sys.stdin.read())
    address = given["sealed"] + sealing.MANIFEST
    manifest = sealing.read_manifest(run("aws", "s3", "cp", "--region", given["region"], address, "-").decode())
    if manifest["key_arn"] != given["key"]:
        raise sealing.SealError(f"the weights are sealed under {manifest['key_arn']}, not under {given['key']}")
    key = data_key(given, manifest)
    sealing.unseal(manifest, lambda name: download(given, name), target, data_key=key)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
