"""Reading the policies of a role, a key or a bucket out of a synthesized template."""

from collections.abc import Mapping
from typing import Any

from genai_layers.testing.errors import PolicyTestError
from genai_layers.testing.resolve import Resolver
from genai_layers.testing.template import resources

Policy = dict[str, Any]


def policies_of(template: Mapping[str, Any], role_logical_id: str, resolver: Resolver | None = None) -> list[Policy]:
    """
    Return every policy of a role, resolved: inline ones, attached ones, and those added by grants.

    Args:
        template: A synthesized template.
        role_logical_id: Logical id of the role.
        resolver: Values for what the template refers to. Default: made-up ones.

    Raises:
        PolicyTestError: A policy of the role is not in the template, an AWS-managed one for example, so
            what the role may do cannot be known from it.
    """
    resolver = resolver or Resolver(template=template)
    role = _properties(template, role_logical_id, "AWS::IAM::Role")
    documents = [policy["PolicyDocument"] for policy in role.get("Policies", [])]
    for attached in role.get("ManagedPolicyArns", []):
        documents.append(_managed(template, role_logical_id, attached)["PolicyDocument"])
    reference = {"Ref": role_logical_id}
    for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        for policy in resources(template, kind).values():
            if reference in policy["Properties"].get("Roles", []):
                documents.append(policy["Properties"]["PolicyDocument"])
    return [resolver.resolve(document) for document in documents]


def trust_of(template: Mapping[str, Any], role_logical_id: str, resolver: Resolver | None = None) -> Policy:
    """
    Return who may take on a role, and when: its trust policy, resolved.

    Args:
        template: A synthesized template.
        role_logical_id: Logical id of the role.
        resolver: Values for what the template refers to. Default: made-up ones.
    """
    role = _properties(template, role_logical_id, "AWS::IAM::Role")
    return _resolved(template, role["AssumeRolePolicyDocument"], resolver)


def boundary_of(template: Mapping[str, Any], role_logical_id: str, resolver: Resolver | None = None) -> Policy | None:
    """
    Return the permissions boundary of a role, resolved; None if it has none.

    Args:
        template: A synthesized template.
        role_logical_id: Logical id of the role.
        resolver: Values for what the template refers to. Default: made-up ones.
    """
    attached = _properties(template, role_logical_id, "AWS::IAM::Role").get("PermissionsBoundary")
    if attached is None:
        return None
    return _resolved(template, _managed(template, role_logical_id, attached)["PolicyDocument"], resolver)


def key_policy_of(template: Mapping[str, Any], key_logical_id: str, resolver: Resolver | None = None) -> Policy:
    """
    Return the policy of a KMS key, resolved.

    Args:
        template: A synthesized template.
        key_logical_id: Logical id of the key.
        resolver: Values for what the template refers to. Default: made-up ones.
    """
    return _resolved(template, _properties(template, key_logical_id, "AWS::KMS::Key")["KeyPolicy"], resolver)


def bucket_policy_of(
    template: Mapping[str, Any], bucket_logical_id: str, resolver: Resolver | None = None
) -> Policy | None:
    """
    Return the policy of a bucket, resolved; None if it has none.

    Args:
        template: A synthesized template.
        bucket_logical_id: Logical id of the bucket.
        resolver: Values for what the template refers to. Default: made-up ones.
    """
    for policy in resources(template, "AWS::S3::BucketPolicy").values():
        if policy["Properties"]["Bucket"] == {"Ref": bucket_logical_id}:
            return _resolved(template, policy["Properties"]["PolicyDocument"], resolver)
    return None


def _resolved(template: Mapping[str, Any], document: Any, resolver: Resolver | None) -> Policy:
    resolved: Policy = (resolver or Resolver(template=template)).resolve(document)
    return resolved


def _managed(template: Mapping[str, Any], role_logical_id: str, attached: Any) -> Mapping[str, Any]:
    if isinstance(attached, Mapping) and set(attached) == {"Ref"}:
        return _properties(template, attached["Ref"], "AWS::IAM::ManagedPolicy")
    raise PolicyTestError(
        f"role {role_logical_id!r} has the policy {attached}, which is not in the template: "
        "what it allows cannot be known from here"
    )


def _properties(template: Mapping[str, Any], logical_id: str, type: str) -> Mapping[str, Any]:
    known = resources(template, type)
    if logical_id not in known:
        raise PolicyTestError(
            f"no {type} {logical_id!r} in the template: choose one of {', '.join(sorted(known)) or 'none'}"
        )
    properties: Mapping[str, Any] = known[logical_id]["Properties"]
    return properties
