"""Looking a model up in the catalog, and saying what its user must know."""

from aws_cdk import Annotations, Stack, Token
from constructs import IConstruct

from genai_layers.catalog import bedrock, regions
from genai_layers.catalog.errors import UnknownBedrockModelError
from genai_layers.foundation.nag import MINIMUM_REASON, says_why
from genai_layers.platform.errors import ModelError

END_OF_LIFE_WARNING = "genai-layers:model-end-of-life"
UNLISTED_WARNING = "genai-layers:model-unlisted"
"""Ids of the warnings; `Annotations.of(...).acknowledge_warning` takes them."""

BEDROCK = "AWS::Bedrock::Guardrail"
"""The Bedrock type that most regions have; a region without it has no Bedrock."""


def look_up(scope: IConstruct, model_id: str, unlisted_reason: str | None) -> bedrock.BedrockModel | None:
    """
    Return what the catalog knows of a model, and warn where its end has been announced.

    Whether that day has come is not asked: a synth reads no clock, and a model whose end is known should be
    left behind before.

    Args:
        scope: Where warnings go; its stack gives the region.
        model_id: Id of a model or profile.
        unlisted_reason: Why an id that the catalog lacks is right. Default: such an id is refused.

    Raises:
        ModelError: The catalog lacks the id and no reason is given, or the reason says nothing.
        RegionError: The region has no Bedrock, or the profile is of another partition.
    """
    region = Stack.of(scope).region
    known_region = None if Token.is_unresolved(region) else region
    if known_region is not None:
        regions.require(known_region, BEDROCK)
    try:
        facts = bedrock.get(model_id, known_region)
    except UnknownBedrockModelError as error:
        _accept_unlisted(scope, model_id, unlisted_reason, str(error))
        return None
    if facts.end_of_life is not None:
        successor = f"move to {facts.successor}" if facts.successor else "choose another model"
        Annotations.of(scope).add_warning_v2(
            END_OF_LIFE_WARNING,
            f"Bedrock model {model_id} reaches its end of life on {facts.end_of_life} "
            f"(catalog of {facts.as_of}): {successor}",
        )
    return facts


def _accept_unlisted(scope: IConstruct, model_id: str, reason: str | None, message: str) -> None:
    if reason is None:
        raise ModelError([f"{message}; if the id is right and newer than the catalog, say so in unlisted_reason"])
    if not says_why(reason):
        raise ModelError(
            [
                f"unlisted_reason {reason!r} says too little: tell in at least {MINIMUM_REASON} characters where the "
                "id is from"
            ]
        )
    Annotations.of(scope).add_warning_v2(
        UNLISTED_WARNING,
        f"Bedrock model {model_id} is not in the catalog, so its price and end of life are unknown: {reason}",
    )
