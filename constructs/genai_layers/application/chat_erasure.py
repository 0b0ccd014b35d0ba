"""Erasing what the chat keeps of a person, for whoever answers such requests."""

from __future__ import annotations

from aws_cdk import Duration, Names, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.application.chat_service import ChatService
from genai_layers.foundation import KeyUse, PythonFunction


class ChatErasure(Construct):
    """
    A function that erases all that a chat keeps of one person: conversations, kept answers, counts.

    People delete their own conversations over the API; this is for those who cannot sign in any more. It is a
    function of its own because whoever may invoke the chat's function could read as anybody, and because it
    can delete and not read: its role may list keys and delete items.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        chat: The chat.
        vpc: Network with a gateway endpoint for DynamoDB.
        subnets: Subnets of *vpc*. Default: the isolated ones.
        key: Key of the conversations.
        log_key: Key for logs and settings; it needs `REQUIRED_LOG_KEY_USES`.
        log_retention: How long its log is kept, which says who was erased when. Default: one year.
        removal_policy: What happens to the log when the stack goes. Default: it is kept.

    Example:
        erasure = ChatErasure(self, "Erasure", chat=chat, vpc=network.vpc, key=data_key.key, log_key=log_key.key)
        erasure.grant_erase(access.operator)
    """

    REQUIRED_LOG_KEY_USES = (KeyUse.LOGS, KeyUse.LAMBDA)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        chat: ChatService,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection | None = None,
        key: kms.IKey,
        log_key: kms.IKey,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        self._function = PythonFunction(
            self,
            "Function",
            handler_folder="erasure",
            description="erases what the chat keeps of a person",
            key=log_key,
            log_retention=log_retention,
            environment={"TABLE_NAME": chat.table.table_name},
            timeout=Duration.minutes(5),
            vpc=vpc,
            subnets=subnets,
            removal_policy=removal_policy,
        )
        self._function.grant_principal.add_to_principal_policy(
            iam.PolicyStatement(
                sid="ListKeys",
                actions=["dynamodb:Query"],
                resources=[chat.table.table_arn],
                # With these a query returns the keys of items and none of their words.
                conditions={
                    "ForAllValues:StringEquals": {"dynamodb:Attributes": ["pk", "sk"]},
                    "StringEquals": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
                },
            )
        )
        chat.table.grant(self._function, "dynamodb:BatchWriteItem")
        key.grant(self._function, "kms:Decrypt")

    @property
    def function(self) -> lambda_.Function:
        """The function."""
        return self._function.function

    def grant_erase(self, role: iam.IRole) -> None:
        """
        Let *role* erase people.

        The grant is in the function's own policy, so that its stack depends on the stack of the role and not the
        other way round.

        Args:
            role: Who may; of this account.
        """
        self.function.add_permission(f"Erase{Names.node_unique_id(role.node)}", principal=role)
