"""The page of cases: no case is left out, and every test that it names is there."""

from __future__ import annotations

import ast
import functools
import re

from tests.synthesized import ROOT

PAGE = (ROOT / "docs" / "cases.md").read_text(encoding="utf-8")
LEFT_OUT = {16, 17, 24, 28, 32, 36, 60, 68, 71, 75, 78}
"""Numbers that no case has."""
CASES = sorted(set(range(1, 95)) - LEFT_OUT)
ROWS = re.findall(r"^\| (\d+) \(([^|]+)\) \| ([^|]+) \| ([^|]+) \|$", PAGE, re.M)


@functools.cache
def names_in(file: str) -> set[str]:
    """Names of the tests of a file."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_case_has_one_row() -> None:
    """Nothing was passed over, and nothing is told twice."""
    assert [int(number) for number, *_ in ROWS] == CASES


def test_every_test_that_is_named_exists() -> None:
    """A renamed test takes its case with it."""
    missing = [
        f"{number}: {file}::{name}"
        for number, _, _, shown in ROWS
        for file, name in re.findall(r"`(tests/[^`:]+)::(test_\w+)`", shown)
        if not (ROOT / file).is_file() or name not in names_in(file)
    ]

    assert missing == []


def test_a_row_names_a_test_or_says_why_there_is_none() -> None:
    """An empty promise is worse than a gap that is told."""
    silent = [
        number
        for number, _, holds, shown in ROWS
        if (holds == "-" and len(shown.split()) < 8) or (holds != "-" and "::test_" not in shown)
    ]

    assert silent == []


def test_every_test_of_these_folders_is_on_the_page() -> None:
    """A test that is named after a case is where a reader of the page finds it."""
    named = set(re.findall(r"::(test_\w+)`", PAGE))
    own = {
        name
        for path in (ROOT / "tests" / "cases").glob("test_cases_*.py")
        for name in names_in(str(path.relative_to(ROOT)))
        if name.startswith("test_case_")
    }

    assert own - named == set()
