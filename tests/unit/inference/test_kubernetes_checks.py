"""Fleets of pods of every kind before every check, and the exact list of what was accepted."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
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
PLAIN_TEXT = {"ALBHttpToHttpsRedirection", "ELBv2ACMCertificateRequired"}


@pytest.fixture(scope="module")
def report():
    """Return the validation report of an app with every kind of fleet, under all four packs and our own."""
    app = testing.app()
    attach_checks(app)
    for name in CHECKED:
        VARIANTS[name](Estate(app, f"Stack-{name}"))
    # Findings beside the fleets are not this test's: each room has its own.
    with contextlib.suppress(RuntimeError):
        app.synth()
    return json.loads((Path(app.outdir) / "validation-report.json").read_text(encoding="utf-8"))


def findings(report, kind: str) -> Iterator[tuple[str, str, str]]:
    """Return construct path, rule and reason of each finding of *kind* on a fleet or its cluster."""
    for plugin in report["pluginReports"]:
        for violation in plugin.get(kind, []):
            for construct in violation["violatingConstructs"]:
                if any(word in construct["constructPath"] for word in ("/Fleet/", "/OtherFleet/", "/Cluster/")):
                    rule = violation["ruleName"].split("[")[0]
                    for prefix in ("NIST.800.53.R5-", "HIPAA.Security-", "PCI.DSS.321-"):
                        rule = rule.removeprefix(prefix)
                    yield construct["constructPath"], rule, json.dumps(violation)


def test_no_fleet_of_pods_has_an_open_finding(report):
    """AwsSolutions, NIST 800-53, HIPAA, PCI DSS, our own rules and the CloudFormation validator are content."""
    assert [(path, rule) for path, rule, _ in findings(report, "violations")] == []


@pytest.mark.parametrize("variant", CHECKED)
def test_what_was_accepted_of_pods_is_exactly_what_is_known(report, variant):
    """A new acknowledgement has to be written down here too, and one that matches nothing shows."""
    accepted = {
        rule for path, rule, _ in findings(report, "suppressedViolations") if path.startswith(f"Stack-{variant}/")
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
        text for path, rule, text in findings(report, "suppressedViolations") if rule == "ELBv2ACMCertificateRequired"
    }

    assert reasons
    assert all(REASON in text for text in reasons)


@pytest.mark.tool
def test_cfn_lint_has_no_finding_on_pods(tmp_path):
    """The same templates before another validator, with the regions' own schemas."""
    files = []
    for name in CHECKED:
        template = templates()[name]
        file = tmp_path / f"{name}.json"
        file.write_text(json.dumps(template), encoding="utf-8")
        files.append(str(file))

    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("cfn-lint")),
            *("--regions", "us-east-1", "--format", "json", "--ignore-checks", "W3005", "--"),
            *files,
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    # What lies beside the fleets is not this test's.
    matches = [
        match
        for match in json.loads(done.stdout or "[]")
        if any(word in str(match["Location"]["Path"]) for word in ("Fleet", "Cluster"))
    ]
    assert matches == []
