"""A wildcard for resources has its reason beside it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "constructs" / "genai_layers"
ROOMS = ("foundation", "platform", "jobs", "operations", "application", "inference")
RESOURCES = ("authorized", "resource_arns", "resources")
TOGETHER = ("foundation/boundary.py", "foundation/people.py")
"""Files whose statements are acknowledged in one place of the file, with a reason for each list."""
FILES = sorted(path for room in ROOMS for path in (PACKAGE / room).rglob("*.py"))


def is_everything(keyword: ast.keyword) -> bool:
    """Return whether an argument says all resources."""
    return (
        keyword.arg in RESOURCES
        and isinstance(keyword.value, ast.List)
        and [item.value for item in keyword.value.elts if isinstance(item, ast.Constant)] == ["*"]
    )


def is_harmless(call: ast.Call) -> bool:
    """Return whether a statement denies, or belongs to a resource, where the asterisk is that resource."""
    given = {keyword.arg: ast.unparse(keyword.value).lower() for keyword in call.keywords}
    return "principals" in given or "deny" in given.get("effect", "")


def has_reason(source: str, call: ast.Call, around: ast.AST) -> bool:
    """Return whether a comment stands at the statement, or an acknowledgement in the function or class around it."""
    said = source.splitlines()[call.lineno - 2 : call.end_lineno]
    return any("# " in line for line in said) or "Resource::*" in ast.unparse(around)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_wildcard_for_resources_says_why(path: Path) -> None:
    """An asterisk that nobody explains is one that nobody looked at."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    silent = [
        f"{path.name}:{call.lineno}"
        for around in tree.body
        for call in ast.walk(around)
        if isinstance(call, ast.Call)
        and any(is_everything(keyword) for keyword in call.keywords)
        and not is_harmless(call)
        and not has_reason(source, call, tree if path.relative_to(PACKAGE).as_posix() in TOGETHER else around)
    ]

    assert silent == []
