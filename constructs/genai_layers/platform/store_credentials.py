"""The secret that a knowledge base signs in to a store with, and the key that it must be under."""

from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager

from genai_layers.foundation.nag import MINIMUM_REASON, says_why


def read_statements(secret: secretsmanager.ISecret, key: kms.IKey | None) -> Sequence[iam.PolicyStatement]:
    """
    Return what the role of a knowledge base needs to read one secret.

    Args:
        secret: The secret.
        key: Its key; None for one that AWS owns, which needs no permission.
    """
    read = iam.PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=[secret.secret_arn])
    if key is None:
        return [read]
    return [read, iam.PolicyStatement(actions=["kms:Decrypt"], resources=[key.key_arn])]


def outside_faults(reason: str) -> list[str]:
    """
    Return what is wrong with the reason for keeping text at a vendor outside AWS.

    Args:
        reason: The reason.
    """
    if says_why(reason):
        return []
    return [
        f"outside_reason {reason!r} says too little: tell in at least {MINIMUM_REASON} characters why text may be kept "
        "outside AWS"
    ]
