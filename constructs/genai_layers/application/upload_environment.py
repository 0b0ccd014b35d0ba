"""What the functions of uploads are told, and why they may reach what they reach."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from genai_layers.application.api import Api
from genai_layers.application.chat_values import TENANT_GROUP_PREFIX
from genai_layers.application.upload_values import UploadLimits
from genai_layers.foundation import PythonFunction
from genai_layers.foundation.nag import acknowledge


def environments(
    limits: UploadLimits,
    *,
    table: dynamodb.ITable,
    quarantine: s3.IBucket,
    documents: s3.IBucket,
    key: kms.IKey,
    api: Api,
    allowed_groups: Sequence[cognito.IUserPoolGroup],
    has_tenants: bool,
) -> tuple[dict[str, str], dict[str, str]]:
    """
    Return what both functions are told, and what only the one is that people reach.

    Args:
        limits: How much may be uploaded.
        table: What is known of uploads.
        quarantine: Where they wait.
        documents: Where they lie once accepted.
        key: Key of the quarantine.
        api: Passes requests on.
        allowed_groups: Who may upload.
        has_tenants: Whether every user is of one tenant.
    """
    common = {
        "TABLE_NAME": table.table_name,
        "QUARANTINE_BUCKET": quarantine.bucket_name,
        "DOCUMENT_BUCKET": documents.bucket_name,
        "MOST_BYTES": str(int(limits.document.to_bytes())),
        "REFUSED_DAYS": str(int(limits.reasons.to_days())),
    }
    asked = {
        "KEY_ARN": key.key_arn,
        "ALLOWED_CLIENTS": " ".join(api.client_ids),
        "ALLOWED_ORIGINS": " ".join(api.allowed_origins),
        "ALLOWED_GROUPS": " ".join(group.group_name for group in allowed_groups),
        "TENANT_GROUP_PREFIX": TENANT_GROUP_PREFIX if has_tenants else "",
        "MOST_DOCUMENTS": str(limits.documents),
        "MOST_USER_BYTES": str(int(limits.user.to_bytes())),
        "UPLOAD_MINUTES": str(int(limits.form.to_minutes())),
    }
    return common, {name: value for name, value in asked.items() if value}


def accept_uploads(function: PythonFunction, resource: str) -> None:
    """Say why *function* may reach every object of a bucket, or of a part of it."""
    acknowledge(
        function.role,
        f"AwsSolutions-IAM5[Resource::{resource}]",
        reason="Keys of documents are made when they are uploaded; the grant is to one bucket, and there to uploads.",
    )
