"""Intelligent prompt routing: the cheaper of two models where it answers as well."""

from collections.abc import Sequence

from aws_cdk import Stack, Token
from aws_cdk import aws_bedrock as bedrock
from constructs import Construct

from genai_layers.catalog import regions
from genai_layers.catalog.bedrock import BedrockModel
from genai_layers.platform.application_inference_profile import Source
from genai_layers.platform.errors import ModelError
from genai_layers.platform.fingerprint import replaceable_name
from genai_layers.platform.foundation_model import FoundationModel
from genai_layers.platform.inference_profile import InferenceProfile
from genai_layers.platform.invocation import Invocable
from genai_layers.platform.invokable_model import InvokableModel

_MAX_NAME_CHARACTERS = 64


class PromptRouter(Construct, InvokableModel):
    """
    A router over two models of one maker.

    Every property but the tags is create-only; the name moves with what replaces it.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new router.
        models: The two models or profiles to choose from.
        fallback: The one of them that answers unless the other is as good.
        quality_difference_percent: How much worse than the fallback an answer may be expected to be, 0 to 100, in
            steps of 5. Default: 0, the other model is taken only where it is expected to be as good.

    Attributes:
        cfn_router: The router as CloudFormation knows it.

    Raises:
        ModelError: Not two models of one maker, a fallback that is none of them, or a difference out of range.
        RegionError: The region has no prompt routers.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        models: Sequence[FoundationModel | InferenceProfile],
        fallback: FoundationModel | InferenceProfile,
        quality_difference_percent: int = 0,
    ) -> None:
        super().__init__(scope, id)
        region = Stack.of(self).region
        if not Token.is_unresolved(region):
            regions.require(region, "AWS::Bedrock::IntelligentPromptRouter")
        faults = _faults(models, fallback, quality_difference_percent)
        if faults:
            raise ModelError(faults)
        self._models: tuple[Source, ...] = tuple(models)
        self._targets = tuple(target for model in models for target in model.targets)
        immutable = {
            "models": [{"modelArn": model.source_arn} for model in models],
            "fallback_model": {"modelArn": fallback.source_arn},
            "routing_criteria": {"responseQualityDifference": quality_difference_percent},
        }
        self.cfn_router = bedrock.CfnIntelligentPromptRouter(
            self,
            "Resource",
            prompt_router_name=replaceable_name(self, immutable, max_length=_MAX_NAME_CHARACTERS),
            **immutable,  # type: ignore[arg-type]  # plain dictionaries are what the L1 takes
        )

    @property
    def model_id(self) -> str:
        """ARN of the router, which is what a request names."""
        return self.cfn_router.attr_prompt_router_arn

    @property
    def targets(self) -> tuple[Invocable, ...]:
        """
        The router, and everything that a request to either model is authorized against.

        `bedrock:PromptRouterArn` could narrow the models to requests that come through the router, but no
        document says that it is present when the service runs them, and a wrong condition denies every request.
        """
        return (Invocable(arns=(self.model_id,)), *self._targets)

    @property
    def price(self) -> BedrockModel | None:
        """None: the price is that of whichever model answers, which the trace of a request tells."""
        return None


def _faults(
    models: Sequence[FoundationModel | InferenceProfile],
    fallback: FoundationModel | InferenceProfile,
    quality_difference_percent: int,
) -> list[str]:
    names = [model.model_id for model in models]
    faults = []
    if len(models) != 2 or len(set(names)) != len(names):
        faults.append(f"models are {', '.join(names) or 'none'}: name two different ones")
    makers = {model.price.provider for model in models if model.price is not None}
    if len(makers) > 1:
        faults.append(f"models are of {', '.join(sorted(makers))}: a router chooses between models of one maker")
    if fallback.model_id not in names:
        faults.append(f"fallback {fallback.model_id!r} is none of the models: choose {' or '.join(names)}")
    if not 0 <= quality_difference_percent <= 100 or quality_difference_percent % 5:
        faults.append(f"quality_difference_percent is {quality_difference_percent}, allowed are 0 to 100 in steps of 5")
    return faults
