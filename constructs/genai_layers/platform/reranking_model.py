"""Which model puts the passages of a knowledge base into order, whenever that is decided."""

import jsii
from aws_cdk import IStableStringProducer, Lazy

from genai_layers.platform.errors import KnowledgeBaseError


@jsii.implements(IStableStringProducer)
class RerankingModel:
    """The one model that does, or none; it may be named after whoever asks for it was made."""

    def __init__(self) -> None:
        self._arn: str | None = None

    @property
    def arn(self) -> str:
        """ARN of the model, read at synth; a setting that holds it is left out where there is none."""
        return Lazy.string(self)

    def become(self, arn: str) -> None:
        """
        Take a model.

        Args:
            arn: The model.

        Raises:
            KnowledgeBaseError: Another one was taken before.
        """
        if self._arn not in (None, arn):
            raise KnowledgeBaseError([f"{self._arn} puts the passages into order already: call serve once"])
        self._arn = arn

    def produce(self) -> str | None:
        """Return the model, or nothing."""
        return self._arn
