"""What the application and the operations may know of the platform."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam

if TYPE_CHECKING:
    from genai_layers.catalog.bedrock import BedrockModel
    from genai_layers.platform.reranking_model import RerankingModel


@runtime_checkable
class IModel(Protocol):
    """Something that Converse can be asked to run."""

    @property
    def model_id(self) -> str:
        """What a request names as its `modelId`."""
        ...

    @property
    def arns(self) -> Sequence[str]:
        """Resources that a request is authorized against, the one it names first."""
        ...

    @property
    def price(self) -> BedrockModel | None:
        """Dated price and limits from the catalog; None where the catalog knows none."""
        ...

    def grant_invoke(self, grantee: iam.IGrantable, guardrail: IGuardrail | None = None) -> iam.Grant:
        """Let *grantee* run the model; with *guardrail*, only in requests that name it."""
        ...

    def metric(self, name: str) -> cloudwatch.Metric:
        """Return a metric of namespace `AWS/Bedrock` for this model."""
        ...


@runtime_checkable
class IGuardrail(Protocol):
    """A guardrail that requests can name."""

    @property
    def guardrail_id(self) -> str:
        """Identifier for `guardrailConfig`."""
        ...

    @property
    def guardrail_arn(self) -> str:
        """ARN without a version."""
        ...

    @property
    def version(self) -> str:
        """Numbered version for `guardrailConfig`."""
        ...

    @property
    def revision(self) -> str:
        """
        Plain text that is another whenever `version` will be.

        A reference to another stack reads the same after the version has changed, so a stack that uses it would
        not be deployed again. Whoever names the version keeps this beside it.
        """
        ...

    def grant_apply(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let *grantee* use the guardrail, in a request or by itself."""
        ...


@runtime_checkable
class IKnowledgeBase(Protocol):
    """A knowledge base that can be asked."""

    @property
    def knowledge_base_id(self) -> str:
        """Identifier for Retrieve."""
        ...

    @property
    def knowledge_base_arn(self) -> str:
        """ARN of the knowledge base."""
        ...

    def grant_retrieve(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let *grantee* retrieve passages."""
        ...


@runtime_checkable
class IRerankedKnowledgeBase(IKnowledgeBase, Protocol):
    """A knowledge base whose passages a model may put into a better order."""

    @property
    def reranking_model(self) -> RerankingModel:
        """The model, or none."""
        ...
