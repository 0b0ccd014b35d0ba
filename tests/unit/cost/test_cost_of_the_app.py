"""The app's own bill: nothing left out, and the expensive parts are the ones that were asked for."""

from __future__ import annotations

from decimal import Decimal

import pytest

from genai_layers.cost import Report, fleets, idle_floor, token_paths
from genai_layers.settings import load
from tests.synthesized import ENVIRONMENTS, ROOT, synthesize

pytestmark = pytest.mark.synth


def floor(environment: str) -> Report:
    return idle_floor(synthesize(environment).templates, region(environment))


def region(environment: str) -> str:
    return load(environment, ROOT / "stacks" / "environments").region


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_resource_of_the_app_has_a_price(environment: str) -> None:
    """A construct that brings a new type brings its pricing line."""
    assert floor(environment).unpriced == ()


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_model_that_the_app_may_call_has_a_price(environment: str) -> None:
    """The policies name the models of the settings, and the catalog knows them."""
    settings = load(environment, ROOT / "stacks" / "environments").platform
    paths = token_paths(synthesize(environment).templates, region(environment))

    assert paths.unknown == ()
    assert {settings.model, settings.embedding_model} <= {model.id for model in paths.models}
    assert all(lines for lines in paths.guardrails.values())


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_fleet_is_found_with_its_model(environment: str) -> None:
    """An environment with inference shows the price of its tokens; one without has no machine on the bill."""
    wanted = load(environment, ROOT / "stacks" / "environments").inference
    found = fleets(synthesize(environment).templates)

    if wanted.enabled:
        assert [(fleet.model, fleet.max_model_len) for fleet in found] == [(wanted.model, wanted.max_model_len)]
    else:
        assert found == ()
        assert not [line for line in floor(environment).lines if line.price.line.startswith("ec2:")]


def test_without_machines_the_floor_stays_small() -> None:
    """A developer's environment costs its endpoints, keys and alarms: less than a machine."""
    assert Decimal(0) < floor("dev").usd_per_month < Decimal(200)


def test_machines_are_most_of_what_production_costs() -> None:
    """The report shows where the money goes."""
    report = floor("prod")
    machines = sum(line.usd_per_month for line in report.lines if line.price.line.startswith("ec2:"))

    assert machines > report.usd_per_month / 2
