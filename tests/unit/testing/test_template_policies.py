"""Policies are read out of a template whole, and what it does not hold is an error."""

from typing import Any

import pytest

from genai_layers.testing import (
    PolicyTestError,
    Resolver,
    UnresolvedError,
    boundary_of,
    bucket_policy_of,
    key_policy_of,
    policies_of,
    trust_of,
)


def _document(action: str, resource: Any = "*") -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource}]}


TRUST = _document("sts:AssumeRole")
TEMPLATE: dict[str, Any] = {
    "Parameters": {"Stage": {"Type": "String", "Default": "dev"}, "Secret": {"Type": "String"}},
    "Resources": {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": TRUST,
                "Path": "/app/",
                "Policies": [{"PolicyName": "p", "PolicyDocument": _document("inline:One")}],
                "ManagedPolicyArns": [{"Ref": "Attached"}],
                "PermissionsBoundary": {"Ref": "Boundary"},
            },
        },
        "Other": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}},
        "Borrowed": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": TRUST,
                "ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
            },
        },
        "Grants": {
            "Type": "AWS::IAM::Policy",
            "Properties": {
                "Roles": [{"Ref": "Role"}],
                "PolicyDocument": _document(
                    "s3:GetObject", {"Fn::Join": ["", [{"Fn::GetAtt": ["Bucket", "Arn"]}, "/*"]]}
                ),
            },
        },
        "Attached": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": _document("attached:One")}},
        "Added": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {"Roles": [{"Ref": "Role"}], "PolicyDocument": _document("added:One")},
        },
        "Elsewhere": {
            "Type": "AWS::IAM::Policy",
            "Properties": {"Roles": [{"Ref": "Other"}], "PolicyDocument": _document("other:One")},
        },
        "Boundary": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": _document("most:*")}},
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {}},
        "BucketPolicy": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": _document("s3:*")},
        },
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": _document("kms:*")}},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {}},
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {}},
        "Guardrail": {"Type": "AWS::Bedrock::Guardrail", "Properties": {}},
    },
}


def _actions(policies: list[dict[str, Any]]) -> set[str]:
    return {policy["Statement"][0]["Action"] for policy in policies}


def test_every_policy_of_a_role_is_found_and_no_other() -> None:
    """Inline ones, attached ones, and those that a grant or a managed policy adds from outside."""
    assert _actions(policies_of(TEMPLATE, "Role")) == {"inline:One", "attached:One", "added:One", "s3:GetObject"}
    assert _actions(policies_of(TEMPLATE, "Other")) == {"other:One"}


def test_references_become_the_arns_of_their_resources() -> None:
    """The same made-up name wherever the resource is referred to."""
    (grant,) = (each for each in policies_of(TEMPLATE, "Role") if each["Statement"][0]["Action"] == "s3:GetObject")

    assert grant["Statement"][0]["Resource"] == f"{Resolver(template=TEMPLATE).arn('Bucket')}/*"


def test_trust_and_boundary_are_read() -> None:
    """A role without a boundary has none."""
    boundary = boundary_of(TEMPLATE, "Role")

    assert trust_of(TEMPLATE, "Role") == TRUST
    assert boundary == _document("most:*")
    assert boundary_of(TEMPLATE, "Other") is None


def test_policies_of_resources_are_read() -> None:
    """Of a key and of a bucket; a bucket without one has none."""
    bare = {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {}}}}

    assert key_policy_of(TEMPLATE, "Key") == _document("kms:*")
    assert bucket_policy_of(TEMPLATE, "Bucket") == _document("s3:*")
    assert bucket_policy_of(bare, "Bucket") is None


def test_a_policy_of_aws_cannot_be_read() -> None:
    """Leaving it out would prove less than the role may do."""
    with pytest.raises(PolicyTestError, match="ReadOnlyAccess, which is not in the template"):
        policies_of(TEMPLATE, "Borrowed")


