"""A way for the files of JumpStart models through the gateway of a private network."""

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam

from genai_layers.catalog import jumpstart


def admit_jumpstart(endpoint: ec2.GatewayVpcEndpoint) -> None:
    """
    Let execution roles of our account read JumpStart's buckets of this region through a gateway endpoint for S3.

    The files of a model travel through its network, and the gateway of `Network` lets nothing through that our
    account does not own. Reading takes nothing out.

    Args:
        endpoint: Gateway endpoint for S3, such as `network.s3_endpoint`.

    Raises:
        RegionError: JumpStart is not in the region.

    Example:
        admit_jumpstart(network.s3_endpoint)
    """
    stack = Stack.of(endpoint)
    buckets = [
        stack.format_arn(
            service="s3",
            region="",
            account="",
            resource=jumpstart.bucket(stack.region, is_gated=is_gated),
            arn_format=ArnFormat.NO_RESOURCE_NAME,
        )
        for is_gated in (False, True)
    ]
    endpoint.add_to_policy(
        iam.PolicyStatement(
            sid="JumpStart",
            principals=[iam.StarPrincipal()],
            actions=["s3:GetObject", "s3:ListBucket"],
            resources=[*buckets, *(f"{bucket}/*" for bucket in buckets)],
            conditions={"StringEquals": {"aws:PrincipalAccount": stack.account}},
        )
    )
