"""Pipelines that put their models on an endpoint of the same stack."""

from __future__ import annotations

import aws_cdk as cdk
from constructs import Construct
from tuning_estate import Estate, network

from genai_layers import testing
from genai_layers.foundation import AccessLogBucket, EncryptionKey, SecureBucket
from genai_layers.platform.sagemaker import (
    Artifacts,
    DataCapture,
    DedicatedEndpoint,
    Instances,
    Machines,
    ModelComponent,
    ModelEndpoint,
    engines,
)


class ServingEstate:
    """
    A pipeline and where its models serve.

    Args:
        app: App that it belongs to. Default: a new one.
        has_components: Models are components of an endpoint. Default: the endpoint is the model's own.
        instance_types: Machines of the endpoint.
        captures: Whether requests are kept. Default: no.
    """

    def __init__(
        self,
        app: cdk.App | None = None,
        *,
        has_components: bool = False,
        instance_types: tuple[str, ...] = ("ml.g6e.2xlarge",),
        captures: bool = False,
    ) -> None:
        self.stack = testing.stack(app)
        scope = Construct(self.stack, "Serving")
        uses = ModelEndpoint.REQUIRED_KEY_USES
        self.key = EncryptionKey(scope, "Key", description="endpoint", uses=uses).key
        logs = AccessLogBucket(scope, "Logs").bucket
        bucket = SecureBucket(scope, "Base", key=self.key, access_logs=logs).bucket
        model = engines.vllm("base", Artifacts.folder(bucket, "llama-3.1-8b"))
        vpc = network(scope)
        subnets = cdk.aws_ec2.SubnetSelection(subnet_type=cdk.aws_ec2.SubnetType.PRIVATE_ISOLATED)
        machines = Machines(instance_types=instance_types, instances=Instances.between(2, 4))
        self.endpoint: ModelEndpoint | DedicatedEndpoint
        self.place: ModelComponent | DedicatedEndpoint
        if has_components:
            shared = ModelEndpoint(scope, "Endpoint", key=self.key, vpc=vpc, subnets=subnets, machines=machines)
            self.endpoint, self.place = shared, shared.add_model("Llama", model)
        else:
            own = DedicatedEndpoint(
                scope,
                "Endpoint",
                model=model,
                key=self.key,
                vpc=vpc,
                subnets=subnets,
                machines=machines,
                capture=DataCapture(bucket=bucket, sampling_percent=5) if captures else None,
            )
            self.endpoint = self.place = own
        self.tuning = Estate(self.stack, deploy_to=self.place.promotable, alarms=[])
