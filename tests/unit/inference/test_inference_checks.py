"""Fleets of every kind before every check, and the exact list of what was accepted."""

from __future__ import annotations

import pytest
from checked_fleets import findings, lint, validation_report
from inference_estate import REASON, VARIANTS, Estate

from genai_layers import testing
from genai_layers.foundation.nag import attach_checks

pytestmark = pytest.mark.synth

ALWAYS = {
    "AwsSolutions-AS3",
    "AwsSolutions-EC26",
    "AwsSolutions-IAM5",
    "AwsSolutions-SMG4",
    "ALBWAFEnabled",
    "EC2IMDSv2Enabled",
    "IAMNoInlinePolicy",
    "SecretsManagerRotationEnabled",
}
PLAIN_TEXT = {"ALBHttpToHttpsRedirection", "ELBv2ACMCertificateRequired"}
MIXED = {"AwsSolutions-EC26", "EC2IMDSv2Enabled"}


@pytest.fixture(scope="module")
def report():
    """Return the validation report of an app with every kind of fleet, under all four packs and our own."""
    app = testing.app()
    attach_checks(app)
    for name, make in VARIANTS.items():
        make(Estate(app, f"Stack-{name}"))
    return validation_report(app)


def test_no_fleet_has_an_open_finding(report):
    """AwsSolutions, NIST 800-53, HIPAA, PCI DSS, our own rules and the CloudFormation validator are content."""
    assert [(path, rule) for path, rule, _ in findings(report, "violations")] == []


@pytest.mark.parametrize("variant", sorted(VARIANTS))
def test_what_was_accepted_is_exactly_what_is_known(report, variant):
    """A new acknowledgement has to be written down here too, and one that matches nothing shows."""
    accepted = {
        rule for path, rule, _ in findings(report, "suppressedViolations") if path.startswith(f"Stack-{variant}/")
    }
    expected = set(ALWAYS)
    if variant != "https":
        expected |= PLAIN_TEXT
    if variant == "destroyed":
        expected |= {"ELBDeletionProtectionEnabled"}
    if variant == "block":
        expected -= MIXED
    if variant == "signalled":
        expected -= {"AwsSolutions-AS3"}

    assert accepted == expected


def test_the_reason_for_plain_text_lands_in_the_ledger(report):
    """The auditor reads what the owner wrote."""
    reasons = {
        text for path, rule, text in findings(report, "suppressedViolations") if rule == "ELBv2ACMCertificateRequired"
    }

    assert reasons
    assert all(REASON in text for text in reasons)


@pytest.mark.tool
def test_cfn_lint_has_no_finding(templates, tmp_path):
    """The same templates before another validator, with the regions' own schemas."""
    assert lint(templates, tmp_path) == []
