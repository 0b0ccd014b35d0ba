"""The provisioner table: one small file a service, gathered here."""

from __future__ import annotations

from tools.local_cloud.ministack_launcher.row import Row, Supplement
from tools.local_cloud.ministack_launcher.rows import (
    application_autoscaling,
    bedrock,
    bedrock_agent,
    bedrock_agentcore,
    bedrock_agents,
    bedrock_flows,
    bedrock_gateways,
    budgets,
    cloudtrail,
    cloudwatch,
    cognito,
    dynamodb,
    ec2,
    ecs,
    s3,
    s3vectors,
    sagemaker,
)

ROWS: tuple[Row, ...] = (
    *application_autoscaling.ROWS,
    *bedrock.ROWS,
    *bedrock_agent.ROWS,
    *bedrock_agentcore.ROWS,
    *bedrock_agents.ROWS,
    *bedrock_flows.ROWS,
    *bedrock_gateways.ROWS,
    *budgets.ROWS,
    *cloudtrail.ROWS,
    *cloudwatch.ROWS,
    *cognito.ROWS,
    *ec2.ROWS,
    *ecs.ROWS,
    *s3vectors.ROWS,
    *sagemaker.ROWS,
)

SUPPLEMENTS: tuple[Supplement, ...] = (
    *dynamodb.SUPPLEMENTS,
    *ec2.SUPPLEMENTS,
    *ecs.SUPPLEMENTS,
    *s3.SUPPLEMENTS,
)

__all__ = ["ROWS", "SUPPLEMENTS"]
