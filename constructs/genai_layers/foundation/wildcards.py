"""Naming the findings about wildcards in a policy, as cdk-nag names them."""

from typing import Any

from aws_cdk import Stack
from constructs import IConstruct


def wildcard_resource(construct: IConstruct, resource: str) -> str:
    """
    Return the id of the finding about a resource with a wildcard, for `acknowledge`.

    The id holds the resource as the template has it, so it differs between a stack with a known account and
    one without; it is worked out here from the same value that goes into the policy.

    Args:
        construct: What the policy belongs to.
        resource: The resource, as given to the policy statement; of the same stack.

    Example:
        acknowledge(role, wildcard_resource(role, bucket.arn_for_objects("*")), reason="all objects of this bucket")
    """
    return f"AwsSolutions-IAM5[Resource::{_flat(Stack.of(construct).resolve(resource))}]"


def _flat(value: Any) -> str:
    match value:
        case str():
            return value.replace("${", "<").replace("}", ">")
        case {"Fn::Join": [delimiter, items]}:
            return str(delimiter).join(_flat(item) for item in items)
        case {"Fn::GetAtt": [resource, attribute]}:
            return f"<{resource}.{attribute}>"
        case {"Ref": name}:
            return f"<{name}>"
    raise ValueError(f"{value!r} is no resource of a policy: give a literal, a reference, or a join of these")
