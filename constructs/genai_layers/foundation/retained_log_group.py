"""A log group that is encrypted, kept for a stated time, and not lost with its stack."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct


class RetainedLogGroup(Construct):
    """
    A CloudWatch log group with a customer-managed key and a retention.

    Its name is generated, so a log group that an earlier deploy left behind is never in the way.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it starts a new log group.
        key: Key for the logs; it needs `KeyUse.LOGS`.
        name: Its name, for a service that takes none but some; make it with `born_name`, so that one that was left
            behind is not in the way. Default: generated.
        retention: How long events are kept. Default: one year, which NIST 800-53 AU-11 programmes ask for.
        removal_policy: What happens when the stack goes. Default: the log group is kept.

    Attributes:
        log_group: The log group.

    Example:
        logs = RetainedLogGroup(self, "Logs", key=key.key)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        name: str | None = None,
        retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        self.log_group = logs.LogGroup(
            self,
            "Resource",
            encryption_key=key,
            log_group_name=name,
            retention=retention,
            removal_policy=removal_policy,
        )
