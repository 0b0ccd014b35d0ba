"""What the jobs know of the things that they work on."""

from typing import Protocol, runtime_checkable

from aws_cdk import aws_s3 as s3


@runtime_checkable
class IIngestible(Protocol):
    """A knowledge base with one source of documents, or of what tables there are."""

    @property
    def knowledge_base_id(self) -> str:
        """Identifier of the knowledge base."""
        ...

    @property
    def knowledge_base_arn(self) -> str:
        """ARN of the knowledge base."""
        ...

    @property
    def data_source_id(self) -> str:
        """Identifier of the data source."""
        ...

    @property
    def documents(self) -> s3.IBucket | None:
        """Where the documents are put, with its events in EventBridge; None where nothing tells of changes."""
        ...
