"""The configuration of an endpoint on machines."""

from aws_cdk import aws_kms as kms
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from genai_layers.foundation.nag import acknowledge
from genai_layers.platform.sagemaker.data_capture import DataCapture
from genai_layers.platform.sagemaker.hosting import Hosting
from genai_layers.platform.sagemaker.machines import Machines

_METRICS_SECONDS = 60


class EndpointConfig(Construct):
    """
    An unnamed configuration: all of it is create-only, so every change makes a new one before the old one goes.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        machines: Machines of the endpoint.
        variant: Its variant.
        key: Key of volumes, and of what is captured where its bucket has none.
        hosting: Role and network.
        capture: A sample of requests and answers; None for none.
        holds_components: Models come as inference components, so that role and network stand here.
        async_config: Where answers go that are fetched later; None for real time.
        challenger: A variant beside it that answers a share of the requests; None for none.
        shadow: A variant beside it that gets copies of requests; None for none.

    Attributes:
        resource: The configuration as CloudFormation knows it.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        machines: Machines,
        variant: dict[str, object],
        key: kms.IKey,
        hosting: Hosting,
        capture: DataCapture | None,
        holds_components: bool,
        async_config: dict[str, object] | None = None,
        challenger: dict[str, object] | None = None,
        shadow: dict[str, object] | None = None,
    ) -> None:
        super().__init__(scope, id)
        metrics = {
            "enableEnhancedMetrics": True,
            "enableDetailedObservability": True,
            "metricPublishFrequencyInSeconds": _METRICS_SECONDS,
        }
        self.resource = sagemaker.CfnEndpointConfig(
            self,
            "Resource",
            production_variants=[variant] if challenger is None else [variant, challenger],
            shadow_production_variants=None if shadow is None else [shadow],
            kms_key_id=key.key_arn,
            data_capture_config=None if capture is None else capture.render(key),
            execution_role_arn=hosting.role.role_arn if holds_components else None,
            vpc_config=hosting.vpc_config if holds_components else None,
            enable_network_isolation=hosting.is_isolated if holds_components else None,
            metrics_config=metrics if machines.container_metrics else None,
            async_inference_config=async_config,
        )
        if capture is not None:
            hosting.role.capture(capture, key)
        self.resource.node.add_dependency(hosting.role)
        if machines.instances.reason is not None and machines.instances.minimum < 2:
            acknowledge(self.resource, "GENAI-SAGEMAKER-05", reason=machines.instances.reason)
