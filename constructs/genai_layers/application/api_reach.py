"""From where an API can be reached."""

from __future__ import annotations

from typing import TypedDict

from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam


class Reach(TypedDict, total=False):
    """Properties of a REST API that say from where it can be reached."""

    endpoint_configuration: apigateway.EndpointConfiguration
    policy: iam.PolicyDocument


def reachable(private_endpoint: ec2.IVpcEndpoint | None) -> Reach:
    """
    Return the properties for an API that is reached through *private_endpoint* alone, or over the internet.

    Args:
        private_endpoint: Endpoint for `execute-api`; None for a public address.
    """
    if private_endpoint is None:
        return {
            "endpoint_configuration": apigateway.EndpointConfiguration(types=[apigateway.EndpointType.REGIONAL]),
        }
    everything = "execute-api:/*"
    return {
        "endpoint_configuration": apigateway.EndpointConfiguration(
            types=[apigateway.EndpointType.PRIVATE], vpc_endpoints=[private_endpoint]
        ),
        # Without a policy nobody reaches a private API. The routes still ask for a token.
        "policy": iam.PolicyDocument(
            statements=[
                iam.PolicyStatement(
                    actions=["execute-api:Invoke"], principals=[iam.AnyPrincipal()], resources=[everything]
                ),
                iam.PolicyStatement(
                    effect=iam.Effect.DENY,
                    actions=["execute-api:Invoke"],
                    principals=[iam.AnyPrincipal()],
                    resources=[everything],
                    conditions={"StringNotEquals": {"aws:SourceVpce": private_endpoint.vpc_endpoint_id}},
                ),
            ]
        ),
    }
