"""Every engine on every back end for every architecture: it synthesizes with no finding, or the fix is named."""

from __future__ import annotations

import itertools

import pytest
from checked_fleets import findings, validation_report
from group_estate import GroupEstate
from matrix_estate import BACK_ENDS, ENGINES, combine

from genai_layers import testing
from genai_layers.foundation.nag import attach_checks
from genai_layers.inference import FleetError

pytestmark = pytest.mark.synth

OF_X86 = {"vllm, x86_64", "sglang, x86_64", "embeddings, x86_64", "custom, x86_64"}
ALLOWED = {
    "machines": {*OF_X86, "vllm on neuron, x86_64", "vllm, arm64", "custom, arm64"},
    "tasks": {*OF_X86, "vllm on neuron, x86_64"},
    "tasks, managed": OF_X86,
    "pods": {"vllm, x86_64", "vllm on neuron, x86_64"},
    "attested": {*OF_X86, "vllm on neuron, x86_64"},
    "groups": {"vllm over machines, x86_64"},
}
COMBINATIONS = list(itertools.product(sorted(BACK_ENDS), sorted(ENGINES)))
PLACED = [each for each in COMBINATIONS if each[1] in ALLOWED[each[0]]]
REFUSED = [each for each in COMBINATIONS if each[1] not in ALLOWED[each[0]]]
FIXES = ("choose ", "leave managed_instances out", "use ")


def stack_of(back_end: str, engine: str) -> str:
    """Return the name of the stack of one combination."""
    return f"{back_end} {engine}".replace(",", "").replace("_", "").replace(" ", "-")


@pytest.fixture(scope="module")
def report():
    """Return the validation report of an app with every combination that is allowed, under all four packs and ours."""
    app = testing.app()
    attach_checks(app)
    for back_end, engine in PLACED:
        combine(GroupEstate(app, stack_of(back_end, engine)), back_end, engine)
    return validation_report(app)


def test_what_is_allowed_synthesizes_with_no_finding(report):
    """Neither the packs nor our rules nor the validator of CloudFormation have anything to say against a fleet."""
    assert [(path, rule) for path, rule, _ in findings(report, "violations")] == []


@pytest.mark.parametrize(("back_end", "engine"), PLACED)
def test_the_checks_have_seen_what_is_allowed(report, back_end, engine):
    """Each combination has acknowledgements of its own in the report, so it was there to be looked at."""
    stack = stack_of(back_end, engine)

    assert [path for path, _, _ in findings(report, "suppressedViolations") if path.startswith(f"{stack}/Fleet/")]


@pytest.mark.parametrize(("back_end", "engine"), REFUSED)
def test_what_is_not_allowed_is_refused_with_the_fix(back_end, engine):
    """Nothing is made that never answers, and every sentence of the message says what to do instead."""
    with pytest.raises(FleetError) as caught:
        combine(GroupEstate(), back_end, engine)

    assert caught.value.faults
    assert all(any(fix in fault for fix in FIXES) for fault in caught.value.faults), caught.value.faults


def test_every_back_end_and_engine_serves_somewhere():
    """The allowed half of the matrix is empty for none of them."""
    assert {back_end for back_end, _ in PLACED} == set(BACK_ENDS)
    assert {engine for _, engine in PLACED} == set(ENGINES)
