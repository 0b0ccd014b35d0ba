"""A fleet of a fixed size."""

from __future__ import annotations

import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3

from genai_layers import testing
from genai_layers.inference import AcceleratorFleet

pytestmark = pytest.mark.synth


@pytest.mark.parametrize(("most", "tracks"), [(1, False), (2, True)])
def test_targets_are_tracked_only_where_the_size_can_change(most: int, tracks: bool) -> None:
    """With one bound for both, the deploy would fail on the first scaling policy."""
    stack = testing.stack()
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-1",
        availability_zones=["us-east-1a", "us-east-1b"],
        isolated_subnet_ids=["subnet-1", "subnet-2"],
    )
    AcceleratorFleet(
        stack,
        "Fleet",
        vpc=vpc,
        subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
        key=kms.Key(stack, "Key"),
        model="llama-3.1-8b",
        weights=s3.Bucket(stack, "Weights"),
        weights_prefix="llama",
        min_machines=1,
        max_machines=most,
        access_logs=s3.Bucket(stack, "Logs"),
        log_retention=logs.RetentionDays.ONE_YEAR,
        plaintext_reason="this template is never deployed, it only has to be made",
    )

    policies = testing.resources(testing.template(stack), "AWS::AutoScaling::ScalingPolicy")

    assert bool(policies) is tracks
