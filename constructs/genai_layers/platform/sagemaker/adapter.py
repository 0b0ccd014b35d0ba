"""An adapter on top of a model."""

from aws_cdk import Stack
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from genai_layers.platform.sagemaker.artifacts import Artifacts
from genai_layers.platform.sagemaker.names import born_name


class Adapter(Construct):
    """
    An adapter (LoRA) of a `ModelComponent`; made by its `add_adapter`.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new adapter.
        base: Component that it stands on.
        base_name: Name of that component.
        artifacts: Its files.

    Attributes:
        cfn_component: The adapter as CloudFormation knows it.
        component_name: What a request names as its `InferenceComponentName`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        base: sagemaker.CfnInferenceComponent,
        base_name: str,
        artifacts: Artifacts,
    ) -> None:
        super().__init__(scope, id)
        self.component_name = born_name(self)
        self.cfn_component = sagemaker.CfnInferenceComponent(
            self,
            "Resource",
            inference_component_name=self.component_name,
            endpoint_name=base.endpoint_name,
            specification={"baseInferenceComponentName": base_name, "container": {"artifactUrl": artifacts.uri}},
        )
        self.cfn_component.add_resource_dependency(base)

    @property
    def component_arn(self) -> str:
        """ARN of the component."""
        return Stack.of(self).format_arn(
            service="sagemaker", resource="inference-component", resource_name=self.component_name
        )
