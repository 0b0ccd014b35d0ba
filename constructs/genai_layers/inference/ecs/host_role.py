"""
What the ECS agent of a machine may do in AWS.
"""

from __future__ import annotations

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from constructs import Construct

from genai_layers.foundation import WorkloadRole
from genai_layers.foundation.nag import acknowledge


class HostRole(WorkloadRole):
    """
    The role of the machines under the tasks: belong to one cluster, and nothing else.

    No weights, no API key, no image: those belong to the roles of the tasks.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new role.
        cluster: The cluster.
    """

    def __init__(self, scope: Construct, id: str, *, cluster: ecs.CfnCluster) -> None:
        super().__init__(
            scope,
            id,
            assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
            description="Machine under tasks that serve a model: belongs to its cluster",
        )
        machines = Stack.of(self).format_arn(
            service="ecs",
            resource="container-instance",
            resource_name=f"{cluster.ref}/*",
            arn_format=ArnFormat.SLASH_RESOURCE_NAME,
        )
        # Service authorization reference, "Actions, resources, and condition keys for Amazon ECS".
        for sid, actions, resource in (
            (
                "JoinCluster",
                [
                    "ecs:DeregisterContainerInstance",
                    "ecs:RegisterContainerInstance",
                    "ecs:SubmitAttachmentStateChanges",
                    "ecs:SubmitContainerStateChange",
                    "ecs:SubmitTaskStateChange",
                ],
                cluster.attr_arn,
            ),
            ("TakeTasks", ["ecs:Poll", "ecs:StartTelemetrySession", "ecs:UpdateContainerInstancesState"], machines),
            ("FindAgentEndpoint", ["ecs:DiscoverPollEndpoint"], "*"),
        ):
            self.add_to_policy(iam.PolicyStatement(sid=sid, actions=actions, resources=[resource]))
        acknowledge(
            self,
            "AwsSolutions-IAM5[Resource::*]",
            f"AwsSolutions-IAM5[Resource::{machines}]",
            reason="A machine learns its own id only when it joins the cluster, so the wildcard ends at that cluster; "
            "ecs:DiscoverPollEndpoint knows no resource and tells an address.",
        )
