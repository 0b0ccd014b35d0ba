"""The role that AgentCore works with, for one resource of ours and no other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from aws_cdk import Aws, Stack, Token
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from genai_layers.catalog import regions
from genai_layers.foundation import WorkloadRole

PRINCIPAL = "bedrock-agentcore.amazonaws.com"


def agentcore_arn(scope: Construct, resource: str) -> str:
    """
    Return an ARN of AgentCore in the stack of *scope*.

    Args:
        scope: Any construct of the stack.
        resource: What follows the account, such as `runtime/*`.
    """
    kind, _, name = resource.partition("/")
    return Stack.of(scope).format_arn(service="bedrock-agentcore", resource=kind, resource_name=name)


def service_role(
    scope: Construct, kind: str, name: str, description: str, statements: Sequence[iam.PolicyStatement] = ()
) -> WorkloadRole:
    """
    Return a role that AgentCore takes on for the resource of that kind and name, in our account.

    What the service itself needs is part of the role, so it is there as soon as the role is. What is granted later
    is a policy beside it: two runtimes may then be granted to each other, and neither waits for the other's policy.

    Args:
        scope: The construct that it belongs to.
        kind: What the resource is called in ARNs, such as `runtime`.
        name: Name of the resource; its id begins with it.
        description: What the role is for.
        statements: What the service needs. Default: nothing.
    """
    role = WorkloadRole(
        scope,
        "Role",
        assumed_by=iam.ServicePrincipal(
            PRINCIPAL,
            # The id is not known before the resource stands, and that needs the role; it begins with the name.
            conditions={
                "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                "ArnLike": {"aws:SourceArn": agentcore_arn(scope, f"{kind}/{name}*")},
            },
        ),
        description=description,
    )
    if statements:
        document = iam.PolicyDocument(statements=list(statements), assign_sids=False)
        cast(iam.CfnRole, role.node.default_child).policies = [
            iam.CfnRole.PolicyProperty(policy_name="Service", policy_document=document)
        ]
    return role


def as_written(scope: Construct, role: iam.IRole) -> iam.IRole:
    """
    Return *role* as a constant: the CDK's constructs add nothing to it, and wait for none of its later grants.

    Args:
        scope: The construct that the role works for.
        role: Its role.
    """
    return iam.Role.from_role_arn(scope, "RoleAsWritten", role.role_arn, mutable=False)


def key_as_written(scope: Construct, key: kms.IKey) -> kms.IKey:
    """
    Return *key* as a constant: the CDK's constructs do not write roles into its policy, which would wait for them.

    Args:
        scope: The construct that the key is for.
        key: Its key.
    """
    return kms.Key.from_key_arn(scope, "KeyAsWritten", key.key_arn)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyNeed:
    """
    What a part of AgentCore does with a key.

    Attributes:
        actions: What its role calls.
        operations: What it may hand on within the service.
        is_constrained: Whether every grant that is handed on is bound to an encryption context.
    """

    actions: tuple[str, ...]
    operations: tuple[str, ...]
    is_constrained: bool


# AgentCore developer guide, "Encrypt your AgentCore gateway with a customer-managed KMS key", and what the CDK
# grants for a memory (2.275); read 2026-11-25.
GATEWAY_KEY = KeyNeed(
    actions=("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"),
    operations=("Decrypt", "GenerateDataKey"),
    is_constrained=True,
)
MEMORY_KEY = KeyNeed(
    actions=(
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
    ),
    operations=(
        "Decrypt",
        "DescribeKey",
        "GenerateDataKey",
        "GenerateDataKeyWithoutPlaintext",
        "ReEncryptFrom",
        "ReEncryptTo",
        "RetireGrant",
    ),
    is_constrained=False,
)


def key_statements(key: kms.IKey, need: KeyNeed) -> list[iam.PolicyStatement]:
    """
    Return what a role of AgentCore needs to use a key, and to hand on what the service needs of it.

    The service makes some of the calls directly with the role: a condition on `kms:ViaService` or on the encryption
    context of the data would refuse them.

    Args:
        key: The key; its policy must leave the decision to the policies of its account, as ours do.
        need: What is done with it.
    """
    conditions: dict[str, dict[str, object]] = {
        "ForAllValues:StringEquals": {"kms:GrantOperations": list(need.operations)}
    }
    if need.is_constrained:
        conditions["StringEquals"] = {"kms:GrantConstraintType": "EncryptionContextSubset"}
    return [
        iam.PolicyStatement(actions=list(need.actions), resources=[key.key_arn]),
        iam.PolicyStatement(actions=["kms:CreateGrant"], resources=[key.key_arn], conditions=conditions),
    ]


def require_region(scope: Construct, *types: str) -> None:
    """
    Refuse a region that lacks a part of AgentCore.

    Args:
        scope: Any construct of the stack.
        *types: CloudFormation types.
    """
    region = Stack.of(scope).region
    if not Token.is_unresolved(region):
        regions.require(region, *types)
