"""Keys, people and the audit trail: what every other stack stands on."""

from __future__ import annotations

from aws_cdk import Aws, CfnOutput, Duration
from aws_cdk import aws_iam as iam
from constructs import Construct

from genai_layers.foundation import AccessControl, AccessLogBucket, AuditTrail, EncryptionKey, KeyUse
from genai_layers.inference import AcceleratorFleet
from genai_layers.jobs import IngestionJob
from genai_layers.operations import IdleEndpoints
from genai_layers.platform import KnowledgeBase
from genai_layers.settings import Settings
from stacks.environment_stack import ENVIRONMENT_TAG, EnvironmentStack


class SecurityStack(EnvironmentStack):
    """
    Two keys, so that whoever may read data cannot by that read the logs about it, and the other way round.

    Attributes:
        data_key: Encrypts what users and models work with.
        log_key: Encrypts logs, trails and alarms.
        access: The human roles and the boundary of every role that the app makes.
        access_logs: Where buckets and load balancers log who came.
        audit: The trail.
    """

    def __init__(self, scope: Construct, *, settings: Settings) -> None:
        super().__init__(
            scope,
            "Security",
            settings=settings,
            description="Keys, human roles with MFA, and the audit trail",
        )
        pending = Duration.days(settings.security.key_deletion_days)
        self.data_key = EncryptionKey(
            self,
            "DataKey",
            description="Generative AI data: documents, weights, conversations, guardrails, volumes",
            uses=(
                KeyUse.DYNAMODB,
                KeyUse.GUARDRAIL,
                *KnowledgeBase.REQUIRED_KEY_USES,
                *AcceleratorFleet.REQUIRED_KEY_USES,
            ),
            removal_policy=self.removal_policy,
            pending_window=pending,
        )
        self.log_key = EncryptionKey(
            self,
            "LogKey",
            description="Generative AI records: logs, trails, alarms",
            uses=(
                KeyUse.CLOUDTRAIL,
                KeyUse.CLOUDWATCH_ALARMS,
                KeyUse.BUDGETS,
                KeyUse.EVENTBRIDGE,
                KeyUse.LAMBDA,
                *IngestionJob.REQUIRED_KEY_USES,
                *IdleEndpoints.REQUIRED_KEY_USES,
            ),
            removal_policy=self.removal_policy,
            pending_window=pending,
        )
        self.access_logs = AccessLogBucket(self, "AccessLogs", removal_policy=self.removal_policy)
        self.access = AccessControl(
            self,
            "Access",
            trusted=[
                iam.AccountPrincipal(account) for account in settings.security.trusted_accounts or (Aws.ACCOUNT_ID,)
            ],
            mfa_max_age=Duration.minutes(settings.security.mfa_max_age_minutes),
            resource_tags={ENVIRONMENT_TAG: settings.environment},
        )
        self.audit = AuditTrail(
            self,
            "Audit",
            key=self.log_key.key,
            access_logs=self.access_logs.bucket,
            log_retention=self.log_retention,
            removal_policy=self.removal_policy,
        )
        # The buckets of later stacks cannot be named here without a circle; the account holds few others.
        self.audit.record_every_bucket()
        self.audit.grant_read(self.access.auditor)
        for name, role in self.access.roles.items():
            CfnOutput(self, f"{name}RoleArn", value=role.role_arn)
