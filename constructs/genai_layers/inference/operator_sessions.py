"""
A way in for the operator of a fleet: by Session Manager, with a second factor, and with every word kept.
"""

from __future__ import annotations

from typing import ClassVar

from aws_cdk import ArnFormat, Duration, Names, RemovalPolicy, Stack, Tags
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from genai_layers.foundation import InterfaceEndpoint, RetainedLogGroup
from genai_layers.foundation.nag import acknowledge
from genai_layers.foundation.person_role import PersonRole
from genai_layers.inference.errors import FleetError
from genai_layers.inference.fleet import AcceleratorFleet

SESSION_TAG = "genai-layers:sessions"
"""Tag by which the operator's policy knows the machines of one fleet."""

# Systems Manager user guide, "Session document schema": whole minutes.
_LONGEST_IDLE, _LONGEST_SESSION = 60, 1440


class OperatorSessions(Construct):
    """
    Sessions of one operator role on the machines of one fleet. Without it nobody gets a shell on them.

    What is typed and shown goes to a log group as it happens, and travels encrypted under *key* on top of TLS. Whoever
    is in can read weights and API key: it is a way to find out what is wrong, not one to work.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new log group and document.
        fleet: Whose machines. There is none for an `AttestedFleet`: nobody logs in to what was measured.
        operator: Who may; a `PersonRole` opens only with a fresh second factor.
        key: Key of the sessions.
        log_retention: How long they are kept.
        log_key: Key of the log group; it needs `KeyUse.LOGS`. Default: *key*.
        max_duration: Longest session, whole minutes, at most a day. Default: an hour.
        idle_timeout: Longest silence, whole minutes, at most an hour. Default: 15 minutes.
        removal_policy: What happens to the log group when the stack goes. Default: kept.

    Attributes:
        REQUIRED_ENDPOINTS: AWS services that the machines call.
        document: The session document; `aws ssm start-session --document-name` takes its name.
        log_group: What was typed and shown.

    Raises:
        FleetError: A duration is out of range.

    Example:
        OperatorSessions(self, "Sessions", fleet=fleet, operator=access.operator, key=key.key,
                         log_retention=RetentionDays.ONE_YEAR)
    """

    REQUIRED_ENDPOINTS: ClassVar[tuple[InterfaceEndpoint, ...]] = (
        InterfaceEndpoint.KMS,
        InterfaceEndpoint.LOGS,
        InterfaceEndpoint.SSM,
        InterfaceEndpoint.SSM_MESSAGES,
    )

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        fleet: AcceleratorFleet,
        operator: PersonRole,
        key: kms.IKey,
        log_retention: logs.RetentionDays,
        log_key: kms.IKey | None = None,
        max_duration: Duration | None = None,
        idle_timeout: Duration | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        longest = max_duration if max_duration is not None else Duration.hours(1)
        idle = idle_timeout if idle_timeout is not None else Duration.minutes(15)
        faults = [
            *_minute_faults("max_duration", longest, _LONGEST_SESSION),
            *_minute_faults("idle_timeout", idle, _LONGEST_IDLE),
        ]
        if faults:
            raise FleetError(self.node.path, faults)
        self.log_group = RetainedLogGroup(
            self, "Logs", key=log_key or key, retention=log_retention, removal_policy=removal_policy
        ).log_group
        self.document = ssm.CfnDocument(
            self,
            "Document",
            document_type="Session",
            document_format="JSON",
            update_method="NewVersion",
            content={
                "schemaVersion": "1.0",
                "description": "A session of the operator on a machine that serves a model, kept as it happens",
                "sessionType": "Standard_Stream",
                "inputs": {
                    "s3BucketName": "",
                    "s3KeyPrefix": "",
                    "s3EncryptionEnabled": True,
                    "cloudWatchLogGroupName": self.log_group.log_group_name,
                    "cloudWatchEncryptionEnabled": True,
                    "cloudWatchStreamingEnabled": True,
                    "kmsKeyId": key.key_arn,
                    "runAsEnabled": False,
                    "runAsDefaultUser": "",
                    "idleSessionTimeout": f"{idle.to_minutes():.0f}",
                    "maxSessionDuration": f"{longest.to_minutes():.0f}",
                    "shellProfile": {"linux": ""},
                },
            },
        )
        name = Names.unique_resource_name(self, max_length=128)
        Tags.of(fleet.auto_scaling_group).add(SESSION_TAG, name)
        self._let_machines_answer(fleet, key)
        self._let_in(operator, key, name)

    def _let_machines_answer(self, fleet: AcceleratorFleet, key: kms.IKey) -> None:
        answer = iam.Policy(
            self,
            "Machines",
            roles=[fleet.machines.role],
            statements=[
                # Service authorization reference: these know no resource.
                iam.PolicyStatement(
                    sid="AnswerSessionManager",
                    actions=[
                        "logs:DescribeLogGroups",
                        "ssm:UpdateInstanceInformation",
                        "ssmmessages:CreateControlChannel",
                        "ssmmessages:CreateDataChannel",
                        "ssmmessages:OpenControlChannel",
                        "ssmmessages:OpenDataChannel",
                    ],
                    resources=["*"],
                ),
                iam.PolicyStatement(
                    sid="KeepSessions",
                    actions=["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                    resources=[self.log_group.log_group_arn],
                ),
                iam.PolicyStatement(sid="ReadSessions", actions=["kms:Decrypt"], resources=[key.key_arn]),
            ],
        )
        acknowledge(
            answer,
            "AwsSolutions-IAM5[Resource::*]",
            "IAMNoInlinePolicy",
            reason="Channels of Session Manager, and the look whether a log group is encrypted, know no resource; the "
            "policy lives and dies with the sessions.",
        )

    def _let_in(self, operator: PersonRole, key: kms.IKey, name: str) -> None:
        stack = Stack.of(self)
        machines = stack.format_arn(service="ec2", resource="instance", resource_name="*")
        # Systems Manager user guide, "Additional sample IAM policies": a session is named after who started it.
        own = stack.format_arn(service="ssm", resource="session", resource_name="${aws:userid}-*")
        document = stack.format_arn(
            service="ssm",
            resource="document",
            resource_name=self.document.ref,
            arn_format=ArnFormat.SLASH_RESOURCE_NAME,
        )
        enter = iam.Policy(
            self,
            "Operator",
            roles=[operator],
            statements=[
                iam.PolicyStatement(
                    sid="EnterMachines",
                    actions=["ssm:StartSession"],
                    resources=[machines],
                    conditions={
                        "StringEquals": {f"ssm:resourceTag/{SESSION_TAG}": name},
                        # Only with a document that is allowed by name: another would keep nothing.
                        "BoolIfExists": {"ssm:SessionDocumentAccessCheck": "true"},
                    },
                ),
                iam.PolicyStatement(sid="KeptSessions", actions=["ssm:StartSession"], resources=[document]),
                iam.PolicyStatement(
                    sid="OwnSessions",
                    actions=["ssm:ResumeSession", "ssm:TerminateSession", "ssmmessages:OpenDataChannel"],
                    resources=[own],
                ),
                iam.PolicyStatement(sid="SealSessions", actions=["kms:GenerateDataKey"], resources=[key.key_arn]),
            ],
        )
        acknowledge(
            enter,
            f"AwsSolutions-IAM5[Resource::{machines}]",
            f"AwsSolutions-IAM5[Resource::{own.replace('${aws:userid}', '<aws:userid>')}]",
            "IAMNoInlinePolicy",
            reason="Machines come and go and are known by a tag of this fleet; the id of a session begins with who "
            "started it. The policy lives and dies with the sessions.",
        )


def _minute_faults(name: str, given: Duration, longest: int) -> list[str]:
    seconds = given.to_seconds()
    if seconds % 60 == 0 and 60 <= seconds <= longest * 60:
        return []
    return [f"{name} is {seconds:g} seconds: choose 1 to {longest} whole minutes"]
