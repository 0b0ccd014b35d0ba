"""Python and jsii: versions that work, names of Python, and nothing loaded that is not needed."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.synthesized import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PURE = ("catalog", "compliance", "cost", "preflight", "settings")
ROOMS = ("application", "foundation", "inference", "jobs", "jobs.bedrock", "jobs.fine_tuning", "operations", "platform")
OURS = [
    path for folder in ("constructs", "stacks", "tools", "examples") for path in sorted((ROOT / folder).rglob("*.py"))
]


def test_case_63_versions_below_which_findings_cannot_be_acknowledged_are_refused() -> None:
    """Ids with colons in them crashed the core, and an acknowledgement of one construct silenced the whole app."""
    needed = {re.split(r"[><=]", one)[0]: one for one in PROJECT["dependencies"]}

    assert needed["aws-cdk-lib"] == "aws-cdk-lib>=2.275.0,<3"
    assert needed["cdk-nag"] == "cdk-nag>=3.0.2,<4"


def test_case_65_the_way_of_the_second_cdk_nag_is_nowhere() -> None:
    """Its import is gone in the third, and its ids match nothing there."""
    old = re.compile(r"\bNag" r"Suppressions\b")

    assert [str(path.relative_to(ROOT)) for path in OURS if old.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.synth
@pytest.mark.parametrize("room", ROOMS)
def test_case_86_every_argument_of_ours_has_a_name_of_python(room: str) -> None:
    """What reads `modelId` in a template is `model_id` here, and can be given by name only."""
    module = importlib.import_module(f"genai_layers.{room}")
    foreign = [
        f"{name}({argument.name})"
        for name in module.__all__
        if inspect.isclass(one := getattr(module, name))
        and one.__module__.startswith("genai_layers")
        and not issubclass(one, BaseException | dict)
        for argument in inspect.signature(one).parameters.values()
        if argument.name not in {"args", "kwds"} and not re.fullmatch(r"_{0,2}[a-z][a-z0-9_]*", argument.name)
    ]

    assert foreign == []


def test_case_88_facts_and_prices_are_had_without_starting_node() -> None:
    """Loading the CDK takes seconds, which nobody should pay who only asks what a machine costs."""
    code = "import sys\n" + "".join(f"import genai_layers.{room}\n" for room in PURE)
    code += "print([name for name in ('aws_cdk', 'jsii', 'constructs') if name in sys.modules])"

    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT / "constructs")},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "[]"


def test_case_88_no_library_of_constructs_is_needed_but_the_cdk() -> None:
    """Each further jsii library is megabytes to load in every synth, and its own version to match."""
    jsii = {re.split(r"[><=]", one)[0] for one in PROJECT["dependencies"]} - {
        "boto3",
        "cloudformation-validate",
        "pydantic",
        "rich",
        "typer",
    }

    assert jsii == {"aws-cdk-lib", "cdk-nag", "constructs"}


def test_case_89_what_checks_types_at_run_time_is_pinned() -> None:
    """Another version of the checker refuses values that are right."""
    pinned = dict(
        line.split("==") for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").split() if "==" in line
    )

    assert {"jsii", "typeguard", "constructs", "aws-cdk-lib"} <= set(pinned)


@pytest.mark.synth
def test_case_89_the_app_is_the_same_when_python_drops_its_assertions(tmp_path: Path) -> None:
    """Under `-O` jsii checks no types; no check of ours is an assertion, so nothing else changes."""
    context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"] | {"environment": "dev"}
    written = []
    for flags in ([], ["-O"]):
        out = tmp_path / f"out{len(flags)}"
        subprocess.run(
            [sys.executable, "-B", *flags, "app.py"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT / "constructs"),
                "CDK_OUTDIR": str(out),
                "CDK_CONTEXT_JSON": json.dumps(context),
            },
        )
        written.append({path.name: path.read_bytes() for path in out.glob("*.template.json")})
    asserted = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in OURS
        if path.is_relative_to(ROOT / "constructs")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assert) and not ast.unparse(node.test).startswith("isinstance(")  # narrows a type
    ]

    assert written[0] == written[1]
    assert len(written[0]) == 5
    assert asserted == []


def test_case_90_nothing_of_ours_walks_over_constructs_of_others() -> None:
    """A visitor from Python gets constructs without their type; our checks read what was written instead."""
    visitors = [
        str(path.relative_to(ROOT))
        for path in OURS
        if re.search(r"\bIAspect\b|\bAspects\.of\b", path.read_text(encoding="utf-8"))
    ]

    assert visitors == []