def test_an_unknown_role_is_answered_with_those_there_are() -> None:
    """The message lists what to choose from."""
    with pytest.raises(PolicyTestError, match=r"no AWS::IAM::Role 'Rolle'.*: choose one of Borrowed, Other, Role"):
        policies_of(TEMPLATE, "Rolle")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("text", "text"),
        (7, 7),
        ({"Ref": "AWS::Region"}, "us-east-1"),
        ({"Ref": "Stage"}, "dev"),
        ({"Ref": "Role"}, "Role"),
        ({"Fn::GetAtt": ["Role", "Arn"]}, "arn:aws:iam::111122223333:role/app/Role"),
        ({"Fn::GetAtt": "Queue.Arn"}, "arn:aws:sqs:us-east-1:111122223333:Queue"),
        ({"Ref": "Topic"}, "arn:aws:sns:us-east-1:111122223333:Topic"),
        ({"Ref": "Queue"}, "https://sqs.us-east-1.amazonaws.com/111122223333/Queue"),
        ({"Fn::GetAtt": ["Guardrail", "GuardrailArn"]}, "arn:aws:bedrock:us-east-1:111122223333:guardrail/GUARDRAIL"),
        ({"Fn::Sub": "arn:${AWS::Partition}:s3:::${Bucket}/${!literal}"}, "arn:aws:s3:::bucket/${literal}"),
        (
            {"Fn::Sub": ["${Name}-${Queue.Arn}", {"Name": {"Ref": "Stage"}}]},
            "dev-arn:aws:sqs:us-east-1:111122223333:Queue",
        ),
        ({"Fn::Select": [1, {"Fn::Split": ["-", "a-b-c"]}]}, "b"),
        ({"Fn::Select": ["0", {"Fn::GetAZs": ""}]}, "us-east-1a"),
        ([{"Ref": "AWS::NoValue"}, "kept"], ["kept"]),
        ({"left": {"Ref": "AWS::NoValue"}, "kept": 1}, {"kept": 1}),
    ],
)
def test_intrinsic_functions_are_resolved(value: Any, expected: Any) -> None:
    """Each gives what it plausibly gives once deployed."""
    assert Resolver(template=TEMPLATE).resolve(value) == expected


def test_another_place_gives_other_arns() -> None:
    """Partition, region and account can be chosen."""
    china = Resolver(template=TEMPLATE, partition="aws-cn", region="cn-north-1", account="999988887777")

    assert china.arn("Key").startswith("arn:aws-cn:kms:cn-north-1:999988887777:key/")
    assert china.resolve({"Ref": "AWS::URLSuffix"}) == "amazonaws.com.cn"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"Ref": "Secret"}, r"Ref Secret is not in the template: pass its value as values=\{'Secret': ...\}"),
        ({"Fn::ImportValue": "Network:Vpc"}, r"pass its value as values=\{'Network:Vpc': ...\}"),
        ({"Fn::GetStackOutput": {"StackName": "S", "OutputName": "KeyArn"}}, r"values=\{'KeyArn': ...\}"),
        ({"Fn::GetAtt": ["Nothing", "Arn"]}, "no resource 'Nothing' in the template: choose one of Added"),
    ],
)
def test_what_is_not_in_the_template_must_be_given(value: Any, message: str) -> None:
    """A guess would prove nothing; the message says what to pass."""
    with pytest.raises(UnresolvedError, match=message):
        Resolver(template=TEMPLATE).resolve(value)


def test_given_values_are_used() -> None:
    """For parameters, imports and attributes alike."""
    resolver = Resolver(
        template=TEMPLATE, values={"Secret": "s", "Network:Vpc": "vpc-1", "Bucket.DomainName": "b.example.com"}
    )

    assert resolver.resolve({"Ref": "Secret"}) == "s"
    assert resolver.resolve({"Fn::ImportValue": "Network:Vpc"}) == "vpc-1"
    assert resolver.resolve({"Fn::GetAtt": ["Bucket", "DomainName"]}) == "b.example.com"
