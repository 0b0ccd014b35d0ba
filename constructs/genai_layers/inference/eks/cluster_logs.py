"""
Where a cluster writes: groups that AWS names, made before anything writes to them.
"""

from __future__ import annotations

from aws_cdk import CfnResource, RemovalPolicy
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.foundation import WorkloadRole
from genai_layers.foundation.nag import acknowledge
from genai_layers.inference.eks.cluster_roles import pod_principal

AGENT = "amazon-cloudwatch-observability"
"""Name of the add-on of EKS that brings what pods write, and how they fare, to CloudWatch."""

# CloudWatch user guide, "Container Insights" and "Send logs to CloudWatch Logs".
_SERVICE_ACCOUNT = "cloudwatch-agent"
_KINDS = ("application", "dataplane", "host", "performance")


class ClusterLogs(Construct):
    """
    Log groups of one cluster, encrypted and with an end, under the names that EKS and its agent look for.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it starts new log groups.
        cluster_name: The cluster.
        key: Their key; it needs `KeyUse.LOGS`.
        retention: How long events are kept.
        removal_policy: What happens when the stack goes.

    Attributes:
        control_plane: What the control plane writes: API calls, audit, logins.
        application: What containers write.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster_name: str,
        key: kms.IKey,
        retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, id)

        def group(id: str, name: str) -> logs.LogGroup:
            return logs.LogGroup(
                self,
                id,
                log_group_name=name,
                encryption_key=key,
                retention=retention,
                removal_policy=removal_policy,
            )

        self._cluster_name = cluster_name
        self.control_plane = group("ControlPlane", f"/aws/eks/{cluster_name}/cluster")
        self._groups = [group(kind.capitalize(), f"/aws/containerinsights/{cluster_name}/{kind}") for kind in _KINDS]
        self.application = self._groups[0]

    def install_agent(self, cluster: eks.ICluster) -> eks.Addon:
        """
        Let the agent run on every node.

        Args:
            cluster: The cluster.
        """
        role = WorkloadRole(
            self,
            "AgentRole",
            assumed_by=pod_principal(self, self._cluster_name),
            description="Brings logs and metrics of a cluster to CloudWatch",
        )
        role.add_to_policy(
            iam.PolicyStatement(
                sid="WriteLogs",
                actions=["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                resources=[group.log_group_arn for group in self._groups],
            )
        )
        # EC2 knows no resource for these, and the agent looks up its own machine with them.
        role.add_to_policy(
            iam.PolicyStatement(
                sid="KnowItsMachine",
                actions=["ec2:DescribeTags", "ec2:DescribeVolumes", "logs:DescribeLogGroups"],
                resources=["*"],
            )
        )
        acknowledge(
            role,
            "AwsSolutions-IAM5[Resource::*]",
            reason="These actions list, know no resource, and read nothing that is written in a group or on a volume.",
        )
        addon = eks.Addon(self, "Agent", cluster=cluster, addon_name=AGENT, preserve_on_delete=False)
        resource = addon.node.default_child
        assert isinstance(resource, CfnResource)  # noqa: S101 - the L2 makes no other
        resource.add_property_override(
            "PodIdentityAssociations", [{"ServiceAccount": _SERVICE_ACCOUNT, "RoleArn": role.role_arn}]
        )
        addon.node.add_dependency(role, *self._groups)
        return addon
