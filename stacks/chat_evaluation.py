"""The golden set of an environment, and the job that asks it."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import CfnOutput, Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3

from genai_layers.application import ChatEvaluation, ChatService, EvaluationThresholds, GoldenSet
from genai_layers.foundation import SecureBucket
from genai_layers.settings import Settings
from stacks.environment_stack import EnvironmentStack
from stacks.network_stack import NetworkStack
from stacks.security_stack import SecurityStack

APP = Path(__file__).parents[1]
"""Folder that the paths of an environment file begin at."""

KEPT = Duration.days(365)
"""How long nobody may delete a report, where data is kept."""


def evaluation_of(
    stack: EnvironmentStack, chat: ChatService, *, settings: Settings, security: SecurityStack, network: NetworkStack
) -> ChatEvaluation | None:
    """
    Return the evaluation of *chat*; None where the environment has no golden set.

    Args:
        stack: Stack that it belongs to.
        chat: What is evaluated.
        settings: Settings of the environment.
        security: Keys and logs.
        network: Where its function stands.
    """
    wanted = settings.application.evaluation
    if wanted.golden_set is None:
        return None
    is_kept = stack.removal_policy is RemovalPolicy.RETAIN
    evaluation = ChatEvaluation(
        stack,
        "Evaluation",
        chat=chat,
        vpc=network.network.vpc,
        subnets=network.network.isolated,
        log_key=security.log_key.key,
        bucket=SecureBucket(
            stack,
            "Evaluations",
            key=security.data_key.key,
            access_logs=security.access_logs.bucket,
            removal_policy=stack.removal_policy,
            object_lock=s3.ObjectLockRetention.governance(KEPT) if is_kept else None,
        ).bucket,
        golden_set=GoldenSet.of_file(APP / wanted.golden_set),
        thresholds=EvaluationThresholds(
            retrieval_hit_rate=wanted.retrieval_hit_rate,
            citation_correctness=wanted.citation_correctness,
            groundedness=wanted.groundedness or None,
            right_answers=wanted.right_answers,
            refusals=wanted.refusals,
            false_refusals=wanted.false_refusals,
            p95_ms=wanted.p95_ms,
            usd_per_answer=wanted.usd_per_answer,
        ),
        log_retention=stack.log_retention,
        removal_policy=stack.removal_policy,
    )
    CfnOutput(stack, "EvaluationStateMachineArn", value=evaluation.state_machine.state_machine_arn)
    CfnOutput(stack, "EvaluationBucketName", value=evaluation.bucket.bucket_name)
    CfnOutput(stack, "EvaluationGoldenSet", value=evaluation.golden_set.object_key)
    return evaluation
