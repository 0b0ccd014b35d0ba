"""An endpoint without machines of its own: paid by the request, on processors only."""

from aws_cdk import RemovalPolicy, Stack, Token
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from genai_layers.catalog import regions
from genai_layers.foundation import KeyUse
from genai_layers.foundation.nag import acknowledge
from genai_layers.platform.sagemaker.endpoint_metrics import EndpointMetrics
from genai_layers.platform.sagemaker.endpoint_surface import EndpointSurface
from genai_layers.platform.sagemaker.errors import EndpointError
from genai_layers.platform.sagemaker.execution_role import ExecutionRole
from genai_layers.platform.sagemaker.hosted_model import HostedModel, Placement
from genai_layers.platform.sagemaker.hosting import cfn_model, log_group, model_faults
from genai_layers.platform.sagemaker.names import born_name

MEMORY_SIZES_MIB = (1024, 2048, 3072, 4096, 5120, 6144)
"""SageMaker developer guide, serverless inference, read 2026-11-25."""

_MAX_CONCURRENCY = 200
_VARIANT = "model"


class ServerlessEndpoint(Construct, EndpointSurface):
    """
    An endpoint for small models on processors, such as embeddings, that costs nothing while nobody asks.

    The service gives it no network, no isolation, no data capture and no canary; a model that needs one of these
    goes to `ModelEndpoint`. A request after a pause takes seconds longer.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new endpoint.
        model: What is served, in an image for CPU.
        key: Key of the logs; it needs `REQUIRED_KEY_USES`.
        memory_mib: Memory, one of `MEMORY_SIZES_MIB`; processors come with it.
        public_network_reason: Why the container may have a network that is not yours; lands in the acknowledgements.
        max_concurrency: Requests at once, 1 to 200. Default: 5.
        warm_concurrency: Requests at once that never wait for a start, paid by the hour. Default: none.
        log_retention: How long logs are kept. Default: one year.
        removal_policy: What happens to the logs when the stack goes. Default: they are kept.

    Attributes:
        REQUIRED_KEY_USES: Services that use *key*.
        cfn_endpoint: The endpoint as CloudFormation knows it.
        cfn_endpoint_config: Its configuration.
        role: Execution role.
        log_group: What its container wrote.

    Raises:
        EndpointError: Something is wrong; all of it is listed.
        RegionError: The region has no SageMaker endpoints.

    Example:
        ServerlessEndpoint(self, "Embeddings", model=engines.embeddings("bge", files, on_cpu=True), key=key.key,
                           memory_mib=4096, public_network_reason="Embeds public product texts and holds no secret")
    """

    REQUIRED_KEY_USES = (KeyUse.LOGS,)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        model: HostedModel,
        key: kms.IKey,
        memory_mib: int,
        public_network_reason: str,
        max_concurrency: int = 5,
        warm_concurrency: int | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        stack = Stack.of(self)
        if not Token.is_unresolved(stack.region):
            regions.require(stack.region, "AWS::SageMaker::Endpoint")
        faults = [*model_faults(self, model), *_faults(model, memory_mib, max_concurrency, warm_concurrency)]
        if faults:
            raise EndpointError(faults)
        self.endpoint_name = born_name(self)
        self.endpoint_arn = stack.format_arn(service="sagemaker", resource="endpoint", resource_name=self.endpoint_name)
        self.metrics = EndpointMetrics({"EndpointName": self.endpoint_name, "VariantName": _VARIANT})
        self.role = ExecutionRole(self, "Role")
        self.log_group = log_group(
            self,
            "Logs",
            f"/aws/sagemaker/Endpoints/{self.endpoint_name}",
            key=key,
            retention=log_retention,
            removal_policy=removal_policy,
        )
        self.role.write_logs(self.log_group)
        placement = Placement(image=model.image, environment=model.environment, accelerators=0)
        made = cfn_model(self, "Model", model, placement, self.role, vpc_config=None, is_isolated=False)
        acknowledge(made, "GENAI-SAGEMAKER-04", "GENAI-SAGEMAKER-06", reason=public_network_reason)
        serverless = {"memorySizeInMb": memory_mib, "maxConcurrency": max_concurrency}
        if warm_concurrency is not None:
            serverless["provisionedConcurrency"] = warm_concurrency
        self.cfn_endpoint_config = sagemaker.CfnEndpointConfig(
            self,
            "Config",
            production_variants=[
                {
                    "variantName": _VARIANT,
                    "modelName": made.attr_model_name,
                    "initialVariantWeight": 1,
                    "serverlessConfig": serverless,
                }
            ],
        )
        acknowledge(
            self.cfn_endpoint_config,
            "SageMakerEndpointConfigurationKMSKeyConfigured",
            reason="A serverless endpoint has no volume of its own that a key could encrypt.",
        )
        self.cfn_endpoint = sagemaker.CfnEndpoint(
            self,
            "Resource",
            endpoint_name=self.endpoint_name,
            endpoint_config_name=self.cfn_endpoint_config.attr_endpoint_config_name,
        )
        self.cfn_endpoint.node.add_dependency(self.log_group)


def _faults(model: HostedModel, memory_mib: int, max_concurrency: int, warm_concurrency: int | None) -> list[str]:
    found = []
    if model.image.vendor is not None or model.image.architecture != "x86_64":
        found.append(
            f"model {model.name!r} is in an image for {model.image.vendor or model.image.architecture}: serverless "
            "endpoints have x86_64 processors only; take an image for CPU"
        )
    if memory_mib not in MEMORY_SIZES_MIB:
        found.append(f"memory_mib is {memory_mib}: choose {', '.join(map(str, MEMORY_SIZES_MIB))}")
    if not 1 <= max_concurrency <= _MAX_CONCURRENCY:
        found.append(f"max_concurrency is {max_concurrency}: choose 1 to {_MAX_CONCURRENCY}")
    if warm_concurrency is not None and not 1 <= warm_concurrency <= max_concurrency:
        found.append(f"warm_concurrency is {warm_concurrency}: choose 1 to max_concurrency, which is {max_concurrency}")
    return found
