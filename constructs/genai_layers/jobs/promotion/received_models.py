"""The side that takes: models of another account, under a key of this one, to be approved here again."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Aws, Duration, Names, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sagemaker as sagemaker
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from genai_layers.foundation import KeyUse, PythonFunction, RetainedLogGroup, SecureBucket, WorkloadRole
from genai_layers.jobs.fine_tuning import grants
from genai_layers.jobs.fine_tuning.access import use_key, write_folder
from genai_layers.jobs.fine_tuning.approvals import approvals
from genai_layers.jobs.fine_tuning.calls import mark_of
from genai_layers.jobs.fine_tuning.deployment import deployment
from genai_layers.jobs.fine_tuning.hand_off import HandOff
from genai_layers.jobs.fine_tuning.promotable import IPromotable
from genai_layers.jobs.fine_tuning.serving import Serving
from genai_layers.jobs.promotion.access import allow_receipt, read_source
from genai_layers.jobs.promotion.errors import PromotionError
from genai_layers.jobs.promotion.source import ModelSource
from genai_layers.jobs.promotion.steps import steps
from genai_layers.jobs.workflow import Workflow
from genai_layers.runtime.model_receipt.receive import RECEIVED


class ReceivedModels(Construct):
    """
    Brings every model that another account approved into this one, for somebody here to approve again.

    Files are compared with what was judged there, copied as they were listed, encrypted under the key of this account
    and summed by S3; then the model is an entry of a group of this account that waits for its approval. What happens
    after that is the hand-off's, as in the account that trained it.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new registry group and bucket.
        source: Group, bucket and key of the other account.
        key: Key of the models here.
        log_key: Key for logs and executions; it needs the uses in `REQUIRED_LOG_KEY_USES`.
        access_logs: Bucket for the access logs of the bucket.
        alarms: Alarms on the deployed model that take it back, besides those of `deploy_to`. Default: none.
        deploy_to: Where approved models are put step by step, as `endpoint.promotable`. Default: others deploy them.
        serving: Container that they are served by, for `deploy_to`. Default: vLLM.
        log_retention: How long logs are kept.
        removal_policy: What happens to bucket and logs when the stack goes. Default: they are kept.

    Attributes:
        bucket: Bucket of the models.
        group: Model package group.
        role_arn: Role that reads in the other account; it has to be named there, in `SharedModels`.
        hand_off: Which model is current.

    Raises:
        PromotionError: The source cannot be one; every fault at once.

    Example:
        models = ReceivedModels(self, "Models", source=source, key=key.key, log_key=log_key.key, access_logs=logs)
        models.grant_approve(release_manager)
    """

    REQUIRED_LOG_KEY_USES = (KeyUse.LAMBDA, KeyUse.LOGS, *Workflow.REQUIRED_KEY_USES)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        source: ModelSource,
        key: kms.IKey,
        log_key: kms.IKey,
        access_logs: s3.IBucket | None,
        alarms: Sequence[cloudwatch.IAlarm] = (),
        deploy_to: IPromotable | None = None,
        serving: Serving | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        faults = source.faults(Stack.of(self).account)
        if faults:
            raise PromotionError(faults)
        group_name = Names.unique_resource_name(self, max_length=60, separator="-").lower()
        self.bucket = SecureBucket(
            self, "Store", key=key, access_logs=access_logs, removal_policy=removal_policy
        ).bucket
        self.group = sagemaker.CfnModelPackageGroup(
            self,
            "Group",
            # The API demands a name; a generated one lets several stand side by side.
            model_package_group_name=group_name,
            model_package_group_description=f"models that account {source.account} approved",
        )
        log_group = RetainedLogGroup(
            self, "Logs", key=log_key, retention=log_retention, removal_policy=removal_policy
        ).log_group
        function = PythonFunction(
            self,
            "Reader",
            handler_folder="model_receipt",
            description="copies and compares models of another account",
            key=log_key,
            log_retention=log_retention,
            environment={
                "SOURCE_BUCKET": source.bucket_name,
                "BUCKET": self.bucket.bucket_name,
                "KEY_ARN": key.key_arn,
            },
            timeout=Duration.minutes(15),
            removal_policy=removal_policy,
        )
        read_source(function.role, source)
        write_folder(function.role, self.bucket, RECEIVED)
        function.role.add_to_principal_policy(
            iam.PolicyStatement(actions=["s3:GetObject"], resources=[self.bucket.arn_for_objects(f"{RECEIVED}*")])
        )
        use_key(function.role, key, "kms:Decrypt", "kms:GenerateDataKey")
        self.role_arn = function.role.role_arn
        self._receive = Workflow(
            self,
            "Receive",
            definition=steps(Construct(self, "Steps"), function.function, group_name),
            description="brings an approved model of another account here",
            key=log_key,
            log_group=log_group,
            timeout=Duration.hours(1),
        )
        allow_receipt(self._receive.role, function.function, group_name)
        self._listen(source)
        served_by = serving or Serving()
        self.hand_off = HandOff(
            self,
            "HandOff",
            group_name=group_name,
            key=log_key,
            log_group=log_group,
            alarms=[*alarms, *(deploy_to.rollback_alarms if deploy_to else ())],
            deployment=deployment(self, deploy_to, mark_of(group_name), self.bucket, served_by, RECEIVED)
            if deploy_to
            else None,
        )

    @property
    def state_machine(self) -> sfn.StateMachine:
        """State machine that receives; by hand its input is `{"detail": {"ModelPackageArn": "arn:..."}}`."""
        return self._receive.state_machine

    def grant_start(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* bring a model here by hand, watch it and read what came of it.

        Args:
            grantee: Who may.
        """
        return self._receive.grant_start(grantee)

    def grant_approve(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* look at the models of this account and approve or reject them.

        Args:
            grantee: Who may.
        """
        return grants.grant_approve(self, self.group.model_package_group_name, grantee)

    def metric_started(self) -> cloudwatch.Metric:
        """Return how many receipts began."""
        return self.state_machine.metric_started()

    def metric_failed(self) -> cloudwatch.Metric:
        """Return how many receipts failed, refusals included."""
        return self.state_machine.metric_failed()

    def metric_timed_out(self) -> cloudwatch.Metric:
        """Return how many receipts ran out of time."""
        return self.state_machine.metric_timed_out()

    def _listen(self, source: ModelSource) -> None:
        bus = Stack.of(self).format_arn(service="events", resource="event-bus", resource_name="default")
        events.CfnEventBusPolicy(
            self,
            "FromSource",
            statement_id=f"Models-{mark_of(self.group.model_package_group_name)}",
            statement={
                "Effect": "Allow",
                "Principal": {"AWS": iam.AccountPrincipal(source.account).arn},
                "Action": "events:PutEvents",
                "Resource": bus,
                "Condition": {
                    "StringEquals": {
                        "events:source": "aws.sagemaker",
                        "events:detail-type": "SageMaker Model Package State Change",
                    }
                },
            },
        )
        role = WorkloadRole(
            self,
            "OnApprovalRole",
            assumed_by=iam.ServicePrincipal(
                "events.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
            ),
            description="starts a receipt when another account approved a model",
        )
        rule = events.Rule(
            self,
            "OnApproval",
            description="another account approved a model",
            event_pattern=events.EventPattern(account=[source.account], **approvals(source.group_name)),
            targets=[targets.SfnStateMachine(self.state_machine, role=role)],
        )
        # An event that the role may not yet act on is lost, so its policy comes first.
        rule.node.add_dependency(role)
