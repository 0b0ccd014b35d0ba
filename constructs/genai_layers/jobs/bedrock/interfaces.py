"""What the Bedrock jobs know of models and knowledge bases."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from aws_cdk import aws_iam as iam


@runtime_checkable
class IRunnableModel(Protocol):
    """A model that a job can have run: a foundation model or an inference profile."""

    @property
    def model_id(self) -> str:
        """What a job names it by."""
        ...

    @property
    def arns(self) -> Sequence[str]:
        """Resources that a request is authorized against."""
        ...

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let *grantee* run the model."""
        ...


@runtime_checkable
class ISearchable(Protocol):
    """A knowledge base that a job can ask."""

    @property
    def knowledge_base_id(self) -> str:
        """Identifier of the knowledge base."""
        ...

    @property
    def knowledge_base_arn(self) -> str:
        """ARN of the knowledge base."""
        ...

    def grant_retrieve(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let *grantee* retrieve passages."""
        ...
