"""Where training data is offered, approved and kept, with a role for each and none for two."""

from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from genai_layers.foundation import SecureBucket, wildcard_resource
from genai_layers.foundation.nag import acknowledge
from genai_layers.jobs.fine_tuning.access import arns, read_folder, use_key, write_folder
from genai_layers.jobs.fine_tuning.errors import TrainingDataError
from genai_layers.jobs.fine_tuning.write_alarm import FOREIGN_WRITES, METRIC_NAMESPACE, foreign_writes

APPROVAL = "approved.json"
"""Object that approves the data set in whose folder it lies."""


class TrainingDataBucket(Construct):
    """
    A versioned and locked bucket for data that models learn from.

    Who can write what a model learns decides what it says, so each step has its own writer and the bucket's policy
    denies every other, administrators included: *ingest* writes `incoming/<data set>/train/` and `held_out/`,
    *approvers* write `incoming/<data set>/approved.json`, which names files and their SHA-256, and only the gate of a
    pipeline writes `approved/`, which is what trainings read. Nobody may shorten the time for which an object is kept.

    Have the object events recorded too: `audit.record(data.bucket)`, then `data.watch(audit.log_group)`.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new bucket.
        key: Key for the objects.
        access_logs: Bucket for the server access logs.
        ingest: Roles that offer data. They cannot approve, read or train.
        approvers: Roles that read what is offered and approve it. They cannot offer.
        lock: Time for which no version can be deleted. Default: 365 days, so that what a model was trained on can be
            looked at while the model is in use.
        unlocked_reason: Why nothing is locked, in a few words; for places where data is thrown away. Default: locked.
        removal_policy: What happens when the stack goes. Default: kept. DESTROY needs *unlocked_reason*.

    Attributes:
        bucket: The bucket; its events reach EventBridge.

    Raises:
        TrainingDataError: A role would do two jobs, a job has no role, or the lock contradicts the removal.

    Example:
        data = TrainingDataBucket(self, "Data", key=key.key, access_logs=logs.bucket,
                                  ingest=[feed], approvers=[reviewer])
    """

    INCOMING = "incoming/"
    APPROVED = "approved/"

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        access_logs: s3.IBucket | None,
        ingest: Sequence[iam.IRole],
        approvers: Sequence[iam.IRole],
        lock: Duration | None = None,
        unlocked_reason: str | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        _check(ingest, approvers, lock, unlocked_reason, removal_policy)
        days = lock or Duration.days(365)
        self.bucket = SecureBucket(
            self,
            "Store",
            key=key,
            access_logs=access_logs,
            removal_policy=removal_policy,
            event_bridge=True,
            object_lock=None if unlocked_reason else s3.ObjectLockRetention.governance(days),
        ).bucket
        if unlocked_reason:
            acknowledge(self.bucket, "GENAI-TRAINING-06", reason=f"Nothing is locked here: {unlocked_reason}")
        self._writers = [*ingest, *approvers]
        self._gates: list[iam.IRole] = []
        self._gate_statement: iam.PolicyStatement | None = None
        for role in ingest:
            self._let_offer(role)
        for role in approvers:
            self._let_approve(role)
        approvals = f"{self.INCOMING}*/{APPROVAL}"
        self._only("OnlyTheseApprove", approvals, approvers)
        self._only("OnlyTheseWrite", f"{self.INCOMING}*", self._writers)
        self.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                sid="KeptAsLongAsSaid",
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["s3:BypassGovernanceRetention"],
                resources=[self.bucket.arn_for_objects("*")],
            )
        )

    def admit(self, gate: iam.IRole) -> None:
        """
        Let the gate of a pipeline read what is offered and write what is approved.

        Args:
            gate: Role of the gate, of the same stack as the bucket, whose policy names it.

        Raises:
            TrainingDataError: The role is of another stack, or one of those that offer or approve.
        """
        if Stack.of(gate) is not Stack.of(self):
            raise TrainingDataError(
                ["the gate is in another stack than the training data, whose policy names it: put both into one stack"]
            )
        read_folder(gate, self.bucket, self.INCOMING)
        versions = self.bucket.arn_for_objects(f"{self.INCOMING}*")
        gate.add_to_principal_policy(iam.PolicyStatement(actions=["s3:GetObjectVersion"], resources=[versions]))
        write_folder(gate, self.bucket, self.APPROVED)
        self._gates.append(gate)
        condition = {"aws:PrincipalArn": arns(self._gates)}
        if self._gate_statement is None:
            self._gate_statement = self._only("OnlyGatesPass", f"{self.APPROVED}*", self._gates)
        else:
            self._gate_statement.add_condition("ArnNotEquals", condition)

    def grant_train(self, role: iam.IRole) -> None:
        """
        Let the role of a job read what passed a gate, and nothing else of the bucket.

        Args:
            role: Role of the job.
        """
        read_folder(role, self.bucket, self.APPROVED)

    def watch(self, log_group: logs.ILogGroup) -> cloudwatch.Metric:
        """
        Count writes by anybody but the roles that are meant to write, tries included, and return the metric.

        Args:
            log_group: Log group of a trail that records the object events of this bucket.
        """
        pattern = foreign_writes(self.bucket.bucket_name, arns([*self._writers, *self._gates]))
        logs.MetricFilter(
            self,
            "ForeignWrites",
            filter_pattern=logs.FilterPattern.literal(pattern),
            log_group=log_group,
            metric_name=FOREIGN_WRITES,
            metric_namespace=METRIC_NAMESPACE,
        )
        return cloudwatch.Metric(metric_name=FOREIGN_WRITES, namespace=METRIC_NAMESPACE, statistic="Sum")

    def _let_offer(self, role: iam.IRole) -> None:
        write_folder(role, self.bucket, f"{self.INCOMING}*/train/")
        write_folder(role, self.bucket, f"{self.INCOMING}*/held_out/")

    def _let_approve(self, role: iam.IRole) -> None:
        read_folder(role, self.bucket, self.INCOMING)
        approvals = self.bucket.arn_for_objects(f"{self.INCOMING}*/{APPROVAL}")
        role.add_to_principal_policy(iam.PolicyStatement(actions=["s3:PutObject"], resources=[approvals]))
        if self.bucket.encryption_key is not None:
            use_key(role, self.bucket.encryption_key, "kms:Decrypt", "kms:GenerateDataKey")
        acknowledge(
            role,
            wildcard_resource(role, approvals),
            reason="The name of a data set is chosen by who offers it; the wildcard stands for that one name.",
        )

    def _only(self, sid: str, keys: str, roles: Sequence[iam.IRole]) -> iam.PolicyStatement:
        statement = iam.PolicyStatement(
            sid=sid,
            effect=iam.Effect.DENY,
            principals=[iam.AnyPrincipal()],
            actions=["s3:PutObject"],
            resources=[self.bucket.arn_for_objects(keys)],
            conditions={"ArnNotEquals": {"aws:PrincipalArn": arns(roles)}},
        )
        self.bucket.add_to_resource_policy(statement)
        return statement


def _check(
    ingest: Sequence[iam.IRole],
    approvers: Sequence[iam.IRole],
    lock: Duration | None,
    unlocked_reason: str | None,
    removal_policy: RemovalPolicy,
) -> None:
    faults = [f"{name} is empty: name at least one role" for name, roles in _named(ingest, approvers) if not roles]
    both = [role.node.path for role in ingest if any(role is other for other in approvers)]
    faults += [f"role {path!r} is in ingest and in approvers: who offers data must not approve it" for path in both]
    if removal_policy is RemovalPolicy.DESTROY and not unlocked_reason:
        faults.append("removal_policy is DESTROY, and a locked bucket cannot be emptied: give unlocked_reason as well")
    if unlocked_reason and lock is not None:
        faults.append(f"lock is {lock.to_days():g} days and unlocked_reason is given: give one of them")
    if lock is not None and not 1 <= lock.to_days() <= 36_500:
        faults.append(f"lock is {lock.to_days():g} days: choose 1 to 36500")
    if faults:
        raise TrainingDataError(faults)


def _named(ingest: Sequence[iam.IRole], approvers: Sequence[iam.IRole]) -> tuple[tuple[str, Sequence[iam.IRole]], ...]:
    return ("ingest", ingest), ("approvers", approvers)
