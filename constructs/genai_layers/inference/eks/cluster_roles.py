"""
Who acts for a cluster: its control plane, its nodes, the function that deploys into it, and the agent that logs.
"""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.foundation import WorkloadRole
from genai_layers.foundation.function_permissions import permit
from genai_layers.foundation.nag import acknowledge

CONTROL_PLANE_POLICIES = (
    "AmazonEKSClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
)
"""EKS user guide, "Amazon EKS Auto Mode cluster IAM role": what the control plane has to have."""


class ControlPlaneRole(WorkloadRole):
    """
    The role of the control plane, which starts and stops the nodes and registers pods with the front door.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it replaces the cluster.
        key: Key of the nodes' volumes.
    """

    def __init__(self, scope: Construct, id: str, *, key: kms.IKey) -> None:
        stack = Stack.of(scope)
        super().__init__(
            scope,
            id,
            assumed_by=iam.ServicePrincipal(
                "eks.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": stack.account}}
            ),
            description="Control plane of a cluster that serves models",
        )
        self.add_managed_policy(iam.ManagedPolicy.from_aws_managed_policy_name("AmazonEKSClusterPolicy"))
        through_ec2 = {"kms:ViaService": f"ec2.{stack.region}.{stack.url_suffix}"}
        self.add_to_policy(
            iam.PolicyStatement(
                sid="EncryptVolumes",
                actions=[
                    "kms:Decrypt",
                    "kms:DescribeKey",
                    "kms:Encrypt",
                    "kms:GenerateDataKeyWithoutPlaintext",
                    "kms:ReEncryptFrom",
                    "kms:ReEncryptTo",
                ],
                resources=[key.key_arn],
                conditions={"StringEquals": through_ec2},
            )
        )
        self.add_to_policy(
            iam.PolicyStatement(
                sid="LetVolumesUseTheKey",
                actions=["kms:CreateGrant"],
                resources=[key.key_arn],
                conditions={"StringEquals": through_ec2, "Bool": {"kms:GrantIsForAWSResource": "true"}},
            )
        )
        acknowledge(
            self,
            *(
                f"AwsSolutions-IAM4[Policy::{iam.ManagedPolicy.from_aws_managed_policy_name(name).managed_policy_arn}]"
                for name in CONTROL_PLANE_POLICIES
            ),
            reason="EKS refuses Auto Mode to a role without these policies of its own, and widens them as Auto Mode "
            "grows; they bind most of what they allow to the tag of the one cluster.",
        )


class NodeRole(WorkloadRole):
    """
    The role of nodes: pull named images, and hand pods the roles that are theirs. No weights and no API key.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it replaces the nodes.
        cluster_arn: The cluster they belong to.
        images: Repositories they may pull from.
    """

    def __init__(self, scope: Construct, id: str, *, cluster_arn: str, images: Sequence[str]) -> None:
        super().__init__(
            scope,
            id,
            assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
            description="Node of a cluster that serves models: pulls images",
        )
        # EKS user guide, "View Amazon container image registries for Amazon EKS add-ons": one account a region.
        addons = Stack.of(self).format_arn(service="ecr", account="*", resource="repository", resource_name="eks/*")
        for sid, actions, resources in (
            ("HandOutRolesOfPods", ["eks-auth:AssumeRoleForPodIdentity"], [cluster_arn]),
            (
                "PullImages",
                ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                [*dict.fromkeys(images), addons],
            ),
            ("LogInToRegistry", ["ecr:GetAuthorizationToken"], ["*"]),
        ):
            self.add_to_policy(iam.PolicyStatement(sid=sid, actions=actions, resources=resources))
        acknowledge(
            self,
            "AwsSolutions-IAM5[Resource::*]",
            f"AwsSolutions-IAM5[Resource::{addons}]",
            reason="ecr:GetAuthorizationToken knows no resource; the images of EKS add-ons lie in an account of AWS "
            "that differs by region, and only under eks/.",
        )


class DeployRole(WorkloadRole):
    """
    The role of the function that runs kubectl and Helm: find the cluster, fetch named charts, write its log.

    What it may do inside the cluster is an access entry.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new role.
        cluster_name: The cluster.
        log_group: Where the function writes.
    """

    def __init__(self, scope: Construct, id: str, *, cluster_name: str, log_group: logs.ILogGroup) -> None:
        super().__init__(
            scope,
            id,
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description="Deploys into a cluster that serves models",
        )
        permit(self, log_group=log_group, key=None, in_network=True)
        for sid, actions, resource in (
            ("FindCluster", ["eks:DescribeCluster"], cluster_arn(self, cluster_name)),
            ("LogInToRegistry", ["ecr:GetAuthorizationToken"], "*"),
        ):
            self.add_to_policy(iam.PolicyStatement(sid=sid, actions=actions, resources=[resource]))
        acknowledge(
            self,
            "AwsSolutions-IAM5[Resource::*]",
            reason="ecr:GetAuthorizationToken knows no resource; what the token can pull is bounded by the statements "
            "that name the repositories of the charts.",
        )

    def allow_chart(self, repository: ecr.IRepository) -> None:
        """
        Let it fetch the charts of one more repository.

        Args:
            repository: The repository.
        """
        self.add_to_policy(
            iam.PolicyStatement(
                actions=["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                resources=[repository.repository_arn],
            )
        )


def cluster_arn(scope: Construct, name: str) -> str:
    """
    Return the ARN of a cluster that may not be there yet.

    Args:
        scope: A construct of its stack.
        name: Its name.
    """
    return Stack.of(scope).format_arn(service="eks", resource="cluster", resource_name=name)


def pod_principal(scope: Construct, cluster_name: str) -> iam.IPrincipal:
    """
    Return the principal that takes on a role for pods of one cluster.

    Args:
        scope: A construct of the stack.
        cluster_name: The cluster.
    """
    # EKS user guide, "EKS Pod Identity role": it brings tags of cluster, namespace and service account.
    return iam.ServicePrincipal(
        "pods.eks.amazonaws.com",
        conditions={
            "StringEquals": {"aws:SourceAccount": Stack.of(scope).account},
            "ArnEquals": {"aws:SourceArn": cluster_arn(scope, cluster_name)},
        },
    ).with_session_tags()
