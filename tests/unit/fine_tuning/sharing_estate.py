"""Two accounts: one that trains and approves, and one that receives."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from tuning_estate import Estate

from genai_layers import testing
from genai_layers.foundation import AccessLogBucket, EncryptionKey, WorkloadRole
from genai_layers.jobs.promotion import ModelSource, ReceivedModels, Receiver, SharedModels

STAGING, PRODUCTION, REGION = testing.ACCOUNT, "444455556666", "us-east-1"
ORGANIZATION = "o-a1b2c3d4e5"
READER = f"arn:aws:iam::{PRODUCTION}:role/genai-layers/Production-Reader"


def staging(**changes: Any) -> Estate:
    """A pipeline whose models another account may read."""
    made = Estate()
    usual: dict[str, Any] = {
        "group": made.pipeline.group,
        "outputs": made.pipeline.outputs,
        "receivers": [Receiver(account=PRODUCTION, role_arn=READER)],
        "organization_id": ORGANIZATION,
    }
    SharedModels(made.stack, "Shared", **{**usual, **changes})
    return made


def production(app: cdk.App | None = None, source: ModelSource | None = None) -> tuple[cdk.Stack, ReceivedModels]:
    """An account that receives what staging approves."""
    stack = cdk.Stack(app or testing.app(), "Production", env=cdk.Environment(account=PRODUCTION, region=REGION))
    key = EncryptionKey(stack, "Key", description="models", uses=()).key
    log_key = EncryptionKey(stack, "LogKey", description="logs", uses=ReceivedModels.REQUIRED_LOG_KEY_USES).key
    made = ReceivedModels(
        stack,
        "Models",
        source=source
        or ModelSource(
            account=STAGING,
            group_name="Tuning-Group",
            bucket_name="tuning-runs",
            key_arn=f"arn:aws:kms:{REGION}:{STAGING}:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        ),
        key=key,
        log_key=log_key,
        access_logs=AccessLogBucket(stack, "Logs").bucket,
    )
    manager = WorkloadRole(
        stack, "Manager", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"), description="approves releases"
    )
    made.grant_approve(manager)
    made.grant_start(manager)
    return stack, made
