"""The template of an endpoint of ours, for the account and region of the local cloud."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from genai_layers import testing
from genai_layers.platform.sagemaker import Artifacts, DedicatedEndpoint, Machines, engines
from tools.local_cloud.layout import ACCOUNT, REGION


def hosting(*, machine: str, weights: str = "bge", id: str = "Chat") -> dict[str, Any]:
    """
    Return the resources of one endpoint with its network, models, alarms and scaling.

    Args:
        machine: Its instance type.
        weights: Folder of the weights.
        id: Name of the endpoint within the stack.
    """
    stack = cdk.Stack(testing.app(), "Hosting", env=cdk.Environment(account=ACCOUNT, region=REGION))
    vpc = ec2.Vpc(
        stack,
        "Vpc",
        availability_zones=[f"{REGION}a", f"{REGION}b"],
        nat_gateways=0,
        restrict_default_security_group=False,
        subnet_configuration=[
            ec2.SubnetConfiguration(name="isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=24)
        ],
    )
    key = kms.Key(stack, "Key", removal_policy=RemovalPolicy.DESTROY)
    bucket = s3.Bucket(stack, "Weights", encryption_key=key, removal_policy=RemovalPolicy.DESTROY)
    DedicatedEndpoint(
        stack,
        id,
        model=engines.embeddings("bge", Artifacts.folder(bucket, weights), on_cpu=True),
        key=key,
        vpc=vpc,
        subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
        machines=Machines(instance_types=[machine]),
        latency_limit=Duration.seconds(20),
        removal_policy=RemovalPolicy.DESTROY,
    )
    found: dict[str, Any] = testing.template(stack)["Resources"]
    return {name: each for name, each in found.items() if each["Type"] != "AWS::CDK::Metadata"}


def name_of(resources: dict[str, Any]) -> dict[str, Any]:
    """
    Return the outputs that tell the names of endpoint and configuration.

    Args:
        resources: Of the stack.
    """
    kinds = {"Endpoint": "AWS::SageMaker::Endpoint", "Config": "AWS::SageMaker::EndpointConfig"}
    return {
        output: {"Fn::GetAtt": [next(name for name, each in resources.items() if each["Type"] == kind), attribute]}
        for output, (kind, attribute) in {
            "Endpoint": (kinds["Endpoint"], "EndpointName"),
            "Config": (kinds["Config"], "EndpointConfigName"),
        }.items()
    }
