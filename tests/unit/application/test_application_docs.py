"""The pages about the application and the operations, and the example: what they show runs, and is clean."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from genai_layers.application.chat_service import ROUTES
from genai_layers.operations import application_watches, platform_watches
from genai_layers.operations.watch import Watch
from genai_layers.runtime.chat import errors
from genai_layers.runtime.chat.model import Stop

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples" / "chat"
FLAGS = json.loads((EXAMPLE / "cdk.json").read_text(encoding="utf-8"))["context"]
APPLICATION = (ROOT / "docs" / "application.md").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.synth


def _run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
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


@pytest.mark.parametrize(("page", "stack"), [(APPLICATION, "Chat"), (OPERATIONS, "Operations")])
def test_a_page_runs_from_top_to_bottom(page: str, stack: str, tmp_path: Path) -> None:
    """Its block makes an app that synthesizes."""
    (block,) = re.findall(r"```python\n(.*?)```", page, re.S)

    result = _run(f"{block}\napp.synth()", tmp_path)

    assert result.returncode == 0, result.stderr
    assert (tmp_path / "cdk.out" / f"{stack}.template.json").is_file()


def test_the_example_is_clean_under_every_check(tmp_path: Path) -> None:
    """All four packs, our own and the validator; and nothing that an auditor has to accept unseen."""
    result = _run((EXAMPLE / "app.py").read_text(encoding="utf-8"), tmp_path)

    assert result.returncode == 0, result.stderr
    template = json.loads((tmp_path / "cdk.out" / "Chat.template.json").read_text(encoding="utf-8"))
    assert _types(template) >= {"AWS::Cognito::UserPool", "AWS::ApiGateway::RestApi", "AWS::Budgets::Budget"}


def _types(template: Mapping[str, Any]) -> set[str]:
    return {resource["Type"] for resource in template["Resources"].values()}


@pytest.mark.tool
def test_the_example_has_no_finding_in_cfn_lint(tmp_path: Path) -> None:
    """W3005 is the CDK's own: it adds a dependency that a reference already makes."""
    _run((EXAMPLE / "app.py").read_text(encoding="utf-8"), tmp_path)

    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("cfn-lint")),
            "--ignore-checks",
            "W3005",
            "--",
            str(tmp_path / "cdk.out" / "Chat.template.json"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout + done.stderr == ""


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_is_on_the_page(route: str) -> None:
    """A client's author reads the page first."""
    assert f"| `{route}` |" in APPLICATION


def test_every_error_is_on_the_page() -> None:
    """With its status and its code."""
    kinds = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.ChatError)]

    assert [one.__name__ for one in kinds if f"| {one.status} | `{one.code}` |" not in APPLICATION] == []


@pytest.mark.parametrize("stop", Stop)
def test_every_way_an_answer_ends_is_on_the_page(stop: Stop) -> None:
    """Clients show them differently."""
    assert f"| `{stop.value}` |" in APPLICATION


def test_the_tests_that_the_page_names_are_there() -> None:
    """A claim with a test that was renamed is a claim without one."""
    named = set(re.findall(r"`(test_\w+\.py)`", APPLICATION))
    there = {file.name for file in ROOT.glob("tests/**/test_*.py")}

    assert named - there == set()


def test_every_alarm_is_on_the_page() -> None:
    """With its threshold, its periods and what it means."""
    watches = {
        name: watch
        for module in (application_watches, platform_watches)
        for name, watch in vars(module).items()
        if isinstance(watch, Watch)
    }
    lines = []
    for name, watch in watches.items():
        for row in watch.alarms:
            unit = " standard deviations" if row.is_anomaly else ""
            lines.append(
                f"| `monitor_{name.lower()}` | `{row.id}` | {row.threshold:g}{unit} in {row.periods} × {row.minutes} "  # noqa: RUF001
                f"min | {row.means} |"
            )

    assert [line for line in lines if line not in OPERATIONS] == []


@pytest.mark.parametrize("room", ["application", "operations"])
def test_every_public_name_is_documented(room: str) -> None:
    """A name that is exported says what it is, and stands on the page or in an example."""
    import importlib

    package = importlib.import_module(f"genai_layers.{room}")
    undocumented = [
        name
        for name in package.__all__
        if isinstance(getattr(package, name), type) and not (getattr(package, name).__doc__ or "").strip()
    ]

    assert undocumented == []
