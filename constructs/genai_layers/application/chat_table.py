"""The table of conversations."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from genai_layers.foundation.nag import acknowledge

_ACTIONS = (
    "dynamodb:BatchWriteItem",
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
)
"""What the chat does with the table; `Scan`, which could read every user's items, is not among them."""


def conversation_table(scope: Construct, id: str, *, key: kms.IKey, removal_policy: RemovalPolicy) -> dynamodb.Table:
    """
    Define the table of conversations: one partition a user, items that expire, nothing that reads across.

    Args:
        scope: The construct it belongs to.
        id: Name within *scope*; changing it makes a new, empty table.
        key: Key for the items; it needs `KeyUse.DYNAMODB`.
        removal_policy: What happens to the table when the stack goes; a kept one refuses to be deleted.
    """
    table = dynamodb.Table(
        scope,
        id,
        partition_key=dynamodb.Attribute(name="pk", type=dynamodb.AttributeType.STRING),
        sort_key=dynamodb.Attribute(name="sk", type=dynamodb.AttributeType.STRING),
        billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
        deletion_protection=removal_policy != RemovalPolicy.DESTROY,
        encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
        encryption_key=key,
        point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
            point_in_time_recovery_enabled=True
        ),
        removal_policy=removal_policy,
        time_to_live_attribute="expires_at",
    )
    acknowledge(
        table,
        "DynamoDBInBackupPlan",
        reason="Point-in-time recovery covers the last 35 days; a backup plan would keep conversations beyond "
        "their retention and after their user had them deleted.",
    )
    return table


def grant_conversations(table: dynamodb.ITable, key: kms.IKey, grantee: iam.IGrantable) -> iam.Grant:
    """
    Let *grantee* keep conversations in *table*, and use its key through DynamoDB only.

    Args:
        table: The table.
        key: Its key.
        grantee: Who may.
    """
    granted = table.grant(grantee, *_ACTIONS)
    return granted.combine(key.grant(grantee, "kms:Decrypt"))
