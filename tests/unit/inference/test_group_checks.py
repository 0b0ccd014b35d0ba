"""Multi-node fleets of every kind before every check, and the exact list of what was accepted."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
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
    # Findings beside the fleets are not this test's.
    with contextlib.suppress(RuntimeError):
        app.synth()
    return json.loads((Path(app.outdir) / "validation-report.json").read_text(encoding="utf-8"))


def findings(report: Any, kind: str) -> Iterator[tuple[str, str]]:
    """Return construct path and rule of each finding of *kind* on a fleet."""
    for plugin in report["pluginReports"]:
        for violation in plugin.get(kind, []):
            for construct in violation["violatingConstructs"]:
                if "/Fleet/" in construct["constructPath"]:
                    rule = violation["ruleName"].split("[")[0]
                    for prefix in ("NIST.800.53.R5-", "HIPAA.Security-", "PCI.DSS.321-"):
                        rule = rule.removeprefix(prefix)
                    yield construct["constructPath"], rule


def test_no_multi_node_fleet_has_an_open_finding(report: Any) -> None:
    """AwsSolutions, NIST 800-53, HIPAA, PCI DSS, our own rules and the CloudFormation validator are content."""
    assert list(findings(report, "violations")) == []


@pytest.mark.parametrize("variant", sorted(GROUP_VARIANTS))
def test_what_a_multi_node_fleet_accepts_is_exactly_what_is_known(report: Any, variant: str) -> None:
    """A new acknowledgement has to be written down here too, and one that matches nothing shows."""
    accepted = {rule for path, rule in findings(report, "suppressedViolations") if path.startswith(f"Stack-{variant}/")}

    assert accepted == DIFFERENT.get(variant, ALWAYS)


@pytest.mark.tool
def test_cfn_lint_has_no_finding_in_a_multi_node_fleet(group_templates: dict[str, Any], tmp_path: Path) -> None:
    """The same templates before another validator, with the regions' own schemas."""
    for name, template in group_templates.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(template), encoding="utf-8")
    files = sorted(str(file) for file in tmp_path.glob("*.json"))

    done = subprocess.run(
        [str(Path(sys.executable).with_name("cfn-lint")), "--regions", "us-east-1", "--format", "json", "--", *files],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    # What lies beside the fleets is not this test's.
    assert [m for m in json.loads(done.stdout or "[]") if "Fleet" in str(m["Location"]["Path"])] == []
