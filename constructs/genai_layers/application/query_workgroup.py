"""Where statements run: bounded in what they read, with results under a key of the owner's."""

from __future__ import annotations

from aws_cdk import Duration, Names, RemovalPolicy, Stack
from aws_cdk import aws_athena as athena
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from genai_layers.foundation import SecureBucket

VIA_ATHENA = {"ForAnyValue:StringEquals": {"aws:CalledVia": ["athena.amazonaws.com"]}}
"""Only what Athena does on behalf of the role: by itself it reads neither catalog nor files."""

RESULTS = "results/"


class QueryWorkgroup(Construct):
    """
    A workgroup of Amazon Athena whose settings no caller can replace.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        key: Key for the results; it needs `KeyUse.S3`.
        access_logs: Bucket for the access log of the results' bucket.
        max_mib_scanned: What one statement may read, MiB.
        result_retention: How long results are kept, in whole days.
        removal_policy: What happens to results when the stack goes.

    Attributes:
        name: Name of the workgroup.
        bucket: Holds the results.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        access_logs: s3.IBucket,
        max_mib_scanned: int,
        result_retention: Duration,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, id)
        self._key = key
        self.bucket = SecureBucket(
            self,
            "Results",
            key=key,
            access_logs=access_logs,
            removal_policy=removal_policy,
            noncurrent_version_expiration=Duration.days(1),
            lifecycle_rules=[s3.LifecycleRule(expiration=result_retention)],
        ).bucket
        # Athena gives workgroups no name of its own, so it comes from the path.
        self.name = Names.unique_resource_name(self, max_length=100, separator="-")
        athena.CfnWorkGroup(
            self,
            "Resource",
            name=self.name,
            description="questions about data: read-only, bounded",
            recursive_delete_option=removal_policy == RemovalPolicy.DESTROY,
            work_group_configuration=athena.CfnWorkGroup.WorkGroupConfigurationProperty(
                bytes_scanned_cutoff_per_query=max_mib_scanned * 2**20,
                enforce_work_group_configuration=True,
                engine_version=athena.CfnWorkGroup.EngineVersionProperty(
                    selected_engine_version="Athena engine version 3"
                ),
                publish_cloud_watch_metrics_enabled=True,
                requester_pays_enabled=False,
                result_configuration=athena.CfnWorkGroup.ResultConfigurationProperty(
                    encryption_configuration=athena.CfnWorkGroup.EncryptionConfigurationProperty(
                        encryption_option="SSE_KMS", kms_key=key.key_arn
                    ),
                    expected_bucket_owner=Stack.of(self).account,
                    output_location=self.bucket.s3_url_for_object(RESULTS),
                ),
            ),
        )

    @property
    def results_arn(self) -> str:
        """What the results are called."""
        return self.bucket.arn_for_objects(f"{RESULTS}*")

    def grant_query(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let *grantee* run statements here, and read and write their results."""
        stack = Stack.of(self)
        granted = iam.Grant.add_to_principal(
            grantee=grantee,
            actions=[
                "athena:GetQueryExecution",
                "athena:GetQueryResults",
                "athena:StartQueryExecution",
                "athena:StopQueryExecution",
            ],
            resource_arns=[stack.format_arn(service="athena", resource="workgroup", resource_name=self.name)],
        )
        in_bucket = iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["s3:GetBucketLocation", "s3:ListBucketMultipartUploads"],
            resource_arns=[self.bucket.bucket_arn],
        )
        in_results = iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
            resource_arns=[self.results_arn],
        )
        return (
            granted.combine(in_bucket)
            .combine(in_results)
            .combine(self._key.grant(grantee, "kms:Decrypt", "kms:GenerateDataKey"))
        )
