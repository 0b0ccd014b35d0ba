"""`genai-layers seal`, with KMS played by moto and opened again by the code of the machine."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner

from genai_layers.cli.main import app

pytestmark = pytest.mark.synth  # it imports a construct room


@pytest.fixture
def key_arn(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        key = boto3.client("kms", region_name="us-east-1").create_key()
        yield key["KeyMetadata"]["Arn"]


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    folder = tmp_path / "weights"
    folder.mkdir()
    (folder / "model-00001.safetensors").write_bytes(b"every parameter in the clear" * 1000)
    (folder / "config.json").write_text("{}", encoding="utf-8")
    return folder


def test_what_is_sealed_opens_with_the_key_that_the_manifest_wraps(key_arn: str, weights: Path, tmp_path: Path) -> None:
    """Nothing of the weights is readable in the sealed folder, and the machine's own code gets all of it back."""
    from genai_layers.inference.attestation.sealing import MANIFEST, read_manifest, unseal

    sealed = tmp_path / "sealed"

    run = CliRunner().invoke(app, ["seal", str(weights), str(sealed), "--key-arn", key_arn])

    assert run.exit_code == 0, run.output
    assert b"parameter" not in (sealed / "model-00001.safetensors").read_bytes()
    manifest = json.loads((sealed / MANIFEST).read_text(encoding="utf-8"))
    kms = boto3.client("kms", region_name="us-east-1")
    data_key = kms.decrypt(CiphertextBlob=base64.b64decode(manifest["wrapped_key"]))["Plaintext"]
    opened = tmp_path / "opened"
    unseal(
        read_manifest((sealed / MANIFEST).read_text(encoding="utf-8")),
        lambda name: (sealed / name).open("rb"),
        opened,
        data_key=data_key,
    )
    assert (opened / "model-00001.safetensors").read_bytes() == (weights / "model-00001.safetensors").read_bytes()


def test_a_folder_with_something_in_it_is_not_written_into(key_arn: str, weights: Path, tmp_path: Path) -> None:
    """Old and new seals never mix."""
    (tmp_path / "sealed").mkdir()
    (tmp_path / "sealed" / "old").write_bytes(b"")

    run = CliRunner().invoke(app, ["seal", str(weights), str(tmp_path / "sealed"), "--key-arn", key_arn])

    assert run.exit_code == 2
    assert "is not empty" in run.output


def test_something_that_is_no_key_is_refused(weights: Path, tmp_path: Path) -> None:
    """Before any file is read."""
    run = CliRunner().invoke(app, ["seal", str(weights), str(tmp_path / "sealed"), "--key-arn", "alias/weights"])

    assert run.exit_code == 2
    assert not (tmp_path / "sealed").exists()
