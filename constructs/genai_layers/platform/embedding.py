"""The model that turns passages into vectors."""

from dataclasses import dataclass
from typing import ClassVar

from aws_cdk import Stack

from genai_layers.catalog import bedrock
from genai_layers.catalog.errors import UnknownBedrockModelError
from genai_layers.platform.errors import KnowledgeBaseError
from genai_layers.platform.foundation_model import foundation_model_arn


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddingModel:
    """
    An embedding model and the length of its vectors; made by `of` or taken from the constants.

    Changing either replaces the knowledge base, since the vectors of two models cannot be compared.

    Attributes:
        model_id: Id of the foundation model.
        dimensions: Numbers in a vector.
        is_adjustable: Whether requests name the dimensions; models with one length refuse that.
    """

    model_id: str
    dimensions: int
    is_adjustable: bool

    TITAN_TEXT_V2: ClassVar["EmbeddingModel"]
    """1,024 dimensions, the most accurate of the three lengths; about 100 languages."""

    TITAN_TEXT_V2_SMALL: ClassVar["EmbeddingModel"]
    """256 dimensions: a quarter of the storage, for some accuracy."""

    COHERE_V4: ClassVar["EmbeddingModel"]
    """1,536 dimensions, text and images, long passages."""

    NOVA_MULTIMODAL: ClassVar["EmbeddingModel"]
    """3,072 dimensions, text, images, sound and video."""

    @classmethod
    def of(cls, model_id: str, dimensions: int | None = None) -> "EmbeddingModel":
        """
        Return a model with vectors of a length that it can make.

        Args:
            model_id: Id of the foundation model.
            dimensions: Numbers in a vector. Default: what the model makes when it is not told.

        Raises:
            KnowledgeBaseError: The model is not in the catalog, makes no vectors, or none of that length.

        Example:
            EmbeddingModel.of("amazon.titan-embed-text-v2:0", 512)
        """
        try:
            facts = bedrock.get(model_id)
        except UnknownBedrockModelError as error:
            raise KnowledgeBaseError([str(error)]) from error
        if facts.mode != "embedding":
            embedding = ", ".join(bedrock.ids(mode="embedding"))
            raise KnowledgeBaseError([f"{model_id!r} is a {facts.mode} model and makes no vectors: choose {embedding}"])
        allowed = facts.embedding_dimensions
        if dimensions is None:
            if not allowed:
                raise KnowledgeBaseError([f"the catalog has no vector length of {model_id!r}: give dimensions"])
            dimensions = allowed[0]
        if dimensions < 1 or (allowed and dimensions not in allowed):
            lengths = ", ".join(str(length) for length in allowed) or "1 and more"
            raise KnowledgeBaseError([f"{model_id!r} makes no vectors of {dimensions} dimensions: choose {lengths}"])
        return cls(model_id=model_id, dimensions=dimensions, is_adjustable=len(allowed) > 1)

    def render(self, stack: Stack) -> dict[str, object]:
        """
        Return the vectors of a knowledge base as CloudFormation wants them.

        Args:
            stack: Gives partition and region of the model.
        """
        configuration: dict[str, object] = {"embeddingModelArn": foundation_model_arn(stack, self.model_id)}
        if self.is_adjustable:
            configuration["embeddingModelConfiguration"] = {
                "bedrockEmbeddingModelConfiguration": {
                    "dimensions": self.dimensions,
                    "embeddingDataType": "FLOAT32",
                }
            }
        return configuration


EmbeddingModel.TITAN_TEXT_V2 = EmbeddingModel.of("amazon.titan-embed-text-v2:0", 1024)
EmbeddingModel.TITAN_TEXT_V2_SMALL = EmbeddingModel.of("amazon.titan-embed-text-v2:0", 256)
EmbeddingModel.COHERE_V4 = EmbeddingModel.of("cohere.embed-v4:0", 1536)
EmbeddingModel.NOVA_MULTIMODAL = EmbeddingModel.of("amazon.nova-2-multimodal-embeddings-v1:0", 3072)
