"""The erasure deletes what it cannot read, for whom it was granted to."""

from __future__ import annotations

import pytest

from genai_layers import testing
from genai_layers.testing import Request, Resolver, Template, evaluate, policies_of, resources

pytestmark = pytest.mark.synth


def _named(template: Template, type: str, prefix: str) -> str:
    (found,) = [name for name in resources(template, type) if name.startswith(prefix)]
    return found


def test_it_lists_keys_and_deletes_and_reads_nothing(template: Template) -> None:
    """Evaluated as IAM would: a query that wants more than the keys is denied."""
    resolver = Resolver(template=template)
    role = _named(template, "AWS::IAM::Role", "ErasureFunctionRole")
    table = resolver.arn(_named(template, "AWS::DynamoDB::Table", "ChatConversations"))
    policies = policies_of(template, role, resolver)

    def may(action: str, **context: str | list[str]) -> Request:
        return Request(
            principal=f"arn:aws:sts::{testing.ACCOUNT}:assumed-role/{role}/erasure",
            action=action,
            resource=table,
            context={f"dynamodb:{key}": value for key, value in context.items()},
            identity_policies=policies,
        )

    keys = {"Attributes": ["pk", "sk"], "Select": "SPECIFIC_ATTRIBUTES"}
    decisions = evaluate(
        [
            may("dynamodb:Query", **keys),
            may("dynamodb:BatchWriteItem", Attributes=["pk", "sk"]),
            may("dynamodb:Query", Attributes=["pk", "sk", "answer"], Select="SPECIFIC_ATTRIBUTES"),
            may("dynamodb:Query", Attributes=["pk", "sk"], Select="ALL_ATTRIBUTES"),
            may("dynamodb:GetItem", Attributes=["pk", "sk"]),
            may("dynamodb:Scan", Attributes=["pk", "sk"]),
        ]
    )

    assert [decision.allowed for decision in decisions] == [True, True, False, False, False, False]


def test_who_may_erase_may_not_ask(template: Template) -> None:
    """Invoking the chat would be reading as anybody."""
    resolver = Resolver(template=template)
    role = _named(template, "AWS::IAM::Role", "PrivacyOfficer")
    functions = [_named(template, "AWS::Lambda::Function", name) for name in ("ErasureFunction", "ChatFunction")]

    def may(function: str) -> Request:
        permissions = [
            resolver.resolve(each["Properties"])
            for each in resources(template, "AWS::Lambda::Permission").values()
            if each["Properties"]["FunctionName"] == {"Fn::GetAtt": [function, "Arn"]}
        ]
        statements = [
            {
                "Effect": "Allow",
                "Action": each["Action"],
                "Principal": {"AWS": each["Principal"]},
                "Resource": each["FunctionName"],
            }
            for each in permissions
            if each["Principal"].startswith("arn:")
        ]
        return Request(
            principal=resolver.arn(role),
            action="lambda:InvokeFunction",
            resource=resolver.arn(function),
            identity_policies=policies_of(template, role, resolver),
            resource_policy={"Version": "2012-10-17", "Statement": statements} if statements else None,
        )

    assert [decision.allowed for decision in evaluate([may(each) for each in functions])] == [True, False]


def test_it_knows_the_table_and_has_time(template: Template) -> None:
    """Five minutes are some hundred thousand items."""
    function = resources(template, "AWS::Lambda::Function")[
        _named(template, "AWS::Lambda::Function", "ErasureFunction")
    ]["Properties"]

    assert function["Environment"]["Variables"] == {
        "TABLE_NAME": {"Ref": _named(template, "AWS::DynamoDB::Table", "ChatConversations")}
    }
    assert function["Timeout"] == 300
    assert function["Handler"] == "runtime.erasure.handler.handler"
