"""The name under which a wildcard resource is reported, so that it can be accepted beside the grant."""

from typing import Any

from aws_cdk import Stack
from constructs import IConstruct


def wildcard_finding(scope: IConstruct, resource: str) -> str:
    """
    Return the AwsSolutions-IAM5 finding for a resource of this stack that ends with a wildcard.

    Args:
        scope: Any construct of the stack.
        resource: ARN with tokens, as given to the policy statement.
    """
    return f"AwsSolutions-IAM5[Resource::{_flat(Stack.of(scope).resolve(resource))}]"


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        if "Fn::Join" in value:
            separator, parts = value["Fn::Join"]
            return str(separator).join(_flat(part) for part in parts)
        if "Ref" in value:
            return f"<{value['Ref']}>"
        if "Fn::GetAtt" in value:
            return f"<{'.'.join(value['Fn::GetAtt'])}>"
    return str(value)
