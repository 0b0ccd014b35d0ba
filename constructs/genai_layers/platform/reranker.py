"""A model that puts passages into a better order before another one answers from them."""

from typing import Self

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct, IConstruct

from genai_layers.catalog import bedrock
from genai_layers.foundation.nag import acknowledge
from genai_layers.platform.errors import ModelError
from genai_layers.platform.foundation_model import foundation_model_arn
from genai_layers.platform.knowledge_base import KnowledgeBase
from genai_layers.platform.model_facts import look_up

MOST_RESULTS = 100


class Reranker:
    """
    A reranking model of Amazon Bedrock.

    A search by vectors finds what is alike; a reranker reads question and passages together. Ask for many passages,
    keep the few that it puts first: better answers, and fewer tokens for the model that writes them.

    Example:
        reranker = Reranker.of(self, "cohere.rerank-v3-5:0")
        reranker.serve(handbook)
    """

    def __init__(self, *, model_id: str, arn: str, facts: bedrock.BedrockModel | None) -> None:
        self._model_id, self._arn, self._facts = model_id, arn, facts

    @classmethod
    def of(cls, scope: IConstruct, model_id: str, *, unlisted_reason: str | None = None) -> Self:
        """
        Return a reranker in the region of the stack of *scope*.

        Args:
            scope: Any construct of the stack; warnings about the model go there.
            model_id: Id of the model.
            unlisted_reason: Why an id that the catalog lacks is right. Default: such an id is refused.

        Raises:
            ModelError: The model reranks nothing, or is not in the catalog.
            RegionError: The region has no Bedrock.
        """
        facts = look_up(scope, model_id, unlisted_reason)
        if facts is not None and facts.mode != "rerank":
            listed = ", ".join(bedrock.ids(mode="rerank"))
            raise ModelError([f"model {model_id!r} reranks nothing: choose one of {listed}"])
        return cls(model_id=model_id, arn=foundation_model_arn(Stack.of(scope), model_id), facts=facts)

    @property
    def model_id(self) -> str:
        """Id of the model."""
        return self._model_id

    @property
    def arn(self) -> str:
        """ARN of the model."""
        return self._arn

    @property
    def price(self) -> bedrock.BedrockModel | None:
        """Dated price and limits; None for an unlisted model."""
        return self._facts

    def serve(self, knowledge_base: KnowledgeBase) -> None:
        """
        Let a knowledge base have its passages reranked, for every request that asks for it, as the chat's do.

        In Retrieve the service reranks with the role of the knowledge base; a caller needs nothing more.
        Amazon Bedrock user guide, "Permissions for reranking", read 2026-11-25.

        Args:
            knowledge_base: The knowledge base.
        """
        knowledge_base.allow_model(self._model_id)
        knowledge_base.role.add_to_policy(iam.PolicyStatement(actions=["bedrock:Rerank"], resources=["*"]))
        acknowledge(knowledge_base.role, "AwsSolutions-IAM5[Resource::*]", reason=_REASON)
        knowledge_base.reranking_model.become(self._arn)

    def grant_rerank(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* rerank texts of its own, without a knowledge base.

        The action Rerank has no resource in IAM; what holds it to this model is the second half of the grant.

        Args:
            grantee: Who may.
        """
        if isinstance(grantee, Construct):
            acknowledge(grantee, "AwsSolutions-IAM5[Resource::*]", reason=_REASON)
        model = iam.Grant.add_to_principal(grantee=grantee, actions=["bedrock:InvokeModel"], resource_arns=[self._arn])
        return model.combine(
            iam.Grant.add_to_principal(grantee=grantee, actions=["bedrock:Rerank"], resource_arns=["*"])
        )

    def configuration(self, *, results: int = 5) -> dict[str, object]:
        """
        Return what a Retrieve request says in `vectorSearchConfiguration.rerankingConfiguration`.

        Args:
            results: Passages to keep, 1 to 100; the search itself must ask for more.

        Raises:
            ModelError: The service would refuse the number.
        """
        if not 1 <= results <= MOST_RESULTS:
            raise ModelError([f"results is {results}: choose 1 to {MOST_RESULTS} passages"])
        return {
            "type": "BEDROCK_RERANKING_MODEL",
            "bedrockRerankingConfiguration": {
                "modelConfiguration": {"modelArn": self._arn},
                "numberOfRerankedResults": results,
            },
        }


_REASON = "Rerank has no resources in IAM; which model it may run is another statement, with that one model in it."
