"""The house rules that no linter knows."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "constructs" / "genai_layers"


def _tracked(*patterns: str) -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def test_the_source_folder_never_becomes_a_package() -> None:
    """`constructs/__init__.py` would shadow PyPI's `constructs`, and every import would die."""
    assert not (ROOT / "constructs" / "__init__.py").exists()


def test_the_constructs_package_is_pypis() -> None:
    """`import constructs` finds the CDK's base class although a folder of that name stands here."""
    from constructs import Construct

    assert Construct.__module__.startswith("constructs")


def test_no_source_file_is_too_long_to_read_at_once() -> None:
    """No Python file has more than 250 lines."""
    long = {
        str(path.relative_to(ROOT)): lines
        for path in _tracked("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 250
    }

    assert long == {}


@pytest.mark.parametrize(
    "room",
    [
        "settings",
        "catalog",
        "cost",
        "compliance",
        "foundation",
        "inference",
        "platform",
        "application",
        "operations",
        "jobs",
        "testing",
    ],
)
def test_a_room_says_what_it_offers(room: str) -> None:
    """Each room's `__init__.py` holds imports and an `__all__` that names just what they bring in."""
    tree = ast.parse((PACKAGE / room / "__init__.py").read_text(encoding="utf-8"))
    body = [node for node in tree.body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))]
    imported = {
        alias.asname or alias.name
        for node in body
        if isinstance(node, (ast.ImportFrom, ast.Import))
        for alias in node.names
        if alias.name != "annotations"
    }
    exported = {
        element.value
        for node in body
        if isinstance(node, ast.Assign) and isinstance(node.value, (ast.List, ast.Tuple))
        for element in node.value.elts
        if isinstance(element, ast.Constant)
    }

    assert exported == imported
    assert all(isinstance(node, (ast.ImportFrom, ast.Import, ast.Assign)) for node in body)


def test_only_programs_of_their_own_read_the_process_environment() -> None:
    """Constructs read no environment: functions, a machine's program and a test helper do."""
    allowed = {"runtime/shared/env.py", "testing/policy.py"}
    readers = {
        name
        for path in _tracked("constructs/*.py")
        if not (name := str(path.relative_to(PACKAGE))).startswith("inference/boot/")
        and re.search(r"\bos\.(environ|getenv)\b", path.read_text(encoding="utf-8"))
    }

    assert readers <= allowed


@pytest.mark.parametrize(
    "pattern",
    [r"[\"']arn:aws[:\"']", r"amazonaws\.com\.cn", r"except( Exception)?:", r"\b(TODO|FIXME|XXX)\b"],
)
def test_the_package_has_none_of(pattern: str) -> None:
    """No hand-written partition, catch-all or loose end in what users import."""
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in _tracked("constructs/*.py", "stacks/*.py", "app.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(pattern, line)
    ]

    assert found == []


def test_the_rooms_import_one_another_as_the_design_says() -> None:
    """import-linter's contracts hold."""
    from importlinter.cli import lint_imports

    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0
