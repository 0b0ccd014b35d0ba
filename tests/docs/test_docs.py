"""Pages that can be believed: links lead somewhere, commands exist, examples run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/README.md")]
)


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    """No page points at something that was moved or never written."""
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    broken = [link for link in links if "://" not in link and not (page.parent / link).exists()]

    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    """A command in a page is a command of the Makefile."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = set(re.findall(r"`make ([a-z-]+)", page.read_text(encoding="utf-8")))

    assert named - targets == set()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_prose_has_one_sentence_a_line(page: Path) -> None:
    """Diffs of prose read well when a changed sentence is a changed line."""
    prose = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    crowded = [
        line
        for line in prose.splitlines()
        if not line.lstrip().startswith(("|", "#", "-", "!", ">")) and re.search(r"[a-z)`]\. [A-Z`]", line)
    ]

    assert crowded == []


@pytest.mark.synth
def test_the_first_example_of_the_readme_synthesizes() -> None:
    """What a new user pastes works as it stands."""
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    scope: dict[str, object] = {}

    exec(compile(code, "README.md", "exec"), scope)  # noqa: S102 - the example itself

    template = scope["app"].synth().get_stack_by_name("Mine").template  # type: ignore[attr-defined]
    assert any(resource["Type"] == "AWS::Bedrock::Guardrail" for resource in template["Resources"].values())
