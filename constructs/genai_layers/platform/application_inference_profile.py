"""A profile of our own over a model: the same answers, with our tags on the bill."""

from collections.abc import Mapping
from typing import Protocol

from aws_cdk import Stack, Token
from aws_cdk import aws_bedrock as bedrock
from constructs import Construct

from genai_layers.catalog import regions
from genai_layers.catalog.bedrock import BedrockModel
from genai_layers.platform.errors import ModelError
from genai_layers.platform.fingerprint import replaceable_name
from genai_layers.platform.invocation import PROFILE_KEY, Invocable
from genai_layers.platform.invokable_model import InvokableModel

_MAX_NAME_CHARACTERS = 64


class Source(Protocol):
    """A model or a system-defined profile that a profile can be copied from."""

    @property
    def source_arn(self) -> str:
        """ARN of the model or profile."""
        ...

    @property
    def models(self) -> tuple[Invocable, ...]:
        """Foundation models behind it."""
        ...

    @property
    def price(self) -> BedrockModel | None:
        """Dated price and limits."""
        ...


class ApplicationInferenceProfile(Construct, InvokableModel):
    """
    An application inference profile, which carries tags into the cost report.

    A model itself cannot be tagged, so this is how the cost of one application, team or tenant is told apart.
    Everything but the tags is create-only; the name moves with what replaces it.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new profile.
        source: `FoundationModel` or `InferenceProfile` to copy.
        cost_tags: Tags for cost allocation, at least one; activate them in the billing console.

    Attributes:
        cfn_profile: The profile as CloudFormation knows it.

    Raises:
        ModelError: No tags are given.
        RegionError: The region has no application inference profiles.

    Example:
        model = ApplicationInferenceProfile(self, "Chat", source=InferenceProfile.of(self, "eu.amazon.nova-lite-v1:0"),
                                            cost_tags={"team": "support"})
    """

    def __init__(self, scope: Construct, id: str, *, source: Source, cost_tags: Mapping[str, str]) -> None:
        super().__init__(scope, id)
        region = Stack.of(self).region
        if not Token.is_unresolved(region):
            regions.require(region, "AWS::Bedrock::ApplicationInferenceProfile")
        if not cost_tags:
            raise ModelError(["cost_tags is empty, so the profile would tell nothing apart: name at least one tag"])
        self._source = source
        copied = {"copyFrom": source.source_arn}
        self.cfn_profile = bedrock.CfnApplicationInferenceProfile(
            self,
            "Resource",
            inference_profile_name=replaceable_name(self, copied, max_length=_MAX_NAME_CHARACTERS),
            model_source=copied,
            tags=[{"key": name, "value": value} for name, value in sorted(cost_tags.items())],
        )

    @property
    def model_id(self) -> str:
        """ARN of the profile, which is what a request names."""
        return self.cfn_profile.attr_inference_profile_arn

    @property
    def targets(self) -> tuple[Invocable, ...]:
        """The profile, and the models behind it, through the profile."""
        behind = (model.through(PROFILE_KEY, self.model_id) for model in self._source.models)
        return (Invocable(arns=(self.model_id,)), *behind)

    @property
    def price(self) -> BedrockModel | None:
        """Dated price and limits, those of the source."""
        return self._source.price
