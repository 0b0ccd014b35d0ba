"""The page about jobs and its example: what they show runs, is clean, and agrees with S3."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples" / "model_import"
FLAGS = json.loads((EXAMPLE / "cdk.json").read_text(encoding="utf-8"))["context"]


def run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run code as `cdk synth` would run an app: with the flags of its cdk.json, in a process of its own."""
    environment = {
        **os.environ,
        "CDK_CONTEXT_JSON": json.dumps(FLAGS),
        "CDK_OUTDIR": str(folder / "cdk.out"),
        "PYTHONPATH": str(ROOT / "constructs"),
    }
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=folder, capture_output=True, text=True, check=False
    )


def write_manifest(folder: Path, *arguments: str) -> dict[str, str]:
    """Run the script of the example and return the input that it prints."""
    script = [sys.executable, str(EXAMPLE / "make_manifest.py"), str(folder), *arguments]
    printed = subprocess.run(script, capture_output=True, text=True, check=True).stdout
    told: dict[str, str] = json.loads(printed)
    return told


@pytest.mark.synth
def test_the_page_runs_from_top_to_bottom(tmp_path):
    """All blocks of the page together make an app that synthesizes."""
    page = (ROOT / "docs" / "jobs.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.S)

    result = run("\n".join([*blocks, "app.synth()"]), tmp_path)

    assert result.returncode == 0, result.stderr
    template = json.loads((tmp_path / "cdk.out" / "Jobs.template.json").read_text(encoding="utf-8"))
    machines = [each for each in template["Resources"].values() if each["Type"] == "AWS::StepFunctions::StateMachine"]
    assert len(machines) == len(blocks) == 7


@pytest.mark.synth
def test_the_example_is_clean_under_every_check(tmp_path):
    """The example attaches the checks itself, so it exits 0 only without a finding."""
    result = run((EXAMPLE / "app.py").read_text(encoding="utf-8"), tmp_path)

    assert result.returncode == 0, result.stderr
    assert (tmp_path / "cdk.out" / "SupportModel.template.json").is_file()


def test_the_manifest_lists_every_file_with_the_digest_of_one_part(tmp_path):
    """A small file is put in one part, whose digest is that of the file."""
    folder = tmp_path / "llama"
    (folder / "original").mkdir(parents=True)
    (folder / "config.json").write_bytes(b"{}")
    (folder / "original" / "params.json").write_bytes(b"")

    told = write_manifest(folder)
    text = (folder / "manifest.json").read_bytes()
    files = {each["file"]: each for each in json.loads(text)["files"]}

    assert told == {
        "folder": "llama",
        "manifest_sha256": base64.b64encode(hashlib.sha256(text).digest()).decode(),
    }
    assert set(files) == {"config.json", "original/params.json"}
    assert files["config.json"]["sha256"] == base64.b64encode(hashlib.sha256(b"{}").digest()).decode()
    assert files["config.json"]["parts"] == 1


def test_writing_the_manifest_again_changes_nothing(tmp_path):
    """It does not list itself."""
    (tmp_path / "config.json").write_bytes(b"{}")

    assert write_manifest(tmp_path) == write_manifest(tmp_path)


def test_a_file_in_parts_has_the_digest_that_s3_tells(tmp_path):
    """A digest over the digests of the parts, of the size that the upload uses."""
    part = 5 * 1024**2
    content = os.urandom(part) + b"the end"
    (tmp_path / "model.safetensors").write_bytes(content)

    write_manifest(tmp_path, "--part-bytes", str(part))
    (listed,) = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["files"]

    digests = b"".join(hashlib.sha256(each).digest() for each in (content[:part], content[part:]))
    assert listed["sha256"] == base64.b64encode(hashlib.sha256(digests).digest()).decode()
    assert (listed["parts"], listed["bytes"]) == (2, len(content))


def test_s3_tells_the_digest_that_the_manifest_lists(tmp_path):
    """What the script computes is what an upload leaves behind."""
    (tmp_path / "config.json").write_bytes(b'{"layers": 32}')
    write_manifest(tmp_path)
    (listed,) = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["files"]

    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
        s3.create_bucket(Bucket="weights")
        content = (tmp_path / "config.json").read_bytes()
        s3.put_object(Bucket="weights", Key="config.json", Body=content, ChecksumAlgorithm="SHA256")
        found = s3.head_object(Bucket="weights", Key="config.json", ChecksumMode="ENABLED")

    assert found["ChecksumSHA256"] == listed["sha256"]


def test_every_public_name_is_documented():
    """A name that is exported says what it is."""
    from genai_layers.jobs import bedrock

    assert [name for name in bedrock.__all__ if not (getattr(bedrock, name).__doc__ or "").strip()] == []
