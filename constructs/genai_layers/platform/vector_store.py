"""Where the vectors of a knowledge base live, as a choice of one value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from aws_cdk import RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct, IDependable

from genai_layers.platform.embedding import EmbeddingModel


@dataclass(frozen=True, slots=True, kw_only=True)
class StorePlace:
    """
    What a store is made for.

    Attributes:
        key: Key of the vectors.
        embedding: Model that makes the vectors; fixes their dimensions.
        role: Role of the knowledge base, which reads and writes the vectors.
        removal_policy: What happens to the vectors when the stack goes.
    """

    key: kms.IKey
    embedding: EmbeddingModel
    role: iam.IRole
    removal_policy: RemovalPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundStore:
    """
    A store that stands in a stack.

    Attributes:
        configuration: `storageConfiguration` of the knowledge base.
        statements: What the role of the knowledge base may do with it.
        fingerprint: Digest of everything that replaces the store when it changes.
        ready: What must stand before a knowledge base can use the store.
        accepted: Findings that *statements* bring, each with the reason why it is safe. Default: none.
        enrichment: What every data source must say of its `contextEnrichmentConfiguration`. Default: nothing.
        reasons: Why something is relaxed, by name, for the metadata of the knowledge base. Default: nothing is.
        load: How much of its bound the store uses, in percent. Default: it has no bound of ours, or tells nothing.
        source_types: Kinds of source that the store takes. Default: all.
    """

    configuration: dict[str, object]
    statements: Sequence[iam.PolicyStatement]
    fingerprint: str
    ready: Sequence[IDependable]
    accepted: Mapping[str, str] = field(default_factory=dict)
    enrichment: Mapping[str, object] | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
    load: cloudwatch.Metric | None = None
    source_types: Sequence[str] = ()


class VectorStore(Protocol):
    """A kind of store; the knowledge base asks it to stand."""

    @property
    def features(self) -> Sequence[str]:
        """CloudFormation types that the region must have."""
        ...

    def faults(self, embedding: EmbeddingModel) -> list[str]:
        """Return why vectors of *embedding* cannot be kept here."""
        ...

    def bind(self, scope: Construct, place: StorePlace) -> BoundStore:
        """Make the store under *scope*."""
        ...
