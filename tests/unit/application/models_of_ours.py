"""Models of a chat as others would give them: a fleet and an endpoint of SageMaker, as their callers see them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from aws_cdk import RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager

from genai_layers.application import TokenPrice
from genai_layers.foundation import EncryptionKey, KeyUse
from genai_layers.inference import InferenceEndpoint
from genai_layers.inference.api_key import ApiKey
from genai_layers.platform.sagemaker.invocation import grant_invoke
from tests.unit.application.conftest import Estate

PRICE = TokenPrice(input_usd_per_million="0.10", output_usd_per_million=Decimal("0.20"))


class OurFleet:
    """A fleet as its callers see it, with a real key, a real secret and a real security group."""

    def __init__(self, estate: Estate, url: str = "https://llama.example.com") -> None:
        stack = estate.stack
        secrets = EncryptionKey(stack, "SecretKey", description="keys", uses=[KeyUse.SECRETS_MANAGER])
        self._key = ApiKey(stack, "ApiKey", key=secrets.key, removal_policy=RemovalPolicy.DESTROY)
        self.api_key: secretsmanager.ISecret = self._key.secret
        self.endpoint = InferenceEndpoint(url=url, model_id="llama")
        group = ec2.SecurityGroup(stack, "Door", vpc=estate.network.vpc, allow_all_outbound=False)
        self.connections = ec2.Connections(security_groups=[group], default_port=ec2.Port.tcp(443))

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        return self._key.grant_read(grantee)

    def metric_requests(self) -> cloudwatch.Metric:
        return cloudwatch.Metric(namespace="x", metric_name="x")

    metric_response_time = metric_server_errors = metric_unhealthy_machines = metric_requests


@dataclass(frozen=True)
class OurEndpoint:
    """A model on an endpoint of SageMaker, as its callers see it."""

    estate: Estate
    endpoint_name: str = "models"
    component_name: str = "llama"

    @property
    def arns(self) -> list[str]:
        kinds = (("endpoint", self.endpoint_name), ("inference-component", self.component_name))
        return [
            self.estate.stack.format_arn(service="sagemaker", resource=kind, resource_name=one) for kind, one in kinds
        ]

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        return grant_invoke(grantee, self.arns)
