"""The role of the nodes of a cluster."""

from __future__ import annotations

from aws_cdk import ArnFormat, Aws, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from genai_layers.foundation import WorkloadRole, wildcard_resource
from genai_layers.foundation.nag import acknowledge
from genai_layers.jobs.fine_tuning.access import use_key
from genai_layers.jobs.training_cluster.scripts_asset import Scripts

_LOGS = "/aws/sagemaker/Clusters/*"
# SageMaker developer guide, "IAM role for SageMaker HyperPod": interfaces in a network of ours, and sessions.
_INTERFACES = (
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
    "ec2:DetachNetworkInterface",
)
_SESSIONS = (
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
)


class NodeRole(WorkloadRole):
    """
    A role for nodes: their script, logs, metrics, network and volumes, and no data until a grant says so.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new role.
        key: Key of the volumes.
        scripts: What the nodes run at first.
    """

    def __init__(self, scope: Construct, id: str, *, key: kms.IKey, scripts: Scripts) -> None:
        super().__init__(
            scope,
            id,
            assumed_by=iam.ServicePrincipal(
                "sagemaker.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
            ),
            description="nodes of a training cluster",
        )
        stack = Stack.of(self)
        logs, streams = (
            stack.format_arn(
                service="logs", resource="log-group", resource_name=name, arn_format=ArnFormat.COLON_RESOURCE_NAME
            )
            for name in (_LOGS, f"{_LOGS}:log-stream:*")
        )
        script = f"{scripts.bucket_arn}/{scripts.prefix}{scripts.entry}"
        for statement in (
            iam.PolicyStatement(actions=["s3:GetObject"], resources=[script]),
            iam.PolicyStatement(
                actions=["s3:ListBucket"],
                resources=[scripts.bucket_arn],
                conditions={"StringLike": {"s3:prefix": f"{scripts.prefix}*"}},
            ),
            iam.PolicyStatement(
                actions=["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                resources=[logs, streams],
            ),
            iam.PolicyStatement(
                actions=["cloudwatch:PutMetricData"],
                resources=["*"],
                conditions={"StringEquals": {"cloudwatch:namespace": "/aws/sagemaker/Clusters"}},
            ),
            iam.PolicyStatement(actions=[*_INTERFACES, *_SESSIONS], resources=["*"]),
            iam.PolicyStatement(
                sid="VolumesOfNodes",
                actions=["kms:CreateGrant"],
                resources=[key.key_arn],
                conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
            ),
        ):
            self.add_to_policy(statement)
        use_key(self, key, "kms:DescribeKey", "kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext")
        acknowledge(
            self,
            "AwsSolutions-IAM5[Resource::*]",
            reason="Metrics, sessions and network interfaces have no resource that could be named before the nodes; "
            "metrics are bound to the namespace of clusters.",
        )
        acknowledge(
            self,
            *(wildcard_resource(self, arn) for arn in (logs, streams)),
            reason="HyperPod names log groups after the cluster's id and streams after nodes.",
        )
