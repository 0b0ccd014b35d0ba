"""What is evaluated, as one value each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from aws_cdk import aws_iam as iam

from genai_layers.foundation.nag import acknowledge
from genai_layers.jobs.bedrock.interfaces import IRunnableModel, ISearchable
from genai_layers.jobs.bedrock.metrics import OF_ANSWERS, OF_RETRIEVAL, OF_RETRIEVED_ANSWERS
from genai_layers.jobs.bedrock.service_role import JobRole


class Subject(Protocol):
    """What is evaluated."""

    @property
    def application(self) -> str:
        """Kind, in the words of the service."""
        ...

    @property
    def judged_metrics(self) -> frozenset[str]:
        """What a judge can say of it."""
        ...

    @property
    def arns(self) -> Sequence[str]:
        """Models that the evaluation runs."""
        ...

    def render(self) -> Mapping[str, object]:
        """Return it as the service wants it."""
        ...

    def permit(self, role: JobRole) -> None:
        """Let the evaluation run it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAnswers:
    """
    The answers of a model to the prompts of the dataset.

    Attributes:
        model: The model.
    """

    model: IRunnableModel
    application: ClassVar[str] = "ModelEvaluation"
    judged_metrics: ClassVar[frozenset[str]] = OF_ANSWERS

    @property
    def arns(self) -> Sequence[str]:
        """Models that the evaluation runs."""
        return self.model.arns

    def render(self) -> Mapping[str, object]:
        """Return it as the service wants it."""
        return {"Models": [{"BedrockModel": {"ModelIdentifier": self.model.model_id}}]}

    def permit(self, role: JobRole) -> None:
        """Let the evaluation run the model."""
        self.model.grant_invoke(role)
        role.permit_batches(self.model.arns)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswers:
    """
    Answers that stand in the dataset already: of an agent, of our chat, of a model elsewhere.

    Attributes:
        source: Name of what gave them, as `modelIdentifier` in the dataset.
    """

    source: str
    application: ClassVar[str] = "ModelEvaluation"
    judged_metrics: ClassVar[frozenset[str]] = OF_ANSWERS
    arns: ClassVar[Sequence[str]] = ()

    def render(self) -> Mapping[str, object]:
        """Return it as the service wants it."""
        return {"Models": [{"PrecomputedInferenceSource": {"InferenceSourceIdentifier": self.source}}]}

    def permit(self, role: JobRole) -> None:
        """Do nothing: nothing is run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievedPassages:
    """
    The passages that a knowledge base finds.

    Attributes:
        knowledge_base: The knowledge base.
        results: Passages per question, 1 to 100. Default: five.
    """

    knowledge_base: ISearchable
    results: int = 5
    application: ClassVar[str] = "RagEvaluation"
    judged_metrics: ClassVar[frozenset[str]] = OF_RETRIEVAL
    arns: ClassVar[Sequence[str]] = ()

    def render(self) -> Mapping[str, object]:
        """Return it as the service wants it."""
        retrieve = {
            "KnowledgeBaseId": self.knowledge_base.knowledge_base_id,
            "KnowledgeBaseRetrievalConfiguration": _search(self.results),
        }
        return {"RagConfigs": [{"KnowledgeBaseConfig": {"RetrieveConfig": retrieve}}]}

    def permit(self, role: JobRole) -> None:
        """Let the evaluation search."""
        self.knowledge_base.grant_retrieve(role)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievedAnswers:
    """
    The answers that a model gives from what a knowledge base finds.

    Attributes:
        knowledge_base: The knowledge base.
        model: The model that answers.
        results: Passages per question, 1 to 100. Default: five.
    """

    knowledge_base: ISearchable
    model: IRunnableModel
    results: int = 5
    application: ClassVar[str] = "RagEvaluation"
    judged_metrics: ClassVar[frozenset[str]] = OF_RETRIEVED_ANSWERS

    @property
    def arns(self) -> Sequence[str]:
        """Models that the evaluation runs."""
        return self.model.arns

    def render(self) -> Mapping[str, object]:
        """Return it as the service wants it."""
        generate = {
            "Type": "KNOWLEDGE_BASE",
            "KnowledgeBaseConfiguration": {
                "KnowledgeBaseId": self.knowledge_base.knowledge_base_id,
                "ModelArn": self.model.arns[0],
                "RetrievalConfiguration": _search(self.results),
            },
        }
        return {"RagConfigs": [{"KnowledgeBaseConfig": {"RetrieveAndGenerateConfig": generate}}]}

    def permit(self, role: JobRole) -> None:
        """Let the evaluation search and answer."""
        self.knowledge_base.grant_retrieve(role)
        self.model.grant_invoke(role)
        role.add_to_policy(iam.PolicyStatement(actions=["bedrock:RetrieveAndGenerate"], resources=["*"]))
        acknowledge(
            role,
            "AwsSolutions-IAM5[Resource::*]",
            reason="RetrieveAndGenerate has no resource in IAM; the knowledge base and the model that it uses are "
            "granted one by one.",
        )


def _search(results: int) -> dict[str, object]:
    return {"VectorSearchConfiguration": {"NumberOfResults": results}}
