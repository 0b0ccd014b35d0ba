"""A system-defined inference profile: one id, served from several regions."""

from collections.abc import Sequence
from typing import Self

from aws_cdk import Stack, Token
from constructs import IConstruct

from genai_layers.catalog import bedrock
from genai_layers.platform.errors import ModelError
from genai_layers.platform.foundation_model import foundation_model_arn
from genai_layers.platform.invocation import PROFILE_KEY, Invocable
from genai_layers.platform.invokable_model import InvokableModel
from genai_layers.platform.model_facts import look_up

REGION_KEY = "aws:RequestedRegion"
GLOBAL_REGION = "unspecified"
"""What `aws:RequestedRegion` holds while a global profile runs the model outside the source region."""


class InferenceProfile(InvokableModel):
    """
    A profile that Bedrock defines, geographic (`us.`, `eu.`, ...) or global.

    A geographic profile keeps requests within its geography; a global one may use any commercial region.
    The grant names the profile, and the model behind it only for requests that come through the profile.
    A service control policy that denies regions breaks both, since the model runs elsewhere.

    Example:
        model = InferenceProfile.geographic(self, "amazon.nova-lite-v1:0")
        model.grant_invoke(chat, guardrail=guardrail)
    """

    def __init__(
        self,
        *,
        model_id: str,
        profile: Invocable,
        models: tuple[Invocable, ...],
        facts: bedrock.BedrockModel | None,
    ) -> None:
        self._model_id = model_id
        self._profile = profile
        self._models = models
        self._facts = facts

    @classmethod
    def of(
        cls,
        scope: IConstruct,
        profile_id: str,
        *,
        destination_regions: Sequence[str] = (),
        unlisted_reason: str | None = None,
    ) -> Self:
        """
        Return the profile called *profile_id*.

        Args:
            scope: Any construct of the stack; warnings about the model go there.
            profile_id: Id with its geography, such as `eu.amazon.nova-lite-v1:0`.
            destination_regions: Regions that it may send a request to. Default: those of its geography in the
                catalog, which is complete but may be wider than one model uses.
            unlisted_reason: Why an id that the catalog lacks is right. Default: such an id is refused.

        Raises:
            ModelError: The id names no profile, or is not in the catalog.
            RegionError: The region has no Bedrock, or is of another partition.
        """
        prefix, _, model_id = profile_id.partition(".")
        geography = bedrock.profiles.get(prefix)
        if geography is None:
            raise ModelError(
                [
                    f"{profile_id!r} names no inference profile: start it with one of "
                    f"{', '.join(f'{known}.' for known in bedrock.profiles)}, "
                    f"or use FoundationModel.of(scope, {profile_id!r})"
                ]
            )
        facts = look_up(scope, profile_id, unlisted_reason)
        stack = Stack.of(scope)
        profile_arn = stack.format_arn(service="bedrock", resource="inference-profile", resource_name=profile_id)
        if geography.is_global:
            # Amazon Bedrock user guide, "Global cross-Region inference": the model is checked once in the source
            # region and once without a region, where aws:RequestedRegion is "unspecified".
            here = {REGION_KEY: stack.region}
            profile = Invocable(arns=(profile_arn,), conditions=here)
            models: tuple[Invocable, ...] = (
                Invocable(arns=(foundation_model_arn(stack, model_id),), conditions=here),
                Invocable(
                    arns=(foundation_model_arn(stack, model_id, region=""),),
                    conditions={REGION_KEY: GLOBAL_REGION},
                ),
            )
        else:
            destinations = dict.fromkeys((stack.region, *(destination_regions or geography.regions)))
            arns = tuple(foundation_model_arn(stack, model_id, region=region) for region in destinations)
            profile = Invocable(arns=(profile_arn,))
            models = (Invocable(arns=arns),)
        return cls(model_id=profile_id, profile=profile, models=models, facts=facts)

    @classmethod
    def geographic(
        cls,
        scope: IConstruct,
        model_id: str,
        *,
        geography: str | None = None,
        destination_regions: Sequence[str] = (),
    ) -> Self:
        """
        Return the profile of a model for the geography of the stack.

        Args:
            scope: Any construct of the stack.
            model_id: Id of the model, without a geography.
            geography: Prefix, such as `eu`. Default: the only one of the model that holds the region of the
                stack.
            destination_regions: Regions that it may send a request to. Default: those of the geography.

        Raises:
            ModelError: No geography fits, or several do.
        """
        chosen = _geography_of(Stack.of(scope).region, model_id) if geography is None else geography
        return cls.of(scope, f"{chosen}.{model_id}", destination_regions=destination_regions)

    @classmethod
    def global_(cls, scope: IConstruct, model_id: str) -> Self:
        """
        Return the profile of a model that may run in every commercial region, usually at a lower price.

        Args:
            scope: Any construct of the stack.
            model_id: Id of the model, without a geography.
        """
        return cls.of(scope, f"global.{model_id}")

    @property
    def model_id(self) -> str:
        """Id of the profile."""
        return self._model_id

    @property
    def targets(self) -> tuple[Invocable, ...]:
        """The profile, and the model in every region that may serve it, through the profile."""
        return (self._profile, *(model.through(PROFILE_KEY, self.source_arn) for model in self._models))

    @property
    def models(self) -> tuple[Invocable, ...]:
        """The model in every region that may serve it, whatever a request came through."""
        return self._models

    @property
    def source_arn(self) -> str:
        """ARN to copy an application inference profile from, or to route to."""
        return self._profile.arns[0]

    @property
    def price(self) -> bedrock.BedrockModel | None:
        """Dated price and limits of the profile; None for an unlisted one."""
        return self._facts


def _geography_of(region: str, model_id: str) -> str:
    if Token.is_unresolved(region):
        raise ModelError(
            [f"the region of the stack is not known, so no geography of {model_id!r} can be chosen: name one"]
        )
    ids = bedrock.ids()
    offered = [
        prefix for prefix, place in bedrock.profiles.items() if not place.is_global and f"{prefix}.{model_id}" in ids
    ]
    fitting = [prefix for prefix in offered if region in bedrock.profiles[prefix].regions]
    if len(fitting) == 1:
        return fitting[0]
    named = ", ".join(fitting or offered) or "none in the catalog"
    fault = "several geographies hold" if fitting else "no geography holds"
    raise ModelError([f"{fault} {region} for model {model_id!r}: name one with geography=, known are {named}"])
