"""Every fact says where and when it was read, and how far to trust it."""

from __future__ import annotations

import datetime
import doctest
import importlib
import json
import pkgutil
from collections.abc import Iterator
from importlib import resources

import pytest

import genai_layers.catalog as room
from genai_layers.catalog import (
    accelerators,
    bedrock,
    enclave_hosts,
    images,
    instances,
    models,
    prices,
    training_images,
)
from genai_layers.catalog.tables import Confidence, closest, listed

MODULES = [f"{room.__name__}.{item.name}" for item in pkgutil.iter_modules(room.__path__) if item.name != "data"]


def facts() -> Iterator[tuple[str, str, str, Confidence]]:
    """Name, source, date and confidence of every row that a caller can get."""
    for machine in instances.every().values():
        yield machine.name, machine.source, machine.as_of, machine.confidence
    for host in enclave_hosts.every().values():
        yield host.name, host.source, host.as_of, host.confidence
    for device in accelerators.every().values():
        yield device.name, device.source, device.as_of, device.confidence
    for model in models.every().values():
        yield model.id, model.source, model.as_of, model.confidence
    for image in images.every():
        yield image.tag, image.source, image.as_of, image.confidence
    for trainer in training_images.every():
        yield trainer.tag, trainer.source, trainer.as_of, trainer.confidence
    for geography in bedrock.profiles.values():
        yield geography.prefix, geography.source, geography.as_of, geography.confidence
    for name in bedrock.ids():
        found = bedrock.get(name)
        yield name, found.source, found.as_of, found.confidence
    rows = json.loads(resources.files(room).joinpath("data", "prices.json").read_text("utf-8"))["rows"]
    for line in prices.lines():
        for region in rows[line]["usd"]:
            where = {"aws": "us-east-1"}.get(region, region)
            price = prices.get(line, where)
            yield f"{line} in {region}", price.source, price.as_of, price.confidence


def test_every_row_has_a_source_a_date_and_a_mark() -> None:
    """Nothing in the catalog is without provenance."""
    without = []
    for name, source, as_of, confidence in facts():
        datetime.date.fromisoformat(as_of)
        if not source or not isinstance(confidence, Confidence):
            without.append(name)

    assert without == []


def test_what_comes_from_general_knowledge_never_claims_to_be_read() -> None:
    """A fact that nobody read in a source is marked C or worse."""
    claimed = [
        name
        for name, source, _, confidence in facts()
        if ("general knowledge" in source or "memory" in source)
        and confidence in (Confidence.READ, Confidence.DOCUMENTED)
    ]

    assert claimed == []


@pytest.mark.parametrize(
    "path", sorted(resources.files(room).joinpath("data").iterdir(), key=str), ids=lambda path: path.name
)
def test_every_file_says_where_and_when(path: resources.abc.Traversable) -> None:
    """Each table has a source and an ISO date of its own, and stays small enough to ship."""
    text = path.read_text("utf-8")
    table = json.loads(text)

    assert table["source"]
    datetime.date.fromisoformat(table["as_of"])
    assert len(text) < 300_000


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_are_true(name: str) -> None:
    """What a docstring shows is what happens."""
    result = doctest.testmod(importlib.import_module(name))

    assert result.failed == 0


def test_closest_names_come_best_first() -> None:
    """A typing error leads to the right name."""
    assert closest("g6.xlrage", ["p5.48xlarge", "g6.xlarge", "g6e.xlarge"])[0] == "g6.xlarge"


def test_a_long_list_is_cut_with_its_length() -> None:
    """A message never prints hundreds of names."""
    assert listed("abcdefghij", limit=3) == "a, b, c and 7 more"
