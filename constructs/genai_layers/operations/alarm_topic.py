"""The topic that alarms and budgets are told to."""

from __future__ import annotations

from aws_cdk import ArnFormat, Aws, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct


def alarm_topic(scope: Construct, id: str, *, key: kms.IKey, email: str | None) -> sns.Topic:
    """
    Define an encrypted topic that takes messages over TLS, from alarms of this account.

    A topic with a policy of its own has lost the one that let the account publish, so the alarms are named.

    Args:
        scope: The construct it belongs to.
        id: Name within *scope*.
        key: Key for the messages; it needs `KeyUse.CLOUDWATCH_ALARMS`.
        email: Who is written to; None subscribes nobody.
    """
    topic = sns.Topic(scope, id, display_name="Generative AI alarms", enforce_ssl=True, master_key=key)
    topic.add_to_resource_policy(
        iam.PolicyStatement(
            sid="Alarms",
            actions=["sns:Publish"],
            principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
            resources=[topic.topic_arn],
            conditions={
                "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                "ArnLike": {
                    "aws:SourceArn": Stack.of(topic).format_arn(
                        service="cloudwatch",
                        resource="alarm",
                        resource_name="*",
                        arn_format=ArnFormat.COLON_RESOURCE_NAME,
                    )
                },
            },
        )
    )
    if email is not None:
        topic.add_subscription(subscriptions.EmailSubscription(email))
    return topic
