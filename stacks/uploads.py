"""Uploads of documents, where the environment has them."""

from __future__ import annotations

from aws_cdk import CfnOutput, RemovalPolicy, Size
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.application import Api, DocumentUpload, UploadLimits
from genai_layers.settings import Settings
from stacks.network_stack import NetworkStack
from stacks.platform_stack import PlatformStack
from stacks.security_stack import SecurityStack

_OF_CLOUDFRONT = "https://*.cloudfront.net"
"""A page without a name of its own: its address is not known before the quarantine, which its policy names."""


def upload_of(
    scope: Construct,
    *,
    settings: Settings,
    security: SecurityStack,
    network: NetworkStack,
    platform: PlatformStack,
    api: Api,
    log_retention: logs.RetentionDays,
    removal_policy: RemovalPolicy,
) -> DocumentUpload | None:
    """
    Return the uploads of the environment; None where it has none.

    Args:
        scope: The stack that they belong to.
        settings: Settings of the environment.
        security: Keys.
        network: Network.
        platform: The knowledge base.
        api: The door.
        log_retention: How long logs are kept.
        removal_policy: What happens to what is kept when the stack goes.
    """
    wanted, page = settings.application.upload, settings.application.web_page
    if not wanted.enabled:
        return None
    upload = DocumentUpload(
        scope,
        "Upload",
        vpc=network.network.vpc,
        subnets=network.network.isolated,
        key=security.data_key.key,
        log_key=security.log_key.key,
        api=api,
        documents=platform.knowledge_base.documents,
        access_logs=security.access_logs.bucket,
        limits=UploadLimits(
            document=Size.mebibytes(wanted.document_mib),
            documents=wanted.documents_per_user,
            user=Size.mebibytes(wanted.mib_per_user),
        ),
        page_origins=[_OF_CLOUDFRONT if page.domain_name is None else f"https://{page.domain_name}"]
        if page.enabled
        else [],
        has_malware_protection=wanted.malware_protection,
        log_retention=log_retention,
        removal_policy=removal_policy,
    )
    CfnOutput(scope, "QuarantineBucketName", value=upload.quarantine.bucket_name)
    return upload
