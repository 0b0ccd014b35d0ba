"""One synth of a pipeline for every test that looks at its template."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from asl import logical_id, resolver
from tuning_estate import Estate

from genai_layers import testing
from genai_layers.testing.policy import Request, evaluate


@pytest.fixture(scope="session")
def estate() -> Estate:
    """A pipeline with the usual parts, and an operator and a reviewer who may use it."""
    made = Estate()
    made.pipeline.grant_start(made.operator)
    made.pipeline.grant_approve(made.approver)
    return made


@pytest.fixture(scope="session")
def template(estate: Estate) -> dict[str, Any]:
    """Its template."""
    return testing.template(estate.stack)


@pytest.fixture(scope="session")
def bucket(template: dict[str, Any]) -> Callable[[str, str], str]:
    """Return a function that names an object of a bucket, or the bucket itself."""

    def named(start: str, key: str = "") -> str:
        arn = resolver(template).arn(logical_id(template, "AWS::S3::Bucket", start))
        return f"{arn}/{key}" if key else arn

    return named


@pytest.fixture(scope="session")
def ask(template: dict[str, Any]) -> Callable[..., list[bool]]:
    """Return a function that asks whether a role may make each of some requests, bucket and key policies included."""
    values = resolver(template)
    policies: dict[str, Any] = {}
    for name in testing.resources(template, "AWS::S3::Bucket"):
        policies[values.arn(name)] = testing.bucket_policy_of(template, name, values)
    for name in testing.resources(template, "AWS::KMS::Key"):
        policies[values.arn(name)] = testing.key_policy_of(template, name, values)

    def asked(start: str, *requests: tuple[Any, ...]) -> list[bool]:
        role = logical_id(template, "AWS::IAM::Role", start)
        identity = testing.policies_of(template, role, values)
        return [
            decision.allowed
            for decision in evaluate(
                [
                    Request(
                        principal=values.arn(role),
                        action=action,
                        resource=resource,
                        context=context[0] if context else {},
                        identity_policies=identity,
                        resource_policy=policies.get(resource.split("/")[0] if ":s3:" in resource else resource),
                        resource_account=testing.ACCOUNT,
                    )
                    for action, resource, *context in requests
                ]
            )
        ]

    return asked
