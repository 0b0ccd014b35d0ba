"""The files of the page, copied into their bucket when the stack is deployed."""

from __future__ import annotations

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as assets
from aws_cdk import aws_s3_deployment as deployment
from constructs import Construct

from genai_layers.foundation import RetainedLogGroup, WorkloadRole
from genai_layers.foundation.nag import acknowledge
from genai_layers.web import STATIC, PageConfig

_ACTIONS = ("Abort", "DeleteObject", "GetBucket", "GetObject", "List")
"""Starts of the actions that the CDK grants for copying."""

_FUNCTION = "Custom::CDKBucketDeployment"


class PageFiles(Construct):
    """
    The page and its `config.json`, in a bucket.

    CloudFormation puts no objects into buckets, so the CDK's own function does, once a deploy.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        bucket: Where the files go; what else is in it is removed.
        config: What the page is told.
        log_key: Key for the log of the function; it needs `KeyUse.LOGS`.
        log_retention: How long that log is kept.
        removal_policy: What happens to that log when the stack goes.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        bucket: s3.IBucket,
        config: PageConfig,
        log_key: kms.IKey,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, id)
        log_group = RetainedLogGroup(
            self, "Logs", key=log_key, retention=log_retention, removal_policy=removal_policy
        ).log_group
        role = WorkloadRole(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description="copies the files of the page into their bucket",
        )
        log_group.grant_write(role)
        page = assets.Asset(self, "Page", path=str(STATIC))
        deployment.BucketDeployment(
            self,
            "Resource",
            # Names stay the same from one version to the next, so browsers and the edge ask whether a file is new.
            cache_control=[deployment.CacheControl.no_cache()],
            destination_bucket=bucket,
            log_group=log_group,
            memory_limit=256,
            role=role,
            sources=[
                deployment.Source.bucket(page.bucket, page.s3_object_key),
                deployment.Source.json_data("config.json", config.document()),
            ],
        )
        acknowledge(
            role,
            *(f"AwsSolutions-IAM5[Action::s3:{action}*]" for action in _ACTIONS),
            *(f"AwsSolutions-IAM5[Resource::{place.arn_for_objects('*')}]" for place in (page.bucket, bucket)),
            reason="Copying lists and reads the bucket of the CDK's assets, and lists, writes and removes files of the "
            "page's bucket; what is beyond these two buckets is closed to it.",
        )
        self._accept_function()

    def _accept_function(self) -> None:
        # The CDK keeps one such function a stack, beside the constructs that use it.
        functions = [child for child in Stack.of(self).node.children if child.node.id.startswith(_FUNCTION)]
        for function in functions:
            acknowledge(
                function,
                "AwsSolutions-L1",
                "LambdaConcurrency",
                "LambdaDLQ",
                "LambdaInsideVPC",
                reason="The CDK's own function, with the runtime that the CDK tests it with: it runs once a deploy, "
                "CloudFormation waits for it and reports a failure, and it reaches two buckets and nothing else.",
            )
