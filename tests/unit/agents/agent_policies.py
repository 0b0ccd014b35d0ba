"""What roles and keys of a template allow, asked of the evaluator."""

from __future__ import annotations

from typing import Any

from genai_layers import testing
from genai_layers.testing.policy import Request, evaluate

ACCOUNT = "111122223333"
PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::URLSuffix": "amazonaws.com",
}
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/one"
ALIAS = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:agent-alias/AGENT12345/ALIAS12345"
GUARDRAIL = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:guardrail/guardrail1"
KNOWLEDGE_BASE = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:knowledge-base/BASE123456"
_BY_ATTRIBUTE = {"AgentAliasArn": ALIAS, "GuardrailArn": GUARDRAIL, "KnowledgeBaseArn": KNOWLEDGE_BASE}


def made(name: str) -> str:
    """Return the ARN that a reference to a logical id or attribute stands for in these tests."""
    if name.startswith("Key"):
        return KEY
    return _BY_ATTRIBUTE.get(name.partition(".")[2]) or f"arn:aws:made:us-east-1:{ACCOUNT}:{name.replace('.', '/')}"


def fill(value: Any) -> Any:
    """Return *value* with its intrinsic functions replaced by values as after a deploy."""
    match value:
        case list():
            return [fill(part) for part in value]
        case {"Ref": name}:
            return PSEUDO.get(name) or made(name)
        case {"Fn::GetAtt": [resource, attribute]}:
            return made(f"{resource}.{attribute}")
        case {"Fn::Join": [separator, parts]}:
            return separator.join(str(fill(part)) for part in parts)
        case dict():
            return {key: fill(part) for key, part in value.items()}
    return value


def policies_of(template: dict[str, Any], role: str, *, only_inline: bool = False) -> list[dict[str, Any]]:
    """Return the policies of the role whose logical id begins as given: those in it, and those beside it."""
    documents = []
    for name, resource in template["Resources"].items():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::IAM::Role" and name.startswith(role):
            documents += [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
        attached = [each.get("Ref", "") for each in properties.get("Roles", []) if isinstance(each, dict)]
        if resource["Type"] == "AWS::IAM::Policy" and not only_inline and any(ref.startswith(role) for ref in attached):
            documents.append(properties["PolicyDocument"])
    return fill(documents)


def ask(template: dict[str, Any], role: str, *requests: tuple[Any, ...], only_inline: bool = False) -> list[bool]:
    """Return whether a role may make each of some requests: action, resource and, if any, context."""
    policies = policies_of(template, role, only_inline=only_inline)
    keys = [fill(each["Properties"]["KeyPolicy"]) for each in testing.resources(template, "AWS::KMS::Key").values()]
    return [
        decision.allowed
        for decision in evaluate(
            [
                Request(
                    principal=f"arn:aws:iam::{ACCOUNT}:role/caller",
                    action=action,
                    resource=resource,
                    context=context[0] if context else {},
                    identity_policies=policies,
                    resource_policy=keys[0] if action.startswith("kms:") else None,
                    resource_account=ACCOUNT,
                )
                for action, resource, *context in requests
            ]
        )
    ]


def assume(template: dict[str, Any], role: str, *sources: tuple[str, str], service: str) -> list[bool]:
    """Return whether a service may take on a role for each of some accounts and resources."""
    (trust,) = [
        fill(each["Properties"]["AssumeRolePolicyDocument"])
        for name, each in testing.resources(template, "AWS::IAM::Role").items()
        if name.startswith(role)
    ]
    return [
        decision.allowed
        for decision in evaluate(
            [
                Request(
                    principal=service,
                    action="sts:AssumeRole",
                    resource=f"arn:aws:iam::{ACCOUNT}:role/role",
                    context={"aws:SourceAccount": account, "aws:SourceArn": source},
                    resource_policy=trust,
                )
                for account, source in sources
            ]
        )
    ]


def the(template: dict[str, Any], type: str) -> tuple[str, dict[str, Any]]:
    """Return logical id and properties of the only resource of a type."""
    ((name, resource),) = testing.resources(template, type).items()
    return name, resource["Properties"]
