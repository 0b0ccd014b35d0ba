"""The page about SageMaker and its example: what they show runs, and is clean."""

from __future__ import annotations

import inspect
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from genai_layers.catalog import jumpstart
from genai_layers.platform import sagemaker

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "sagemaker.md"
EXAMPLE = ROOT / "examples" / "sagemaker_endpoint"
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


def test_the_page_runs(tmp_path: Path) -> None:
    """All blocks together make an app that synthesizes."""
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)

    result = run("\n".join([*blocks, "app.synth()"]), tmp_path)

    assert result.returncode == 0, result.stderr
    assert (tmp_path / "cdk.out" / "Models.template.json").is_file()


@pytest.mark.parametrize(("example", "stack"), [("sagemaker_endpoint", "Models"), ("watched_endpoint", "Watched")])
def test_an_example_is_clean_under_every_check(example: str, stack: str, tmp_path: Path) -> None:
    """It attaches the checks itself, so it exits 0 only without a finding."""
    result = run((ROOT / "examples" / example / "app.py").read_text(encoding="utf-8"), tmp_path)

    assert result.returncode == 0, result.stderr
    assert (tmp_path / "cdk.out" / f"{stack}.template.json").is_file()


def test_the_page_lists_the_models_of_the_catalog() -> None:
    """The table is made of the catalog, line by line."""
    lines = [
        f"| `{spec.model_id}` | {spec.version} | {'yes' if spec.eula_key else 'no'} | "
        f"{', '.join(spec.instance_types)} |"
        for spec in sorted(jumpstart.every().values(), key=lambda spec: spec.model_id)
    ]
    (table,) = re.findall(r"<!-- models -->\n(.*?)\n<!-- /models -->", PAGE.read_text(encoding="utf-8"), re.S)

    assert table.splitlines()[2:] == lines


def test_every_public_name_is_documented_and_every_construct_is_on_the_page() -> None:
    """A name that is exported says what it is."""
    page = PAGE.read_text(encoding="utf-8")
    silent = [name for name in sagemaker.__all__ if not (getattr(sagemaker, name).__doc__ or "").strip()]
    constructs = (
        "ModelEndpoint",
        "DedicatedEndpoint",
        "AsyncEndpoint",
        "ServerlessEndpoint",
        "TransformModel",
        "PrivateHub",
    )

    assert silent == []
    assert [name for name in constructs if name not in page] == []


def test_the_choices_of_machines_that_the_page_names_exist() -> None:
    """Each argument in the table is one that the class or the method takes."""
    takers = {
        "Machines": sagemaker.Machines,
        "add_model": sagemaker.ModelEndpoint.add_model,
        "prefix_aware": sagemaker.Routing.prefix_aware,
    }
    page = PAGE.read_text(encoding="utf-8")
    table = page[page.index("| choice | write |") : page.index("## Scaling")]
    named = re.findall(r"(Machines|add_model|prefix_aware)\((?:\.\.\., )?(\w+)=", table)

    assert {taker for taker, _ in named} == set(takers)
    assert len(named) >= 6
    for taker, argument in named:
        assert argument in inspect.signature(takers[taker]).parameters, (taker, argument)
