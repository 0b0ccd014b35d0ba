"""Machines joined by EFA, made, changed and deleted in the local cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3

from genai_layers import testing
from genai_layers.inference import HostImage
from genai_layers.inference.multi_node import MultiNodeFleet
from tools.local_cloud.inventory import everything

if TYPE_CHECKING:
    from tools.local_cloud.clients import Clients
    from tools.local_cloud.stack import HandmadeStack

pytestmark = [pytest.mark.emulator, pytest.mark.synth]

IMAGE = HostImage.pinned({testing.REGION: "ami-0123456789abcdef0"}, cuda="13.0")


def resources(**changed: Any) -> dict[str, Any]:
    """The resources of a template with a multi-node fleet in a network of its own."""
    stack = testing.stack()
    vpc = ec2.Vpc(
        stack,
        "Vpc",
        max_azs=2,
        restrict_default_security_group=False,
        subnet_configuration=[ec2.SubnetConfiguration(name="private", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)],
    )
    props: dict[str, Any] = {
        "vpc": vpc,
        "subnets": ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
        "machine_subnet": vpc.isolated_subnets[0],
        "key": kms.Key(stack, "Key", removal_policy=cdk.RemovalPolicy.DESTROY),
        "model": "llama-3.1-405b",
        "instance_type": "p5.48xlarge",
        # The local cloud does not know the type AWS::EC2::PlacementGroup; this one is there already.
        "placement_group": ec2.PlacementGroup.from_placement_group_name(stack, "Place", "reserved-here"),
        "weights": s3.Bucket(stack, "Weights", removal_policy=cdk.RemovalPolicy.DESTROY),
        "weights_prefix": "llama-3.1-405b",
        "access_logs": s3.Bucket(stack, "AccessLogs", removal_policy=cdk.RemovalPolicy.DESTROY),
        "log_retention": logs.RetentionDays.ONE_YEAR,
        "machine_image": IMAGE,
        "plaintext_reason": "a network of the local cloud that nobody else is in",
        "removal_policy": cdk.RemovalPolicy.DESTROY,
    }
    MultiNodeFleet(stack, "Fleet", **{**props, **changed})
    found: dict[str, Any] = testing.template(stack)["Resources"]
    return found


def test_groups_are_made_added_and_deleted(stack: HandmadeStack, clients: Clients) -> None:
    """A second copy of the model is a second group, and nothing is left of either."""
    before = everything(clients)
    stack.deploy(resources())
    stack.deploy(resources(groups=2))
    names = {
        group["AutoScalingGroupName"]: (group["MinSize"], group["MaxSize"])
        for group in clients("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    }
    assert list(names.values()) == [(2, 2), (2, 2)]

    stack.delete()

    assert sorted(everything(clients) - before) == []
