"""Multi-node fleets of every kind before every check, and the exact list of what was accepted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from checked_fleets import findings, lint, validation_report
from group_estate import GROUP_VARIANTS, GroupEstate

from genai_layers import testing
from genai_layers.foundation.nag import attach_checks

pytestmark = pytest.mark.synth

ALWAYS = {
    "ALBHttpToHttpsRedirection",
    "ALBWAFEnabled",
    "AutoScalingGroupELBHealthCheckRequired",
    "AwsSolutions-AS3",
    "AwsSolutions-EC26",
    "AwsSolutions-IAM5",
    "AwsSolutions-SMG4",
    "EC2IMDSv2Enabled",
    "EC2RestrictedCommonPorts",
    "ELBv2ACMCertificateRequired",
    "IAMNoInlinePolicy",
    "SecretsManagerRotationEnabled",
}
DIFFERENT: dict[str, set[str]] = {
    "https": ALWAYS - {"ALBHttpToHttpsRedirection", "ELBv2ACMCertificateRequired"},
    "block": ALWAYS - {"AwsSolutions-EC26", "EC2IMDSv2Enabled"},
    "notified": ALWAYS - {"AwsSolutions-AS3"},
    "nobody-yet": ALWAYS
    - {"AutoScalingGroupELBHealthCheckRequired", "AwsSolutions-AS3", "AwsSolutions-EC26", "EC2IMDSv2Enabled"},
}


@pytest.fixture(scope="module")
def report() -> Any:
    """Return the validation report of an app with every kind, under all four packs and our own."""
    app = testing.app()
    attach_checks(app)
    for name, make in GROUP_VARIANTS.items():
        make(GroupEstate(app, f"Stack-{name}"))
    return validation_report(app)


def test_no_multi_node_fleet_has_an_open_finding(report: Any) -> None:
    """AwsSolutions, NIST 800-53, HIPAA, PCI DSS, our own rules and the CloudFormation validator are content."""
    assert [(path, rule) for path, rule, _ in findings(report, "violations")] == []


@pytest.mark.parametrize("variant", sorted(GROUP_VARIANTS))
def test_what_a_multi_node_fleet_accepts_is_exactly_what_is_known(report: Any, variant: str) -> None:
    """A new acknowledgement has to be written down here too, and one that matches nothing shows."""
    accepted = {
        rule for path, rule, _ in findings(report, "suppressedViolations") if path.startswith(f"Stack-{variant}/")
    }

    assert accepted == DIFFERENT.get(variant, ALWAYS)


@pytest.mark.tool
def test_cfn_lint_has_no_finding_in_a_multi_node_fleet(group_templates: dict[str, Any], tmp_path: Path) -> None:
    """The same templates before another validator, with the regions' own schemas."""
    assert lint(group_templates, tmp_path) == []
