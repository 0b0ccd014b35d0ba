"""The page about fleets, and the example, as a reader would take them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from inference_estate import only

from genai_layers import testing

pytestmark = pytest.mark.synth

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "inference.md"
PAGES = [PAGE, ROOT / "docs" / "attestation.md"]
EXAMPLES = sorted(path for path in (ROOT / "examples").glob("*_fleet") if path.is_dir())


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_the_example_of_the_page_runs(page):
    """It synthesizes as it stands, and makes what the page says."""
    (code,) = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.S)
    scope: dict[str, object] = {}

    exec(compile(code, page.name, "exec"), scope)  # noqa: S102 - the example itself

    template = testing.template(scope["stack"])
    assert only(template, "AWS::AutoScaling::AutoScalingGroup")["MaxSize"] == "2"


def test_the_page_names_every_engine_and_every_way_to_buy():
    """What the package offers is documented, and nothing else."""
    from genai_layers import inference

    text = PAGE.read_text(encoding="utf-8")
    named = set(re.findall(r"`(?:Capacity\.)?(\w+)\(", text))

    assert {"Vllm", "VllmNeuron", "Sglang", "TextEmbeddings", "CustomEngine"} <= named & set(inference.__all__)
    assert {"on_demand", "spot", "reserved", "capacity_block"} <= named


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_the_example_synthesizes_with_every_check(example, tmp_path):
    """In a copy of its folder, as `cdk synth` would start it; a finding would end it with an error."""
    folder = tmp_path / example.name
    shutil.copytree(example, folder)

    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "constructs")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
