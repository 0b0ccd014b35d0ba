"""The log of every model invocation of an account, owned by one stack."""

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from genai_layers.foundation import KeyUse, RetainedLogGroup, SecureBucket
from genai_layers.foundation.nag import MINIMUM_REASON, says_why
from genai_layers.platform.errors import LoggingError
from genai_layers.platform.invocation_log_writer import RECORDS_PREFIX, log_writer
from genai_layers.platform.logged_content import LoggedContent
from genai_layers.platform.logging_setting import LoggingSetting


class InvocationLogging(Construct):
    """
    Logs every invocation of a model in this account and region.

    There is one such setting for an account and a region, and CloudFormation has no type for it. Make this once.
    A setting that is there already is not overwritten: the deploy fails and says where the log goes. With
    *adopt_reason* it is taken over, kept, and put back when the stack goes. A setting that somebody else made
    in the meantime is left alone.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        key: Key for logs and bucket; it needs the uses in `REQUIRED_KEY_USES`.
        access_logs: Bucket for the access logs of the log bucket.
        content: How much is kept. Default: requests and answers in CloudWatch, with personal data masked.
        adopt_reason: Why a setting of somebody else may be taken over. Default: it may not.
        log_retention: How long CloudWatch keeps the log. Default: one year.
        expiration: How long the bucket keeps it. Default: 365 days.
        removal_policy: What happens to the logs when the stack goes. Default: they are kept.

    Attributes:
        log_group: Log group with one event for each invocation.
        bucket: Bucket with the log, where *content* asks for it, and with the setting that was taken over.

    Raises:
        LoggingError: A reason says too little.

    Example:
        InvocationLogging(self, "InvocationLogging", key=key.key, access_logs=logs.bucket)
    """

    REQUIRED_KEY_USES = (KeyUse.LOGS,)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        access_logs: s3.IBucket | None,
        content: LoggedContent | None = None,
        adopt_reason: str | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        expiration: Duration | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        content = LoggedContent.masked() if content is None else content
        _check(content, adopt_reason)
        stack = Stack.of(self)
        self.log_group = RetainedLogGroup(
            self, "Logs", key=key, retention=log_retention, removal_policy=removal_policy
        ).log_group
        cfn_log_group = self.log_group.node.default_child
        if isinstance(cfn_log_group, logs.CfnLogGroup):
            cfn_log_group.data_protection_policy = content.masking(stack)
        self.bucket = SecureBucket(
            self,
            "Records",
            key=key,
            access_logs=access_logs,
            removal_policy=removal_policy,
            lifecycle_rules=[
                s3.LifecycleRule(prefix=f"{RECORDS_PREFIX}/", expiration=expiration or Duration.days(365))
            ],
        ).bucket
        writer = log_writer(self, log_group=self.log_group, bucket=self.bucket if content.in_bucket else None, key=key)
        LoggingSetting(
            self,
            "Setting",
            configuration=self._configuration(writer, content),
            writer=writer,
            bucket=self.bucket,
            key=key,
            reasons={"full": content.reason, "adopt": adopt_reason or ""},
            log_retention=log_retention,
            removal_policy=removal_policy,
        )

    def metric_delivery_failures(self) -> cloudwatch.Metric:
        """Return how many invocations could not be written to the log group."""
        return cloudwatch.Metric(
            namespace="AWS/Bedrock", metric_name="ModelInvocationLogsCloudWatchDeliveryFailure", statistic="Sum"
        )

    def _configuration(self, writer: iam.IRole, content: LoggedContent) -> dict[str, object]:
        text = content.keeps_text
        other = text and content.in_bucket
        bucket = {"bucketName": self.bucket.bucket_name, "keyPrefix": RECORDS_PREFIX}
        cloud_watch: dict[str, object] = {"logGroupName": self.log_group.log_group_name, "roleArn": writer.role_arn}
        if content.in_bucket:
            cloud_watch["largeDataDeliveryS3Config"] = bucket
        return {
            "cloudWatchConfig": cloud_watch,
            **({"s3Config": bucket} if content.in_bucket else {}),
            "textDataDeliveryEnabled": text,
            "imageDataDeliveryEnabled": other,
            "embeddingDataDeliveryEnabled": other,
            "videoDataDeliveryEnabled": other,
            "audioDataDeliveryEnabled": other,
        }


def _check(content: LoggedContent, adopt_reason: str | None) -> None:
    faults = content.faults()
    if adopt_reason is not None and not says_why(adopt_reason):
        faults.append(
            f"adopt_reason {adopt_reason!r} says too little: tell in at least {MINIMUM_REASON} characters why the "
            "setting of somebody else may be taken over"
        )
    if faults:
        raise LoggingError(faults)
