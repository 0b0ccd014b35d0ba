"""Knowledge bases over stores other than the default."""

from __future__ import annotations

from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager

from genai_layers import testing
from genai_layers.foundation import EncryptionKey
from genai_layers.platform import (
    AuroraStore,
    KnowledgeBase,
    OpenSearchServerlessStore,
)

CLUSTER = "arn:aws:rds:us-east-1:111122223333:cluster:knowledge"
SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:knowledge-AbCdEf"
USES = (*KnowledgeBase.REQUIRED_KEY_USES, *OpenSearchServerlessStore.REQUIRED_KEY_USES)


def made(stack, store, **props) -> KnowledgeBase:
    """Return a knowledge base over a store."""
    key = EncryptionKey(stack, "Key", description="knowledge", uses=USES)
    logs = s3.Bucket.from_bucket_name(stack, "AccessLogs", "access-logs")
    return KnowledgeBase(stack, "Knowledge", key=key.key, access_logs=logs, store=store, **props)


def aurora(stack, **props) -> AuroraStore:
    """Return a store in a cluster that stands already."""
    secret = secretsmanager.Secret.from_secret_complete_arn(stack, "Secret", SECRET)
    given = {"cluster_arn": CLUSTER, "secret": secret, "database": "app", "table": "knowledge.passages"}
    return AuroraStore(**{**given, **props})


def one(template, kind):
    """Return logical id and resource of the only resource of a type."""
    ((logical_id, resource),) = testing.resources(template, kind).items()
    return logical_id, resource
