"""Every part of the foundation passes every check, wherever it is put."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from aws_cdk import App, Stack

from genai_layers import testing
from genai_layers.foundation.nag import unmatched_acknowledgements

pytestmark = pytest.mark.synth


def test_no_pack_has_a_finding(everything: Stack) -> None:
    """All four packs, our own and the CloudFormation validator let every part through."""
    testing.template(everything)


def test_no_pack_has_a_finding_without_an_account(anywhere: Stack) -> None:
    """The same holds where account and region are known at deploy time only, and with NAT and destruction."""
    testing.template(anywhere)


def test_no_pack_has_a_finding_in_other_partitions(other_partition: Stack) -> None:
    """The same holds in GovCloud and China."""
    testing.template(other_partition)


def test_no_acknowledgement_is_idle(everything: Stack, anywhere: Stack) -> None:
    """What is accepted is really found; an acceptance of nothing would hide the next finding of its kind."""
    idle = []
    for stack in (everything, anywhere):
        testing.template(stack)
        app = stack.node.root
        assert isinstance(app, App)
        idle += [f"{entry.where}: {entry.rule}" for entry in unmatched_acknowledgements(app.outdir)]

    assert idle == []


def test_nothing_is_looked_up_in_the_account(everything: Stack) -> None:
    """A machine without credentials can synthesize a stack that knows its account."""
    testing.template(everything)
    app = everything.node.root
    assert isinstance(app, App)
    manifest = json.loads(Path(app.outdir, "manifest.json").read_text())

    assert "missing" not in manifest


def test_no_partition_is_written_out(anywhere: Stack) -> None:
    """A template for any account names no partition of its own, but for the patterns of AWS endpoints."""
    text = json.dumps(testing.template(anywhere))

    assert "arn:aws:" not in text


def test_other_partitions_are_named_right(other_partition: Stack) -> None:
    """No ARN of the commercial partition slips into a template for another one."""
    text = json.dumps(testing.template(other_partition))

    assert "arn:aws:" not in text


def test_nothing_has_a_physical_name(everything: Stack) -> None:
    """Names are generated, so that a second copy and a replacement never collide with the first."""
    naming = ("BucketName", "FunctionName", "LogGroupName", "ManagedPolicyName", "RoleName", "TopicName", "TrailName")
    named = [
        (logical_id, name)
        for logical_id, resource in testing.template(everything)["Resources"].items()
        for name in naming
        if isinstance(resource.get("Properties", {}).get(name), str)
    ]

    assert named == []


def test_no_policy_is_longer_than_iam_takes(everything: Stack) -> None:
    """A managed policy has at most 6,144 characters, a trust policy 2,048 (IAM quotas, read 2026-11-25)."""
    template = testing.template(everything)
    policies = testing.resources(template, "AWS::IAM::ManagedPolicy")
    roles = testing.resources(template, "AWS::IAM::Role")
    resolver = testing.Resolver(template=template)

    def length(document: object) -> int:
        return len(json.dumps(resolver.resolve(document), separators=(",", ":")))

    assert {name for name, each in policies.items() if length(each["Properties"]["PolicyDocument"]) > 6_144} == set()
    assert {
        name for name, each in roles.items() if length(each["Properties"]["AssumeRolePolicyDocument"]) > 2_048
    } == set()


def test_no_managed_policy_of_aws_is_attached(everything: Stack) -> None:
    """What a role may do is in the template; AWS cannot widen it."""
    roles = testing.resources(testing.template(everything), "AWS::IAM::Role").values()
    attached = [arn for role in roles for arn in role["Properties"].get("ManagedPolicyArns", [])]

    assert [arn for arn in attached if set(arn) != {"Ref"}] == []


@pytest.mark.tool
def test_cfn_lint_has_nothing_to_say(everything: Stack, anywhere: Stack, tmp_path: Path) -> None:
    """The templates pass cfn-lint too, which knows every IAM action by name."""
    files = []
    for stack in (everything, anywhere):
        file = tmp_path / f"{len(files)}.json"
        file.write_text(json.dumps(testing.template(stack)))
        files.append(str(file))

    # W3005: an order that a reference implies already; the CDK says it twice, which changes nothing.
    cfn_lint = str(Path(sys.executable).with_name("cfn-lint"))
    process = subprocess.run(
        [cfn_lint, "--ignore-checks", "W3005", "--", *files], capture_output=True, text=True, check=False
    )

    assert process.stdout + process.stderr == ""
