"""The page and the example do what they say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from genai_layers.foundation.nag import attach_checks, synthesize

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "fine-tuning.md").read_text("utf-8")
EXAMPLE = ROOT / "examples" / "fine_tuning"

pytestmark = pytest.mark.synth


def test_the_examples_of_the_page_are_clean_under_every_pack() -> None:
    """What a reader pastes, one after the other, passes the checks as it stands."""
    code = "\n".join(re.findall(r"```python\n(.*?)```", PAGE, re.S))
    code = code.replace("App()", "App(builtin_cloud_formation_validation=False)")
    scope: dict[str, object] = {}

    exec(compile(code, "fine-tuning.md", "exec"), scope)  # noqa: S102 - the example itself

    app = scope["app"]
    attach_checks(app)  # type: ignore[arg-type]
    synthesize(app)  # type: ignore[arg-type]


def test_the_example_app_is_clean_under_every_pack(tmp_path: Path) -> None:
    """It attaches the checks itself."""
    made = subprocess.run(
        [sys.executable, "app.py"],
        cwd=EXAMPLE,
        env={
            "PATH": str(Path(sys.executable).parent),
            "CDK_OUTDIR": str(tmp_path),
            "PYTHONPATH": str(ROOT / "constructs"),
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert made.returncode == 0, made.stderr[-2000:]


def test_rules_that_the_page_names_exist() -> None:
    """None was renamed."""
    from genai_layers.compliance import genai_checks

    named = set(re.findall(r"GENAI-TRAINING-\d\d", PAGE))

    assert named <= {rule.id for rule in genai_checks()}
