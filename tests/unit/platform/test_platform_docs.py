"""The page about the platform and its example: what they show runs, and is clean."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples" / "knowledge_base"
FLAGS = json.loads((EXAMPLE / "cdk.json").read_text(encoding="utf-8"))["context"]

pytestmark = pytest.mark.synth


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


def test_the_page_runs_from_top_to_bottom(tmp_path):
    """All blocks of the page together make an app that synthesizes."""
    page = (ROOT / "docs" / "platform.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.S)

    result = run("\n".join([*blocks, "app.synth()"]), tmp_path)

    assert result.returncode == 0, result.stderr
    assert len(blocks) == 3
    assert {file.name for file in (tmp_path / "cdk.out").glob("*.template.json")} == {
        "Assistant.template.json",
        "Handbook.template.json",
        "Logging.template.json",
    }


def test_the_example_is_clean_under_every_check(tmp_path):
    """The example attaches the checks itself, so it exits 0 only without a finding."""
    result = run((EXAMPLE / "app.py").read_text(encoding="utf-8"), tmp_path)

    assert result.returncode == 0, result.stderr
    assert (tmp_path / "cdk.out" / "Handbook.template.json").is_file()


def test_every_public_name_is_documented():
    """A name that is exported says what it is."""
    from genai_layers import jobs, platform

    for room in (platform, jobs):
        silent = [name for name in room.__all__ if not (getattr(room, name).__doc__ or "").strip()]
        assert silent == []
