"""The pages about facts and money say what the tables say."""

from __future__ import annotations

import doctest

import pytest

from genai_layers.catalog import instances, models
from tools.catalog import pages


@pytest.mark.parametrize("name", sorted(pages.PARTS))
def test_the_tables_of_a_page_are_those_of_the_catalog(name: str) -> None:
    """A refresh of the facts refreshes the page in the same commit (python -m tools.catalog.pages)."""
    assert (pages.DOCS / name).read_text("utf-8") == pages.rendered(name)


@pytest.mark.parametrize("name", sorted(pages.PARTS))
def test_the_examples_of_a_page_are_true(name: str) -> None:
    """What a page shows is what happens."""
    result = doctest.testfile(str(pages.DOCS / name), module_relative=False)

    assert result.attempted > 0
    assert result.failed == 0


def test_every_machine_and_model_is_on_the_page() -> None:
    """Nothing is offered that a reader cannot look up."""
    text = (pages.DOCS / "catalog.md").read_text("utf-8")

    missing = [name for name in (*instances.every(), *models.every()) if f"| {name} |" not in text]
    assert missing == []
