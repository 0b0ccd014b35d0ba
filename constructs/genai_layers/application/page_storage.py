"""The buckets of the page: its files, and the log of who came."""

from __future__ import annotations

from typing import cast

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from genai_layers.foundation.emptier_log import bind_emptier_log
from genai_layers.foundation.nag import acknowledge


def page_bucket(scope: Construct, id: str, *, access_logs: s3.IBucket, removal_policy: RemovalPolicy) -> s3.Bucket:
    """
    Define the bucket of the files, which CloudFront alone reads.

    Args:
        scope: The construct that it belongs to.
        id: Name within *scope*.
        access_logs: Bucket for its server access logs.
        removal_policy: What happens when the stack goes.
    """
    bucket = _bucket(scope, id, access_logs, removal_policy, s3.ObjectOwnership.BUCKET_OWNER_ENFORCED)
    acknowledge(
        bucket,
        "S3DefaultEncryptionKMS",
        reason="The files are sent to everyone who opens the page and hold no data of anyone's; a key of our own "
        "would protect nothing.",
    )
    acknowledge(
        bucket,
        "S3BucketReplicationEnabled",
        reason="The files are part of the deployment, which puts them back; a copy elsewhere would guard nothing.",
    )
    return bucket


def access_log_bucket(
    scope: Construct, id: str, *, access_logs: s3.IBucket, removal_policy: RemovalPolicy
) -> s3.Bucket:
    """
    Define the bucket for CloudFront's access logs, in any region that the stack stands in.

    Args:
        scope: The construct that it belongs to.
        id: Name within *scope*.
        access_logs: Bucket for its server access logs.
        removal_policy: What happens when the stack goes.
    """
    # CloudFront's log delivery writes with an access control list, so the bucket must still take them.
    bucket = _bucket(scope, id, access_logs, removal_policy, s3.ObjectOwnership.BUCKET_OWNER_PREFERRED)
    acknowledge(
        bucket,
        "S3DefaultEncryptionKMS",
        reason="CloudFront delivers its access logs under S3-managed keys, and what they hold are addresses and "
        "paths of static files.",
    )
    acknowledge(
        bucket,
        "S3BucketReplicationEnabled",
        reason="Access logs help to look into what happened; the trail that counts as evidence is kept elsewhere.",
    )
    return bucket


def _bucket(
    scope: Construct,
    id: str,
    access_logs: s3.IBucket,
    removal_policy: RemovalPolicy,
    ownership: s3.ObjectOwnership,
) -> s3.Bucket:
    bucket = s3.Bucket(
        scope,
        id,
        auto_delete_objects=True if removal_policy is RemovalPolicy.DESTROY else None,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        encryption=s3.BucketEncryption.S3_MANAGED,
        enforce_ssl=True,
        lifecycle_rules=[
            s3.LifecycleRule(
                abort_incomplete_multipart_upload_after=Duration.days(7),
                expiration=None if ownership is s3.ObjectOwnership.BUCKET_OWNER_ENFORCED else Duration.days(365),
                noncurrent_version_expiration=Duration.days(30),
            )
        ],
        minimum_tls_version=1.2,
        object_ownership=ownership,
        removal_policy=removal_policy,
        versioned=True,
    )
    if removal_policy is RemovalPolicy.DESTROY:
        bind_emptier_log(bucket)
    # By hand: the CDK's own prop would name this bucket in the policy of the log bucket, a circle between stacks.
    resource = cast("s3.CfnBucket", bucket.node.default_child)
    resource.logging_configuration = s3.CfnBucket.LoggingConfigurationProperty(
        destination_bucket_name=access_logs.bucket_name, log_file_prefix=f"{bucket.node.path}/"
    )
    return bucket
