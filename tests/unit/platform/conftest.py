"""What the platform's tests share: templates with their references filled in, and policies by role."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from genai_layers.testing.policy import Request, evaluate

ACCOUNT = "111122223333"

Fill = Callable[..., Any]


@pytest.fixture(scope="session")
def fill() -> Fill:
    """Return a function that fills the intrinsic functions of a template with values as after a deploy."""
    return _fill


def _fill(value: Any, known: Mapping[str, str] | None = None, *, region: str = "us-east-1") -> Any:
    known = known or {}
    partition = {"us-gov": "aws-us-gov", "cn-nor": "aws-cn"}.get(region[:6], "aws")
    pseudo = {
        "AWS::AccountId": ACCOUNT,
        "AWS::Partition": partition,
        "AWS::Region": region,
        "AWS::URLSuffix": "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com",
    }

    def walk(item: Any) -> Any:
        if isinstance(item, list):
            return [walk(part) for part in item]
        if not isinstance(item, dict):
            return item
        if set(item) == {"Ref"}:
            return pseudo.get(item["Ref"]) or known.get(item["Ref"], f"ref-{item['Ref']}")
        if set(item) == {"Fn::GetAtt"}:
            name = ".".join(item["Fn::GetAtt"])
            return known.get(name, f"arn:{partition}:made:{region}:{ACCOUNT}:{name.replace('.', '/')}")
        if set(item) == {"Fn::Join"}:
            separator, parts = item["Fn::Join"]
            return separator.join(str(walk(part)) for part in parts)
        if set(item) == {"Fn::Sub"} and isinstance(item["Fn::Sub"], str):
            return re.sub(r"\$\{([^}]+)\}", lambda match: pseudo[match[1]], item["Fn::Sub"])
        return {key: walk(part) for key, part in item.items()}

    return walk(value)


@pytest.fixture(scope="session")
def policies_of() -> Callable[[Mapping[str, Any], str], list[dict[str, Any]]]:
    """Return a function that finds the policies attached to the role whose logical id starts as given."""
    return _policies_of


def _policies_of(template: Mapping[str, Any], role: str) -> list[dict[str, Any]]:
    documents = []
    for logical_id, resource in template["Resources"].items():
        if resource["Type"] == "AWS::IAM::Role" and logical_id.startswith(role):
            documents += [policy["PolicyDocument"] for policy in resource["Properties"].get("Policies", [])]
        if resource["Type"] == "AWS::IAM::Policy" and any(
            attached.get("Ref", "").startswith(role) for attached in resource["Properties"]["Roles"]
        ):
            documents.append(resource["Properties"]["PolicyDocument"])
    return documents


@pytest.fixture(scope="session")
def may() -> Callable[..., list[bool]]:
    """Return a function that says which of some requests a role of a template may make."""

    def asked(
        template: Mapping[str, Any],
        role: str,
        *requests: tuple[str, str, Mapping[str, str]],
        known: Mapping[str, str] | None = None,
        region: str = "us-east-1",
    ) -> list[bool]:
        policies = _fill(_policies_of(template, role), known, region=region)
        decisions = evaluate(
            [
                Request(
                    principal=f"arn:aws:iam::{ACCOUNT}:role/caller",
                    action=action,
                    resource=resource,
                    context=context,
                    identity_policies=policies,
                    resource_account=ACCOUNT,
                )
                for action, resource, context in requests
            ]
        )
        return [decision.allowed for decision in decisions]

    return asked
