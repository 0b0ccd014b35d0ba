"""What may pass through the endpoints of a network."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

# Buckets of AWS that machines read from while they start. Amazon ECR user guide, "Minimum Amazon S3 bucket
# permissions"; Systems Manager user guide, "SSM Agent communications"; Amazon Linux 2023 user guide, repositories.
_AWS_BUCKETS = (
    "prod-{region}-starport-layer-bucket",
    "al2023-repos-{region}-de612dc2",
    "amazon-ssm-{region}",
    "aws-ssm-{region}",
)


def interface_policy(stack: Stack) -> iam.PolicyStatement:
    """
    Let our account's identities call the service, and nobody else.

    Without it, credentials of another account that reached the network could carry data out through the endpoint.

    Args:
        stack: Stack of the network.
    """
    return iam.PolicyStatement(
        sid="OurIdentities",
        principals=[iam.StarPrincipal()],
        actions=["*"],
        resources=["*"],
        conditions={"StringEquals": {"aws:PrincipalAccount": stack.account}},
    )


def gateway_policy(stack: Stack, service: str) -> iam.PolicyStatement:
    """
    Let our account's identities reach what our account owns.

    Args:
        stack: Stack of the network.
        service: IAM prefix of the service, `s3` or `dynamodb`.
    """
    return iam.PolicyStatement(
        sid="OursToOurs",
        principals=[iam.StarPrincipal()],
        actions=[f"{service}:*"],
        resources=["*"],
        conditions={
            "StringEquals": {"aws:PrincipalAccount": stack.account, "aws:ResourceAccount": stack.account},
        },
    )


def aws_buckets_policy(stack: Stack) -> iam.PolicyStatement:
    """
    Let machines read image layers and packages from the buckets of AWS.

    They are signed by AWS or not at all, so no condition on the caller could hold; reading takes nothing out.

    Args:
        stack: Stack of the network.
    """
    return iam.PolicyStatement(
        sid="ReadFromAws",
        principals=[iam.StarPrincipal()],
        actions=["s3:GetObject"],
        resources=[
            stack.format_arn(
                service="s3",
                region="",
                account="",
                resource=bucket.format(region=stack.region),
                resource_name="*",
            )
            for bucket in _AWS_BUCKETS
        ],
    )
