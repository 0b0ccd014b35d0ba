"""The ledger as data: grouping, standing and rendering, without any synth."""

from __future__ import annotations

import json

import pytest

from genai_layers.compliance.ledger import Acknowledgement, Ledger, Standing, Suppression

WHY = "Because the test says so"


def given(id: str, where: str = "Stack/Role", reason: str = WHY) -> Acknowledgement:
    return Acknowledgement(where=where, id=id, reason=reason)


def taken(id: str, where: str = "Stack/Role", resource: str = "Stack/Role/Resource") -> Suppression:
    return Suppression(where=where, id=id, resource=resource)


SHARED = (
    given("HIPAA.Security::HIPAA.Security-IAMNoInlinePolicy"),
    given("PCI.DSS.321::PCI.DSS.321-IAMNoInlinePolicy"),
)


@pytest.mark.parametrize(
    ("suppressions", "attached", "standing"),
    [
        ([taken("PCI.DSS.321::PCI.DSS.321-IAMNoInlinePolicy")], ["HIPAA.Security", "PCI.DSS.321"], Standing.MATCHED),
        ([], ["PCI.DSS.321"], Standing.UNMATCHED),
        ([], ["AwsSolutions"], Standing.NOT_ASKED),
        ([taken("PCI.DSS.321::PCI.DSS.321-IAMNoInlinePolicy", where="Other")], ["PCI.DSS.321"], Standing.UNMATCHED),
    ],
)
def test_a_rule_that_packs_share_is_one_decision(
    suppressions: list[Suppression], attached: list[str], standing: Standing
) -> None:
    """It matched when it matched in any pack, and was not asked when no pack was attached."""
    (entry,) = Ledger.of(SHARED, suppressions, attached).entries

    assert entry.standing is standing
    assert entry.rule == "IAMNoInlinePolicy"
    assert entry.plugins == ("HIPAA.Security", "PCI.DSS.321")


def test_decisions_for_different_reasons_or_places_stay_apart() -> None:
    """And the same one twice is one."""
    s1 = given("AwsSolutions::AwsSolutions-S1")
    ledger = Ledger.of(
        [s1, s1, given(s1.id, reason="Another reason altogether"), given(s1.id, where="Stack/Bucket")], [], []
    )

    assert [(entry.where, entry.reason) for entry in ledger.entries] == [
        ("Stack/Bucket", WHY),
        ("Stack/Role", "Another reason altogether"),
        ("Stack/Role", WHY),
    ]


def test_an_id_with_colons_of_its_own_keeps_them() -> None:
    """Only the first pair parts plugin and rule."""
    finding = given("AwsSolutions::AwsSolutions-IAM5[Action::s3:*]")

    assert (finding.plugin, finding.rule) == ("AwsSolutions", "IAM5[Action::s3:*]")


def test_rendering_is_stable_and_complete() -> None:
    """The same decisions give the same text, in whatever order they were made; bars do not break the table."""
    decisions = [given("GenAi-Checks::GENAI-IAM-03", reason="Either | or, as the test says"), *SHARED]
    suppressions = [taken("GenAi-Checks::GENAI-IAM-03")]

    ledger = Ledger.of(decisions, suppressions, ["GenAi-Checks"])
    reverse = Ledger.of(decisions[::-1], suppressions, ["GenAi-Checks"])

    assert ledger.to_markdown() == reverse.to_markdown()
    assert ledger.to_json() == reverse.to_json()
    assert ledger.to_markdown().splitlines()[2:] == [
        "2 decisions; 1 matched, 0 unmatched, 1 not asked.",
        "",
        "| construct | rule | packs | covers | reason |",
        "| --- | --- | --- | --- | --- |",
        "| Stack/Role | `GENAI-IAM-03` | GenAi-Checks | 1 | Either \\| or, as the test says |",
        f"| Stack/Role | `IAMNoInlinePolicy` | HIPAA.Security, PCI.DSS.321 | not asked | {WHY} |",
    ]
    assert json.loads(ledger.to_json())["acknowledgements"][0]["standing"] == "matched"
