"""One app with the application and what it stands on, synthesized once for all tests here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs

from genai_layers import testing
from genai_layers.application import Api, ChatErasure, ChatService, Retrieval, TokenBudget, UserDirectory
from genai_layers.foundation import AccessLogBucket, EncryptionKey, KeyUse, Network
from genai_layers.platform import FoundationModel, Guardrail, KnowledgeBase

MODEL = "amazon.nova-lite-v1:0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estate:
    """
    What an application stands on, in one stack, so that every reference resolves.

    Attributes:
        stack: The stack.
        data_key: For conversations.
        log_key: For logs.
        network: With the endpoints that the chat needs.
        model: Answers.
        guardrail: Judges.
        knowledge: Finds.
        directory: Who may sign in.
        api: The door.
    """

    stack: Stack
    data_key: EncryptionKey
    log_key: EncryptionKey
    network: Network
    model: FoundationModel
    guardrail: Guardrail
    knowledge: KnowledgeBase
    directory: UserDirectory
    api: Api

    def chat(self, id: str = "Chat", **changes: Any) -> ChatService:
        """Define a chat on it."""
        return ChatService(
            self.stack,
            id,
            **{
                "vpc": self.network.vpc,
                "key": self.data_key.key,
                "log_key": self.log_key.key,
                "model": self.model,
                "guardrail": self.guardrail,
                "knowledge_base": self.knowledge,
                "api": self.api,
                **changes,
            },
        )


def make_estate(region: str = "us-east-1") -> Estate:
    """Define an estate in a new app."""
    stack = testing.stack(region=region)
    data_key = EncryptionKey(
        stack,
        "DataKey",
        description="data",
        uses=[KeyUse.GUARDRAIL, *KnowledgeBase.REQUIRED_KEY_USES, *ChatService.REQUIRED_KEY_USES],
    )
    log_key = EncryptionKey(stack, "LogKey", description="logs", uses=ChatService.REQUIRED_LOG_KEY_USES)
    network = Network(stack, "Network", flow_log_key=log_key.key, log_retention=logs.RetentionDays.ONE_YEAR)
    network.require(*ChatService.REQUIRED_ENDPOINTS)
    access_logs = AccessLogBucket(stack, "AccessLogs")
    directory = UserDirectory(stack, "Directory")
    return Estate(
        stack=stack,
        data_key=data_key,
        log_key=log_key,
        network=network,
        model=FoundationModel.of(stack, MODEL),
        guardrail=Guardrail(stack, "Guardrail", key=data_key.key),
        knowledge=KnowledgeBase(stack, "Knowledge", key=data_key.key, access_logs=access_logs.bucket),
        directory=directory,
        api=Api(stack, "Api", directory=directory, log_key=log_key.key),
    )


@pytest.fixture(scope="session")
def estate() -> Estate:
    """The estate with a chat as it comes, and one with everything asked for."""
    made = make_estate()
    chat = made.chat()
    ChatErasure(
        made.stack, "Erasure", chat=chat, vpc=made.network.vpc, key=made.data_key.key, log_key=made.log_key.key
    ).grant_erase(iam.Role(made.stack, "PrivacyOfficer", assumed_by=iam.AccountRootPrincipal()))
    relaxed = UserDirectory(
        made.stack,
        "Relaxed",
        removal_policy=RemovalPolicy.DESTROY,
        password_sign_in_reason="a legacy client cannot do secure remote passwords",
        threat_protection_off_reason="this directory holds robots of a test environment",
        passkey_domain="chat.example.com",
    )
    relaxed.add_tenant("acme")
    made.chat(
        "Busy",
        api=Api(
            made.stack,
            "BrowserApi",
            directory=relaxed,
            log_key=made.log_key.key,
            removal_policy=RemovalPolicy.DESTROY,
            requests_per_second=5,
            burst=7,
            allowed_origins=["https://chat.example.com"],
        ),
        budget=TokenBudget(per_user=50_000, per_tenant=1_000_000),
        retrieval=Retrieval(passages=8, is_inspected=True, has_tenants=True),
        instructions="Be brief.",
        temperature=0.2,
        allowed_groups=[
            relaxed.add_group("staff", description="everyone who works here"),
            relaxed.add_group("editors", description="who writes the handbook", precedence=1),
        ],
        link_hosts=["docs.example.com", "wiki.example.com"],
        reserved_concurrency=12,
        removal_policy=RemovalPolicy.DESTROY,
    )
    return made


@pytest.fixture(scope="session")
def template(estate: Estate) -> testing.Template:
    """The template of the estate."""
    return testing.template(estate.stack)
