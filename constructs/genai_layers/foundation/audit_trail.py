"""Who did what, written where nobody can change it."""

from collections.abc import Sequence

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_cloudtrail as cloudtrail
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from genai_layers.foundation.errors import AuditError
from genai_layers.foundation.retained_log_group import RetainedLogGroup
from genai_layers.foundation.secure_bucket import SecureBucket
from genai_layers.foundation.trail_events import DATA_EVENT_TYPES, bucket_events, data_events, management_events
from genai_layers.foundation.trail_signs import METRIC_NAMESPACE, SIGNS
from genai_layers.foundation.workload_role import WorkloadRole


class AuditTrail(Construct):
    """
    A CloudTrail trail over every region, to a locked bucket and an encrypted log group.

    It records every management event, every call of a model, agent, knowledge base, guardrail, vector index,
    SageMaker endpoint and function, and the object events of the buckets that it is told of. Log files are
    encrypted and carry digests, so that a change to one shows.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new trail.
        key: Key for the log files and the log group; it needs `KeyUse.CLOUDTRAIL` and `KeyUse.LOGS`.
        log_retention: How long events stay searchable in the log group; log files stay until they expire.
        data_buckets: Buckets whose object events are recorded, of this stack. Default: none.
        access_logs: Bucket for the access logs of the trail's bucket. Default: none, which the packs report.
        object_lock: Time for which nobody, root included, may delete a log file. Default: none.
        removal_policy: What happens to bucket and log group when the stack goes. Default: they are kept.

    Attributes:
        bucket: Bucket of the log files.
        log_group: Log group of the events.
        trail: The trail.

    Example:
        trail = AuditTrail(self, "Audit", key=key.key, log_retention=logs.RetentionDays.ONE_YEAR,
                           access_logs=access_logs.bucket)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        log_retention: logs.RetentionDays,
        data_buckets: Sequence[s3.IBucket] = (),
        access_logs: s3.IBucket | None = None,
        object_lock: s3.ObjectLockRetention | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        self._key = key
        self.bucket = SecureBucket(
            self,
            "Files",
            key=key,
            access_logs=access_logs,
            object_lock=object_lock,
            removal_policy=removal_policy,
            # CloudTrail names itself in the encryption context, which a bucket key would replace by the bucket.
            bucket_key=False,
        ).bucket
        self._let_write()
        self.log_group = RetainedLogGroup(
            self, "Events", key=key, retention=log_retention, removal_policy=removal_policy
        ).log_group
        role = WorkloadRole(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("cloudtrail.amazonaws.com"),
            description="writes the events of the audit trail to their log group",
        )
        self.log_group.grant_write(role)
        self._selectors = [management_events(), *(data_events(kind) for kind in DATA_EVENT_TYPES)]
        self.trail = cloudtrail.CfnTrail(
            self,
            "Resource",
            advanced_event_selectors=self._selectors,
            cloud_watch_logs_log_group_arn=self.log_group.log_group_arn,
            cloud_watch_logs_role_arn=role.role_arn,
            enable_log_file_validation=True,
            include_global_service_events=True,
            is_logging=True,
            is_multi_region_trail=True,
            kms_key_id=key.key_arn,
            s3_bucket_name=self.bucket.bucket_name,
        )
        if self.bucket.policy is not None:
            self.trail.node.add_dependency(self.bucket.policy)
        self.trail.node.add_dependency(role)
        self._buckets: list[str] = []
        for bucket in data_buckets:
            self.record(bucket)
        for name, pattern in SIGNS.items():
            logs.MetricFilter(
                self,
                name,
                filter_pattern=logs.FilterPattern.literal(pattern),
                log_group=self.log_group,
                metric_name=name,
                metric_namespace=METRIC_NAMESPACE,
            )

    def record(self, bucket: s3.IBucket) -> None:
        """
        Record who reads, writes and deletes the objects of *bucket*: 0.10 USD for 100,000 events.

        Args:
            bucket: A bucket of an earlier stack or of this one. A bucket of a later stack would make the two
                stacks depend on each other: use `record_every_bucket`.
        """
        self._buckets.append(bucket.bucket_arn)
        self._select(bucket_events(self._buckets))

    def record_every_bucket(self) -> None:
        """Record the object events of every bucket of the account, but for the trail's own."""
        self._select(bucket_events([], but=self.bucket.bucket_arn))

    def grant_read(self, role: iam.IRole) -> None:
        """
        Let *role* read the log files, which are the evidence; the log group is for searching and alarms.

        The grant is in the policies of the bucket and of its key, so that whoever reviews them sees every reader and
        the role's own policies stay as they are.

        Args:
            role: Whom to let in, such as the auditor of `AccessControl`; of this account.
        """
        stack = Stack.of(self)
        self.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[role],
                actions=["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket", "s3:ListBucketVersions"],
                resources=[self.bucket.bucket_arn, self.bucket.arn_for_objects("*")],
            )
        )
        self._key.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[role],
                actions=["kms:Decrypt"],
                resources=["*"],
                conditions={"StringEquals": {"kms:ViaService": f"s3.{stack.region}.{stack.url_suffix}"}},
            ),
            allow_no_op=False,
        )

    def metric(self, sign: str) -> cloudwatch.Metric:
        """
        Return the count of a sign of misuse, ready for an alarm.

        Args:
            sign: `AccessDenied`, `KeyDisabled`, `RootUse`, `SignInWithoutMfa` or `TrailChanged`.

        Raises:
            AuditError: Nobody counts such a sign.
        """
        if sign not in SIGNS:
            raise AuditError([f"sign {sign!r} is not counted: choose one of {', '.join(sorted(SIGNS))}"])
        return cloudwatch.Metric(metric_name=sign, namespace=METRIC_NAMESPACE, statistic="Sum")

    def _select(self, objects: cloudtrail.CfnTrail.AdvancedEventSelectorProperty) -> None:
        self.trail.advanced_event_selectors = [*self._selectors, objects]

    def _let_write(self) -> None:
        stack = Stack.of(self)
        ours = {
            "ArnLike": {"aws:SourceArn": stack.format_arn(service="cloudtrail", resource="trail", resource_name="*")},
            "StringEquals": {"aws:SourceAccount": stack.account},
        }
        cloudtrail_ = iam.ServicePrincipal("cloudtrail.amazonaws.com")
        for sid, action, resource, extra in (
            ("CloudTrailChecks", "s3:GetBucketAcl", self.bucket.bucket_arn, {}),
            (
                "CloudTrailWrites",
                "s3:PutObject",
                self.bucket.arn_for_objects(f"AWSLogs/{stack.account}/*"),
                {"s3:x-amz-acl": "bucket-owner-full-control"},
            ),
        ):
            self.bucket.add_to_resource_policy(
                iam.PolicyStatement(
                    sid=sid,
                    principals=[cloudtrail_],
                    actions=[action],
                    resources=[resource],
                    conditions={**ours, "StringEquals": {**ours["StringEquals"], **extra}},
                )
            )
