"""A foundation model, run on demand in the region of its stack."""

from typing import Self

from aws_cdk import Stack
from constructs import IConstruct

from genai_layers.catalog import bedrock
from genai_layers.platform.errors import ModelError
from genai_layers.platform.invocation import Invocable
from genai_layers.platform.invokable_model import InvokableModel
from genai_layers.platform.model_facts import look_up


def foundation_model_arn(stack: Stack, model_id: str, *, region: str | None = None) -> str:
    """
    Return the ARN of a foundation model.

    Args:
        stack: Gives the partition.
        model_id: Id of the model, without a geography.
        region: Region of the ARN; empty for the global one. Default: the region of *stack*.
    """
    return stack.format_arn(
        service="bedrock",
        region=stack.region if region is None else region,
        account="",
        resource="foundation-model",
        resource_name=model_id,
    )


class FoundationModel(InvokableModel):
    """
    A foundation model of Amazon Bedrock in one region.

    Example:
        model = FoundationModel.of(self, "amazon.nova-lite-v1:0")
        model.grant_invoke(chat)
    """

    def __init__(self, *, model_id: str, arn: str, facts: bedrock.BedrockModel | None) -> None:
        self._model_id = model_id
        self._arn = arn
        self._facts = facts

    @classmethod
    def of(cls, scope: IConstruct, model_id: str, *, unlisted_reason: str | None = None) -> Self:
        """
        Return the model in the region of the stack of *scope*.

        Args:
            scope: Any construct of the stack; warnings about the model go there.
            model_id: Id of the model, without a geography.
            unlisted_reason: Why an id that the catalog lacks is right. Default: such an id is refused.

        Raises:
            ModelError: The id is one of an inference profile, or not in the catalog.
            RegionError: The region has no Bedrock.
        """
        prefix = model_id.partition(".")[0]
        if prefix in bedrock.profiles:
            raise ModelError([f"{model_id!r} names an inference profile: use InferenceProfile.of(scope, {model_id!r})"])
        facts = look_up(scope, model_id, unlisted_reason)
        return cls(model_id=model_id, arn=foundation_model_arn(Stack.of(scope), model_id), facts=facts)

    @property
    def model_id(self) -> str:
        """Id of the model."""
        return self._model_id

    @property
    def targets(self) -> tuple[Invocable, ...]:
        """The model in this region."""
        return self.models

    @property
    def models(self) -> tuple[Invocable, ...]:
        """The model in this region."""
        return (Invocable(arns=(self._arn,)),)

    @property
    def source_arn(self) -> str:
        """ARN to copy an application inference profile from, or to route to."""
        return self._arn

    @property
    def price(self) -> bedrock.BedrockModel | None:
        """Dated price and limits; None for an unlisted model."""
        return self._facts
