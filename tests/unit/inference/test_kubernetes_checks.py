"""Fleets of pods of every kind before every check, and the exact list of what was accepted."""

from __future__ import annotations

import pytest
from checked_fleets import findings, lint, validation_report
from inference_estate import REASON, Estate
from kubernetes_estate import CHECKED, VARIANTS, templates

from genai_layers import testing
from genai_layers.foundation.nag import attach_checks

pytestmark = pytest.mark.synth

ALWAYS = {
    "AwsSolutions-IAM4",
    "AwsSolutions-IAM5",
    "AwsSolutions-L1",
    "AwsSolutions-SMG4",
    "ALBWAFEnabled",
    "IAMNoInlinePolicy",
    "LambdaConcurrency",
    "LambdaDLQ",
    "LambdaInsideVPC",
    "SecretsManagerRotationEnabled",
}
PARTS = ("Fleet", "OtherFleet", "Cluster")
PLAIN_TEXT = {"ALBHttpToHttpsRedirection", "ELBv2ACMCertificateRequired"}


@pytest.fixture(scope="module")
def report():
    """Return the validation report of an app with every kind of fleet, under all four packs and our own."""
    app = testing.app()
    attach_checks(app)
    for name in CHECKED:
        VARIANTS[name](Estate(app, f"Stack-{name}"))
    return validation_report(app)


def test_no_fleet_of_pods_has_an_open_finding(report):
    """AwsSolutions, NIST 800-53, HIPAA, PCI DSS, our own rules and the CloudFormation validator are content."""
    assert [(path, rule) for path, rule, _ in findings(report, "violations", *PARTS)] == []


@pytest.mark.parametrize("variant", CHECKED)
def test_what_was_accepted_of_pods_is_exactly_what_is_known(report, variant):
    """A new acknowledgement has to be written down here too, and one that matches nothing shows."""
    accepted = {
        rule
        for path, rule, _ in findings(report, "suppressedViolations", *PARTS)
        if path.startswith(f"Stack-{variant}/")
    }
    expected = set(ALWAYS)
    if variant != "https":
        expected |= PLAIN_TEXT
    if variant == "destroyed":
        expected |= {"ELBDeletionProtectionEnabled"}

    assert accepted == expected


def test_the_reason_for_plain_text_to_pods_lands_in_the_ledger(report):
    """The auditor reads what the owner wrote."""
    reasons = {
        text
        for path, rule, text in findings(report, "suppressedViolations", *PARTS)
        if rule == "ELBv2ACMCertificateRequired"
    }

    assert reasons
    assert all(REASON in text for text in reasons)


@pytest.mark.tool
def test_cfn_lint_has_no_finding_on_pods(tmp_path):
    """The same templates before another validator, with the regions' own schemas."""
    checked = {name: templates()[name] for name in CHECKED}

    assert lint(checked, tmp_path, "Fleet", "Cluster") == []
