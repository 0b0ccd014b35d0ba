"""
Machines that were ready once and are stopped, so that a start is shorter than that of a new one.
"""

from __future__ import annotations

from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_iam as iam
from constructs import Construct

from genai_layers.foundation.nag import acknowledge
from genai_layers.inference.machine_group import MachineGroup


class WarmPool(Construct):
    """
    A pool of a fixed number of stopped machines, each stopped only when its model had answered.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new pool.
        group: The group that draws on it.
        role: Role of the machines; gets leave to say that they are ready.
        machines: How many are kept stopped, 1 or more.
    """

    def __init__(self, scope: Construct, id: str, *, group: MachineGroup, role: iam.IRole, machines: int) -> None:
        super().__init__(scope, id)
        arn = group.auto_scaling_group.auto_scaling_group_arn
        # A policy of its own: the group waits for the role, and this waits for the group.
        leave = iam.Policy(
            self,
            "Leave",
            roles=[role],
            statements=[
                iam.PolicyStatement(sid="SayReady", actions=["autoscaling:CompleteLifecycleAction"], resources=[arn])
            ],
        )
        acknowledge(
            leave,
            f"AwsSolutions-IAM5[Resource::{arn}]",
            "IAMNoInlinePolicy",
            reason="The wildcard stands for the id of the group, which nobody knows beforehand; its name is there. The "
            "policy lives and dies with the pool.",
        )
        pool = autoscaling.CfnWarmPool(
            self,
            "Resource",
            auto_scaling_group_name=group.auto_scaling_group.auto_scaling_group_name,
            pool_state="Stopped",
            # Auto Scaling API, PutWarmPool: only when both are the same does the pool have a size of its own.
            min_size=machines,
            max_group_prepared_capacity=machines,
        )
        pool.node.add_dependency(leave)
