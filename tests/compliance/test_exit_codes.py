"""A finding ends a program with a code other than 0, whichever way the app is run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.synth, pytest.mark.tool]

ROOT = Path(__file__).resolve().parents[2]
CLI = ROOT / "tools" / "node" / "node_modules" / "aws-cdk" / "bin" / "cdk"

APP = """
import sys
import aws_cdk as cdk
from genai_layers.foundation.nag import attach_checks, genai_checks, synthesize

what = sys.argv[1]
app = cdk.App(builtin_cloud_formation_validation=False, analytics_reporting=False)
stack = cdk.Stack(app, "Stack")
attach_checks(app, packs=["AwsSolutions"])
if what == "finding":
    cdk.CfnResource(stack, "Logs", type="AWS::Logs::LogGroup")
elif what == "broken":
    genai_checks.check_template = None
else:
    cdk.CfnResource(stack, "Handle", type="AWS::CloudFormation::WaitConditionHandle")
synthesize(app)
print("after synth")
"""


def run(command: list[str], directory: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return subprocess.run(
        command,
        cwd=directory,
        env={
            **inherited,
            "PYTHONPATH": str(ROOT / "constructs"),
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def app(tmp_path: Path) -> Path:
    file = tmp_path / "app.py"
    file.write_text(APP, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("what", "mode", "code", "text"),
    [
        ("nothing", "", 0, "after synth"),
        ("finding", "", 1, "GENAI-LOGS-01"),
        ("finding", "process", 1, "GENAI-LOGS-01"),
    ],
)
def test_the_program_alone(app: Path, what: str, mode: str, code: int, text: str) -> None:
    """Also in the mode in which the core only prints."""
    done = run([sys.executable, str(app), what], app.parent, CDK_APP_MODE=mode)

    assert done.returncode == code, done.stderr
    assert text in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("what", "options", "code", "text"),
    [
        ("nothing", [], 0, "after synth"),
        ("finding", [], 1, "GENAI-LOGS-01"),
        ("finding", ["--no-validation"], 1, "GENAI-LOGS-01"),
        ("broken", [], 1, "'GenAi Checks' failed"),
    ],
)
def test_the_cdk_cli(app: Path, what: str, options: list[str], code: int, text: str) -> None:
    """It prints the report itself, and fails; a check that breaks down would be a success to it."""
    command = ["node", str(CLI), "synth", "--quiet", *options, "--app", f"{sys.executable} {app} {what}"]

    done = run(command, app.parent)

    assert done.returncode == code, done.stderr
    assert text in done.stdout + done.stderr
