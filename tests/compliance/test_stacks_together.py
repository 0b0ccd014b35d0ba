"""What roles and people are granted and who is told of misuse, read out of all stacks of the app together."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest

from tests.synthesized import ENVIRONMENTS, synthesize

pytestmark = pytest.mark.synth


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _actions(document: dict[str, Any], effect: str) -> Iterator[str]:
    for statement in document["Statement"]:
        if statement["Effect"] == effect:
            yield from _listed(statement.get("Action", []))


def _resources(environment: str, *kinds: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for stack, template in synthesize(environment).templates.items():
        for name, resource in template["Resources"].items():
            if resource["Type"] in kinds:
                yield f"{stack}/{name}", resource["Properties"]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_boundary_takes_nothing_away_that_a_workload_is_granted(environment: str) -> None:
    """A grant outside the boundary is none: the call is denied, in an account and in no other place."""
    policies = list(_resources(environment, "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"))
    (boundary,) = (
        properties["PolicyDocument"] for _, properties in policies if "/boundary/" in properties.get("Path", "")
    )
    room = list(_actions(boundary, "Allow"))
    # Break-glass alone may have more than the boundary: it is the cap.
    granted = {
        (where, action)
        for where, properties in policies
        if properties.get("Roles")
        for action in _actions(properties["PolicyDocument"], "Allow")
        if action != "*"
    }

    assert sorted(one for one in granted if not any(fnmatchcase(one[1], pattern) for pattern in room)) == []


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_an_operator_may_erase_a_person_and_invoke_no_other_function(environment: str) -> None:
    """By the permission of the function itself; whoever may invoke the chat could read as anybody."""
    permitted = [
        properties["FunctionName"]["Fn::GetAtt"][0]
        for _, properties in _resources(environment, "AWS::Lambda::Permission")
        if "AccessOperator" in str(properties["Principal"])
    ]
    identity = [
        where
        for where, properties in _resources(environment, "AWS::IAM::ManagedPolicy")
        if "AccessOperator" in str(properties.get("Roles"))
        and "lambda:InvokeFunction" in _actions(properties["PolicyDocument"], "Allow")
    ]

    assert [name.startswith("ErasureFunction") for name in permitted] == [True]
    assert identity == []


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_sign_of_misuse_that_the_trail_counts_tells_somebody(environment: str) -> None:
    """A count alone would be found by whoever looks for it afterwards."""
    audit = "GenAiLayers/Audit"
    counted = {
        transformation["MetricName"]
        for _, properties in _resources(environment, "AWS::Logs::MetricFilter")
        for transformation in properties["MetricTransformations"]
        if transformation["MetricNamespace"] == audit
    }
    told = {
        properties["MetricName"]
        for _, properties in _resources(environment, "AWS::CloudWatch::Alarm")
        if properties.get("Namespace") == audit and properties["AlarmActions"]
    }

    assert counted == told != set()


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_stacks_that_keep_their_data_cannot_be_deleted_by_a_slip(environment: str) -> None:
    """Termination protection is in no template: it is what the assembly tells the CLI."""
    manifest = json.loads((synthesize(environment).directory / "manifest.json").read_text(encoding="utf-8"))
    protected = {
        artifact["properties"].get("terminationProtection", False)
        for artifact in manifest["artifacts"].values()
        if artifact["type"] == "aws:cloudformation:stack"
    }

    assert protected == {environment == "prod"}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_auditor_may_open_the_files_of_the_trail(environment: str) -> None:
    """The bucket says so, and the key that its files are encrypted with."""
    bucket = [
        action
        for where, properties in _resources(environment, "AWS::S3::BucketPolicy")
        if "/AuditFiles" in where
        for statement in properties["PolicyDocument"]["Statement"]
        if "AccessAuditor" in str(statement["Principal"])
        for action in _listed(statement["Action"])
    ]
    keys = [
        where.split("/")[1][: len("LogKey")]
        for where, properties in _resources(environment, "AWS::KMS::Key")
        for statement in properties["KeyPolicy"]["Statement"]
        if "AccessAuditor" in str(statement["Principal"]) and "kms:Decrypt" in _listed(statement["Action"])
    ]

    assert {"s3:GetObject", "s3:ListBucket"} <= set(bucket)
    assert keys == ["LogKey"]
