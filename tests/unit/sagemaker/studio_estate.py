"""A Studio domain in a network that is only named, to try one thing in."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2

from genai_layers import testing
from genai_layers.foundation import EncryptionKey
from genai_layers.platform.sagemaker.studio import StudioDomain
from genai_layers.testing import Resolver, Template, resources

HERE = f"arn:aws:sagemaker:us-east-1:{testing.ACCOUNT}"
DOMAIN = "AWS::SageMaker::Domain"


def _vpc(stack: Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=["a", "b"],
        isolated_subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        isolated_subnet_route_table_ids=["rtb-0123456789abcdef0", "rtb-0123456789abcdef1"],
        public_subnet_ids=["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
        public_subnet_route_table_ids=["rtb-0123456789abcdef2", "rtb-0123456789abcdef3"],
    )


def studio_in(stack: Stack | None = None, **props: Any) -> StudioDomain:
    """Make a domain."""
    stack = stack or testing.stack()
    key = EncryptionKey(stack, "Key", description="notebooks", uses=StudioDomain.REQUIRED_KEY_USES).key
    given = {"subnets": ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED), **props}
    return StudioDomain(stack, "Studio", key=key, vpc=_vpc(stack), **given)


def domain_of(template: Template) -> dict[str, Any]:
    """Return the properties of the domain."""
    (found,) = resources(template, DOMAIN).values()
    properties: dict[str, Any] = found["Properties"]
    return properties


def profile_of(template: Template, person: str) -> str:
    """Return the ARN of a profile."""
    (domain,) = resources(template, DOMAIN)
    resolver = Resolver(template=template)
    domain_id = resolver.resolve({"Fn::GetAtt": [domain, "DomainId"]})
    return f"{HERE}:user-profile/{domain_id}/{person}"
