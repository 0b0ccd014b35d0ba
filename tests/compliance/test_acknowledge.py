"""What an acknowledgement covers, what it refuses, and what the ledger says of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from genai_layers import testing
from genai_layers.compliance.ledger import Ledger
from genai_layers.foundation.nag import (
    ChecksError,
    acknowledge,
    attach_checks,
    ledger,
    synthesize,
    unmatched_acknowledgements,
    write_ledger,
)

pytestmark = pytest.mark.synth

REASON = "The finding is wanted here, as the test looks at it"
MANAGED = "arn:<AWS::Partition>:iam::aws:policy/ReadOnlyAccess"


@dataclass(frozen=True)
class Report:
    """What a synth with AwsSolutions and HIPAA left behind."""

    directory: Path
    ledger: Ledger
    left: frozenset[tuple[str, str]]
    """Rule and construct of every finding that still stands."""

    def standing(self, where: str, rule: str) -> str:
        return next(entry.standing.value for entry in self.ledger.entries if (entry.where, entry.rule) == (where, rule))


def role(scope: cdk.Stack, id: str, *resources: str) -> iam.Role:
    made = iam.Role(
        scope,
        id,
        assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name("ReadOnlyAccess")],
    )
    made.add_to_policy(iam.PolicyStatement(actions=["s3:Get*", "s3:PutObject"], resources=[*resources, "*"]))
    return made


@pytest.fixture(scope="module")
def report() -> Report:
    app = testing.app()
    attach_checks(app, packs=("AwsSolutions", "HIPAA"))
    first, second = testing.stack(app, "First"), testing.stack(app, "Second")
    bucket = s3.Bucket(first, "Bucket")
    arn = bucket.arn_for_objects("*")
    for stack in (first, second):
        role(stack, "Role", arn, f"arn:{cdk.Aws.PARTITION}:s3:::else/*")

    whole = first.node.find_child("Role")
    acknowledge(
        whole,
        "AwsSolutions-IAM5[Action::s3:Get*]",
        f"AwsSolutions-IAM4[Policy::{MANAGED}]",
        "IAMNoInlinePolicy",
        reason=REASON,
    )
    acknowledge(whole, f"AwsSolutions-IAM5[Resource::{arn}]", reason=REASON)
    acknowledge(second.node.find_child("Role"), f"AwsSolutions-IAM5[Resource::{arn}]", reason=REASON)
    acknowledge(
        second.node.find_child("Role"),
        f"AwsSolutions-IAM5[Resource::arn:{cdk.Aws.PARTITION}:s3:::else/*]",
        reason=REASON,
    )

    acknowledge(bucket, "AwsSolutions-IAM5", "VPCFlowLogsEnabled", "ALBWAFEnabled", reason=REASON)
    cdk.Validations.of(bucket).acknowledge(cdk.Acknowledgment(id="AwsSolutions-S1", reason=REASON))

    nested = cdk.NestedStack(first, "Nested")
    acknowledge(s3.Bucket(nested, "Bucket"), "AwsSolutions-S1", reason=REASON)
    stage = cdk.Stage(app, "Stage", env=cdk.Environment(account=testing.ACCOUNT, region=testing.REGION))
    acknowledge(s3.Bucket(cdk.Stack(stage, "Stack"), "Bucket"), "AwsSolutions-S1", reason=REASON)

    with pytest.raises(RuntimeError, match="ValidationFailed"):
        synthesize(app)
    directory = Path(app.outdir)
    content = json.loads((directory / "validation-report.json").read_text(encoding="utf-8"))
    left = frozenset(
        (violation["ruleName"], construct["constructPath"])
        for plugin in content["pluginReports"]
        for violation in plugin["violations"]
        for construct in violation["violatingConstructs"]
    )
    return Report(directory, ledger(app), left)


@pytest.mark.parametrize(
    "rule",
    [
        "AwsSolutions-IAM5[Action::s3:Get*]",
        f"AwsSolutions-IAM4[Policy::{MANAGED}]",
        "HIPAA.Security-IAMNoInlinePolicy",
    ],
)
def test_a_construct_is_acknowledged_with_everything_below_it_and_nothing_beside_it(report: Report, rule: str) -> None:
    """Also where the id holds colons; the same role in the second stack still stops the synth."""
    places = {path for left, path in report.left if left == rule}

    assert places
    assert all(path.startswith("Second/Role/") for path in places)


def test_another_finding_of_the_same_rule_still_stands(report: Report) -> None:
    """What stands in brackets is part of the id."""
    assert ("AwsSolutions-IAM5[Resource::*]", "First/Role/DefaultPolicy/Resource") in report.left


def test_a_token_in_a_finding_means_what_the_synth_makes_of_it(report: Report) -> None:
    """A bucket of the same stack by its logical id, one of another stack by its import, a partition by its name."""
    left = {rule for rule, _ in report.left if rule.startswith("AwsSolutions-IAM5[Resource::") and "/*" in rule}

    assert left == {"AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::else/*]"}
    assert {path for rule, path in report.left if rule in left} == {"First/Role/DefaultPolicy/Resource"}
    assert [entry for entry in report.ledger.entries if "Token" in entry.rule] == []


@pytest.mark.parametrize("where", ["First/Nested/Bucket", "Stage/Stack/Bucket"])
def test_nested_stacks_and_stages_are_reached(report: Report, where: str) -> None:
    """The finding is accepted, and the ledger finds the acknowledgement in the nested assembly."""
    assert ("AwsSolutions-S1", f"{where}/Resource") not in report.left
    assert report.standing(where, "S1") == "matched"


def test_one_line_covers_every_pack_that_has_the_rule(report: Report) -> None:
    """It has matched when it matched in one of the packs that are attached."""
    (entry,) = [entry for entry in report.ledger.entries if entry.rule == "IAMNoInlinePolicy"]

    assert entry.plugins == ("HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321")
    assert entry.standing.value == "matched"
    assert entry.resources == ("First/Role/DefaultPolicy/Resource",)


@pytest.mark.parametrize(
    ("rule", "standing"),
    [
        ("IAM5", "unmatched"),
        ("VPCFlowLogsEnabled", "unmatched"),
        ("ALBWAFEnabled", "not asked"),
        ("AwsSolutions-S1", "unmatched"),
    ],
)
def test_what_accepts_nothing_is_told_apart_from_what_was_not_asked(report: Report, rule: str, standing: str) -> None:
    """A rule without its finding, a rule of another resource, packs that are not attached, an id without prefix."""
    assert report.standing("First/Bucket", rule) == standing


def test_unmatched_acknowledgements_can_be_read_off_the_folder(report: Report) -> None:
    """A suite that has only `cdk.out` asks the same question."""
    unmatched = unmatched_acknowledgements(report.directory)

    assert {(entry.where, entry.rule) for entry in unmatched} == {
        ("First/Bucket", "IAM5"),
        ("First/Bucket", "VPCFlowLogsEnabled"),
        ("First/Bucket", "AwsSolutions-S1"),
    }
    assert str(unmatched[0]).startswith("First/Bucket: ")


def test_the_ledger_is_a_page_for_auditors_and_a_list_for_machines(report: Report, tmp_path: Path) -> None:
    """The ending of the file decides; another one is refused."""
    page, data = tmp_path / "ledger.md", tmp_path / "ledger.json"

    write_ledger(report.directory, page)
    write_ledger(report.directory, data)

    assert f"| First/Nested/Bucket | `S1` | AwsSolutions | 1 | {REASON} |" in page.read_text(encoding="utf-8")
    entries: list[dict[str, Any]] = json.loads(data.read_text(encoding="utf-8"))["acknowledgements"]
    assert len(entries) == len(report.ledger.entries)
    with pytest.raises(ChecksError, match=r"ends in '\.txt': use \.md or \.json"):
        write_ledger(report.directory, tmp_path / "ledger.txt")


def test_a_folder_without_checks_has_no_ledger(tmp_path: Path) -> None:
    """Rather than an empty one, which would look like a clean one."""
    with pytest.raises(ChecksError, match=r"lacks manifest\.json, genai-checks\.json, validation-report\.json"):
        ledger(tmp_path)
