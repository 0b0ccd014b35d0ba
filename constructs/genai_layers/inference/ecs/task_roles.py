"""
What ECS may do to start a task, and what the task itself may do.
"""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.foundation import WorkloadRole
from genai_layers.inference.api_key import ApiKey
from genai_layers.inference.engine_pull import grant_pull
from genai_layers.inference.engines.container_image import BoundImage
from genai_layers.inference.weights import Weights


class TaskRole(WorkloadRole):
    """
    The role that the containers of a task have: read one folder of weights, and nothing else.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new role.
        weights: The folder.
    """

    def __init__(self, scope: Construct, id: str, *, weights: Weights) -> None:
        super().__init__(
            scope, id, assumed_by=_tasks_of_this_account(scope), description="Task that serves a model: reads weights"
        )
        weights.grant_read(self)


class StartRole(WorkloadRole):
    """
    The role with which the ECS agent starts a task: pull its images, read its API key, write its logs.

    The containers of the task never have it.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new role.
        images: The images.
        api_key: The API key.
        log_group: The log group.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        images: tuple[BoundImage, ...],
        api_key: ApiKey,
        log_group: logs.ILogGroup,
    ) -> None:
        super().__init__(
            scope,
            id,
            assumed_by=_tasks_of_this_account(scope),
            description="Starts tasks that serve a model: pulls images, hands over the API key, writes logs",
        )
        api_key.grant_read(self)
        grant_pull(self, *images)
        self.add_to_policy(
            iam.PolicyStatement(
                sid="WriteLogs",
                actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                resources=[log_group.log_group_arn],
            )
        )


def _tasks_of_this_account(scope: Construct) -> iam.ServicePrincipal:
    stack = Stack.of(scope)
    # ECS developer guide, "Task IAM role": the cluster's name is not in the source ARN of a task.
    return iam.ServicePrincipal(
        "ecs-tasks.amazonaws.com",
        conditions={
            "StringEquals": {"aws:SourceAccount": stack.account},
            "ArnLike": {"aws:SourceArn": stack.format_arn(service="ecs", resource="*")},
        },
    )
