"""
What a machine of a fleet may do in AWS, and nothing more.
"""

from __future__ import annotations

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.foundation import WorkloadRole
from genai_layers.inference.api_key import ApiKey
from genai_layers.inference.engine_pull import grant_pull
from genai_layers.inference.engines.container_image import BoundImage
from genai_layers.inference.weights import Weights


class MachineRole(WorkloadRole):
    """
    The role of the machines: read one folder of weights and one API key, pull one image, write one log group.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new role.
        weights: The folder.
        image: The image; None where the machine image holds the engine.
        api_key: The API key.
        log_group: The log group.
        signals_updates: Whether a machine tells CloudFormation that it answers.

    Example:
        MachineRole(self, "Role", weights=weights, image=image, api_key=secret, log_group=group, signals_updates=False)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        weights: Weights,
        image: BoundImage | None,
        api_key: ApiKey,
        log_group: logs.ILogGroup,
        signals_updates: bool,
    ) -> None:
        super().__init__(
            scope,
            id,
            assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
            description="Machine that serves a model: reads its weights and its API key, pulls its engine, writes logs",
        )
        weights.grant_read(self)
        api_key.grant_read(self)
        if image is not None:
            grant_pull(self, image)
        self.add_to_policy(
            iam.PolicyStatement(
                sid="WriteLogs",
                actions=["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                resources=[log_group.log_group_arn],
            )
        )
        if signals_updates:
            self.add_to_policy(
                iam.PolicyStatement(
                    sid="SignalUpdate", actions=["cloudformation:SignalResource"], resources=[Aws.STACK_ID]
                )
            )
