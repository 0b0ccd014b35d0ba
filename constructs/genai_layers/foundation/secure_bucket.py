"""Buckets that are private, encrypted, versioned and logged."""

from collections.abc import Sequence
from typing import cast

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from genai_layers.foundation.emptier_log import bind_emptier_log
from genai_layers.foundation.errors import StorageError
from genai_layers.foundation.nag import acknowledge

_TO_EVENT_BRIDGE = s3.CfnBucket.NotificationConfigurationProperty(
    event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(event_bridge_enabled=True)
)


class SecureBucket(Construct):
    """
    A private bucket under a customer-managed key, TLS 1.2 only, versioned, with access logs.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new bucket.
        key: Key for the objects; the grants of `bucket` add it to the policies of readers and writers.
        access_logs: Bucket for the server access logs, which must let S3's log delivery for the account write, as
            `AccessLogBucket` does. None: no logs, which the compliance packs report.
        removal_policy: What happens when the stack goes. Default: kept; DESTROY also empties it.
        noncurrent_version_expiration: Age at which replaced and deleted versions go. Default: 90 days.
        lifecycle_rules: Rules beyond that one. Default: none.
        event_bridge: Whether object events go to EventBridge. Default: no. Then listen with rules, not with
            `bucket.add_event_notification`, which would overwrite this.
        object_lock: Retention that nobody may shorten, for evidence. Default: none.
        bucket_key: Whether S3 asks the key once for many objects, which costs a fraction. Default: yes; no where
            the encryption context of whoever writes must reach the key.

    Attributes:
        bucket: The bucket.

    Example:
        documents = SecureBucket(self, "Documents", key=key.key, access_logs=logs.bucket)
        documents.bucket.grant_read(reader)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        access_logs: s3.IBucket | None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
        noncurrent_version_expiration: Duration | None = None,
        lifecycle_rules: Sequence[s3.LifecycleRule] = (),
        event_bridge: bool = False,
        object_lock: s3.ObjectLockRetention | None = None,
        bucket_key: bool = True,
    ) -> None:
        super().__init__(scope, id)
        self.bucket = s3.Bucket(
            self,
            "Resource",
            auto_delete_objects=True if removal_policy is RemovalPolicy.DESTROY else None,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            bucket_key_enabled=bucket_key,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            enforce_ssl=True,
            lifecycle_rules=[
                s3.LifecycleRule(
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                    noncurrent_version_expiration=noncurrent_version_expiration or Duration.days(90),
                ),
                *lifecycle_rules,
            ],
            minimum_tls_version=1.2,
            object_lock_default_retention=object_lock,
            object_lock_enabled=True if object_lock is not None else None,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            removal_policy=removal_policy,
            versioned=True,
        )
        if removal_policy is RemovalPolicy.DESTROY:
            bind_emptier_log(self)
        if access_logs is not None:
            self._log_to(access_logs)
        if event_bridge:
            # Natively: the CDK's own switch is a custom resource with a role and a log group of its own.
            cast("s3.CfnBucket", self.bucket.node.default_child).notification_configuration = _TO_EVENT_BRIDGE
        acknowledge(
            self.bucket,
            "S3BucketReplicationEnabled",
            reason="Versions and retention guard against loss within the region; a copy in a second region is a "
            "decision about data residency that belongs to the owner of the data.",
        )

    def _log_to(self, access_logs: s3.IBucket) -> None:
        # The CDK's own prop also adds a statement that names this bucket to the policy of the log bucket. Between
        # stacks that is a circle, since this stack depends on the one of the log bucket.
        resource = self.bucket.node.default_child
        if not isinstance(resource, s3.CfnBucket):
            raise StorageError([f"bucket {self.node.path!r} has no CloudFormation resource to log from"])
        resource.logging_configuration = s3.CfnBucket.LoggingConfigurationProperty(
            destination_bucket_name=access_logs.bucket_name, log_file_prefix=f"{self.node.path}/"
        )
        resource.node.add_dependency(access_logs)


class AccessLogBucket(Construct):
    """
    Where S3 and load balancers put their access logs.

    Log delivery writes only to buckets with S3-managed encryption, so this one has no customer-managed key.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new bucket.
        expiration: Age at which a log goes. Default: one year.
        removal_policy: What happens when the stack goes. Default: kept; DESTROY also empties it, and
            logs that are delivered after that moment can make the deletion fail once.

    Attributes:
        bucket: The bucket.

    Example:
        logs = AccessLogBucket(self, "AccessLogs")
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        expiration: Duration | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        self.bucket = s3.Bucket(
            self,
            "Resource",
            auto_delete_objects=True if removal_policy is RemovalPolicy.DESTROY else None,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            lifecycle_rules=[
                s3.LifecycleRule(
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                    expiration=expiration or Duration.days(365),
                    noncurrent_version_expiration=Duration.days(30),
                )
            ],
            minimum_tls_version=1.2,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            removal_policy=removal_policy,
            versioned=True,
        )
        if removal_policy is RemovalPolicy.DESTROY:
            bind_emptier_log(self)
        self.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                sid="ServerAccessLogs",
                principals=[iam.ServicePrincipal("logging.s3.amazonaws.com")],
                actions=["s3:PutObject"],
                resources=[self.bucket.arn_for_objects("*")],
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            )
        )
        acknowledge(
            self.bucket,
            "S3BucketReplicationEnabled",
            reason="Access logs help to look into what happened in this region; the trail that counts as evidence "
            "is kept elsewhere, with digests.",
        )
        acknowledge(
            self.bucket,
            "S3DefaultEncryptionKMS",
            reason="S3 and load balancers deliver access logs only to buckets with S3-managed keys; with a KMS key "
            "the logs would be lost without a word.",
        )
