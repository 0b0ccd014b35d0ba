"""One stack with every part of the foundation, synthesized once, and the same in other places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from aws_cdk import Stack


@pytest.fixture(scope="session")
def everything() -> Stack:
    """Every part with its defaults, in a stack that knows its account, with every check attached."""
    from aws_cdk import Environment

    return _checked(Environment(account="111122223333", region="us-east-1"), nat_gateways=0)


@pytest.fixture(scope="session")
def anywhere() -> Stack:
    """Every part with its relaxations, in a stack that knows neither account nor region."""
    return _checked(None, nat_gateways=1, destroyed=True)


@pytest.fixture(scope="session", params=["us-gov-west-1", "cn-north-1"])
def other_partition(request: pytest.FixtureRequest) -> Stack:
    """Every part in a region of another partition."""
    from aws_cdk import Environment

    return _checked(Environment(account="111122223333", region=request.param), nat_gateways=2)


def _checked(env: object, *, nat_gateways: int, destroyed: bool = False) -> Stack:
    from aws_cdk import Stack

    from genai_layers import testing
    from genai_layers.foundation.nag import attach_checks

    app = testing.app()
    stack = Stack(app, "Everything", env=env)  # type: ignore[arg-type]
    _make(stack, nat_gateways=nat_gateways, destroyed=destroyed)
    attach_checks(app)
    return stack


def _make(stack: Stack, *, nat_gateways: int, destroyed: bool) -> None:
    from aws_cdk import Duration, RemovalPolicy
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_logs as logs
    from aws_cdk import aws_sns as sns

    from genai_layers.foundation import (
        AccessControl,
        AccessLogBucket,
        AuditTrail,
        EncryptionKey,
        InterfaceEndpoint,
        KeyUse,
        Network,
        PythonFunction,
        SecureBucket,
    )

    removal = RemovalPolicy.DESTROY if destroyed else RemovalPolicy.RETAIN
    year = logs.RetentionDays.ONE_YEAR
    uses = [use for use in vars(KeyUse).values() if isinstance(use, KeyUse)]
    key = EncryptionKey(stack, "Key", description="everything", uses=uses, removal_policy=removal).key
    access_logs = AccessLogBucket(stack, "AccessLogs", removal_policy=removal).bucket
    topic = sns.Topic(stack, "Alarms", master_key=key, enforce_ssl=True)
    access = AccessControl(
        stack,
        "Access",
        trusted=[iam.AccountRootPrincipal()],
        mfa_max_age=Duration.hours(1),
        alarm_topic=topic,
    )
    documents = SecureBucket(stack, "Documents", key=key, access_logs=access_logs, removal_policy=removal).bucket
    access.share_training_data(documents)
    trail = AuditTrail(
        stack,
        "Audit",
        key=key,
        log_retention=year,
        access_logs=access_logs,
        data_buckets=[documents],
        removal_policy=removal,
    )
    trail.metric("RootUse").create_alarm(stack, "RootUsed", threshold=1, evaluation_periods=1).add_alarm_action(
        _notify(topic)
    )
    network = Network(
        stack, "Network", flow_log_key=key, log_retention=year, nat_gateways=nat_gateways, removal_policy=removal
    )
    # China has no Bedrock.
    network.require(*(each for each in InterfaceEndpoint if "cn-" not in stack.region or each.feature is None))
    for place, vpc in {"Inside": network.vpc, "Outside": None}.items():
        PythonFunction(
            stack,
            place,
            handler_folder="default_security_group",
            description="a function",
            environment={"TABLE_NAME": "t"},
            key=key,
            log_retention=year,
            removal_policy=removal,
            vpc=vpc,
        )


def _notify(topic: object) -> object:
    from aws_cdk import aws_cloudwatch_actions as actions

    return actions.SnsAction(topic)  # type: ignore[arg-type]
