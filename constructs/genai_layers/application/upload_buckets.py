"""Where documents wait until they are looked into, and what of GuardDuty looks at them first."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_guardduty as guardduty
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from genai_layers.foundation import SecureBucket, WorkloadRole
from genai_layers.foundation.nag import acknowledge

_PROBE = "malware-protection-resource-validation-object"
"""Object that GuardDuty writes to see whether it may (GuardDuty user guide, "IAM role policy for the plan")."""
_RULE = "DO-NOT-DELETE-AmazonGuardDutyMalwareProtectionS3*"


def quarantine_bucket(
    scope: Construct,
    id: str,
    *,
    key: kms.IKey,
    access_logs: s3.IBucket | None,
    kept: Duration,
    origins: Sequence[str],
    removal_policy: RemovalPolicy,
) -> s3.Bucket:
    """
    Make the bucket that documents are uploaded to.

    Args:
        scope: The construct that it belongs to.
        id: Name within *scope*.
        key: Key of the documents.
        access_logs: Bucket for its access logs.
        kept: Age at which a document goes, whatever became of it.
        origins: Origins whose pages may send forms and read whether they were taken.
        removal_policy: What happens to the documents when the stack goes.
    """
    bucket = SecureBucket(
        scope,
        id,
        key=key,
        access_logs=access_logs,
        event_bridge=True,
        lifecycle_rules=[s3.LifecycleRule(expiration=kept)],
        noncurrent_version_expiration=Duration.days(1),
        removal_policy=removal_policy,
    ).bucket
    if origins:
        # The form is what lets a browser write; this lets a page hear how far it is.
        bucket.add_cors_rule(
            allowed_methods=[s3.HttpMethods.POST], allowed_origins=list(origins), allowed_headers=["*"], max_age=300
        )
    return bucket


def malware_protection(
    scope: Construct, id: str, *, bucket: s3.IBucket, key: kms.IKey
) -> guardduty.CfnMalwareProtectionPlan:
    """
    Have GuardDuty look for malware in whatever is put into *bucket*, and tag it with what it found.

    Args:
        scope: The construct that it belongs to.
        id: Name within *scope*.
        bucket: The bucket.
        key: Its key.
    """
    role = WorkloadRole(
        scope,
        f"{id}Role",
        assumed_by=iam.ServicePrincipal(
            "malware-protection-plan.guardduty.amazonaws.com",
            conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
        ),
        description="looks for malware in uploads",
    )
    rule = f"arn:{Aws.PARTITION}:events:{Aws.REGION}:{Aws.ACCOUNT_ID}:rule/{_RULE}"
    objects = bucket.arn_for_objects("*")
    statements = (
        ("ListenToUploads", ["events:DeleteRule", "events:PutRule", "events:PutTargets", "events:RemoveTargets"], rule),
        ("SeeItsRule", ["events:DescribeRule", "events:ListTargetsByRule"], rule),
        (
            "ReadAndTag",
            [
                "s3:GetObject",
                "s3:GetObjectTagging",
                "s3:GetObjectVersion",
                "s3:GetObjectVersionTagging",
                "s3:PutObjectTagging",
                "s3:PutObjectVersionTagging",
            ],
            objects,
        ),
        ("TellUploads", ["s3:GetBucketNotification", "s3:PutBucketNotification", "s3:ListBucket"], bucket.bucket_arn),
        ("TryOut", ["s3:PutObject"], bucket.arn_for_objects(_PROBE)),
    )
    for sid, actions, resource in statements:
        conditions = (
            {"StringLike": {"events:ManagedBy": "malware-protection-plan.guardduty.amazonaws.com"}}
            if sid == "ListenToUploads"
            else None
        )
        role.add_to_principal_policy(
            iam.PolicyStatement(sid=sid, actions=actions, resources=[resource], conditions=conditions)
        )
    key.grant(role, "kms:Decrypt", "kms:GenerateDataKey")
    acknowledge(
        role,
        f"AwsSolutions-IAM5[Resource::{rule}]",
        f"AwsSolutions-IAM5[Resource::{objects}]",
        reason="GuardDuty names its own rule, and reads and tags whatever is uploaded to this one bucket.",
    )
    plan = guardduty.CfnMalwareProtectionPlan(
        scope,
        id,
        role=role.role_arn,
        protected_resource=guardduty.CfnMalwareProtectionPlan.CFNProtectedResourceProperty(
            s3_bucket=guardduty.CfnMalwareProtectionPlan.S3BucketProperty(bucket_name=bucket.bucket_name)
        ),
        actions=guardduty.CfnMalwareProtectionPlan.CFNActionsProperty(
            tagging=guardduty.CfnMalwareProtectionPlan.CFNTaggingProperty(status="ENABLED")
        ),
    )
    plan.node.add_dependency(role)
    return plan
