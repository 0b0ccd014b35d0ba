"""The page about the applications and their example: what they show runs and is clean, and nothing is left out."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from genai_layers.application import (
    action_agent,
    code_assistance,
    content_generation,
    data_insight,
    playground,
)

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples" / "applications"
PAGE = (ROOT / "docs" / "applications.md").read_text(encoding="utf-8")
ROOMS = (action_agent, code_assistance, content_generation, data_insight, playground)

pytestmark = pytest.mark.synth


def _run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    flags = json.loads((EXAMPLE / "cdk.json").read_text(encoding="utf-8"))["context"]
    environment = {
        **os.environ,
        "CDK_CONTEXT_JSON": json.dumps(flags),
        "CDK_OUTDIR": str(folder / "cdk.out"),
        "PYTHONPATH": f"{ROOT / 'constructs'}{os.pathsep}{EXAMPLE}",
    }
    return subprocess.run(
        [sys.executable, *(["-c", code] if "\n" in code else [code])],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_page_runs_from_top_to_bottom(tmp_path: Path) -> None:
    """Its block makes an app that synthesizes."""
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.S)

    result = _run(f"{block}\napp.synth()", tmp_path)

    assert result.returncode == 0, result.stderr


def test_the_example_is_clean_under_every_check(tmp_path: Path) -> None:
    """All four packs, our own and the validator: all five applications with alarms."""
    result = _run(str(EXAMPLE / "app.py"), tmp_path)

    assert result.returncode == 0, result.stderr
    template = json.loads((tmp_path / "cdk.out" / "Applications.template.json").read_text(encoding="utf-8"))
    kinds = [one["Type"] for one in template["Resources"].values()]
    assert kinds.count("AWS::DynamoDB::Table") == 5
    assert "AWS::Athena::WorkGroup" in kinds


@pytest.mark.parametrize("route", [route for room in ROOMS for route in room.ROUTES])
def test_every_route_is_on_the_page(route: str) -> None:
    """A client's author reads the page first."""
    assert f"| `{route}` |" in PAGE


def test_the_tests_that_the_page_names_are_there() -> None:
    """A claim with a test that was renamed is a claim without one."""
    named = set(re.findall(r"`(test_\w+\.py)`", PAGE))
    there = {file.name for file in ROOT.glob("tests/**/test_*.py")}

    assert named - there == set()
