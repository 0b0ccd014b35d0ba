"""A second validator, of another maker, finds nothing in any template of any environment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.synthesized import ENVIRONMENTS, synthesize

pytestmark = [pytest.mark.synth, pytest.mark.tool]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_cfn_lint_has_no_finding(environment: str) -> None:
    """Errors and warnings alike, but for W3005: an order that is written down twice is one that nobody can lose."""
    templates = sorted(str(path) for path in Path(synthesize(environment).directory).glob("*.template.json"))

    run = subprocess.run(
        [
            str(Path(sys.executable).parent / "cfn-lint"),
            "--regions",
            "us-east-1",
            "--format",
            "parseable",
            "--ignore-checks",
            "W3005",
            "--",
            *templates,
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.stdout.strip() == ""
    assert run.returncode == 0, run.stderr
