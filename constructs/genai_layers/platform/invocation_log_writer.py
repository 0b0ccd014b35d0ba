"""What Amazon Bedrock may write the log of invocations with, and where."""

from aws_cdk import ArnFormat, Aws, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from genai_layers.foundation import WorkloadRole

RECORDS_PREFIX = "invocations"
"""Part of the bucket that the service writes to."""

_STREAM = "aws/bedrock/modelinvocations"


def log_writer(
    scope: Construct, *, log_group: logs.ILogGroup, bucket: s3.IBucket | None, key: kms.IKey
) -> WorkloadRole:
    """
    Make the role that writes to the log group, and let the service itself write to the bucket.

    Shapes: Amazon Bedrock user guide, "Monitor model invocation using CloudWatch Logs and Amazon S3".

    Args:
        scope: The construct that the role belongs to.
        log_group: Where events go.
        bucket: Where records go. None: nowhere.
        key: Key of the bucket.
    """
    stack = Stack.of(scope)
    anything = stack.format_arn(service="bedrock", resource="*", arn_format=ArnFormat.NO_RESOURCE_NAME)
    ours = {
        "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
        "ArnLike": {"aws:SourceArn": anything},
    }
    writer = WorkloadRole(
        scope,
        "Writer",
        assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com", conditions=ours),
        description="writes the log of model invocations",
    )
    stream = stack.format_arn(
        service="logs",
        resource="log-group",
        resource_name=f"{log_group.log_group_name}:log-stream:{_STREAM}",
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
    writer.add_to_policy(iam.PolicyStatement(actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[stream]))
    if bucket is not None:
        _allow(bucket, "s3:PutObject", bucket.arn_for_objects(f"{RECORDS_PREFIX}/AWSLogs/{Aws.ACCOUNT_ID}/*"), ours)
        _allow(key, "kms:GenerateDataKey", "*", ours)
    return writer


def _allow(to: s3.IBucket | kms.IKey, action: str, resource: str, conditions: dict[str, dict[str, str]]) -> None:
    to.add_to_resource_policy(
        iam.PolicyStatement(
            sid="InvocationLogs",
            principals=[iam.ServicePrincipal("bedrock.amazonaws.com")],
            actions=[action],
            resources=[resource],
            conditions=conditions,
        )
    )
