"""Pinecone: an index of a vendor outside AWS, for those who have one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from genai_layers.platform.embedding import EmbeddingModel
from genai_layers.platform.fingerprint import fingerprint
from genai_layers.platform.store_credentials import outside_faults, read_statements
from genai_layers.platform.vector_store import BoundStore, StorePlace

TEXT_FIELD = "text"
METADATA_FIELD = "metadata"

# Pinecone documentation, "Limits" [C].
MAX_DIMENSIONS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PineconeStore:
    """
    An index at Pinecone, reached over the internet with TLS.

    Passages and vectors leave AWS and the reach of your keys; the removal policy does not reach them. The index
    stands already, as `index_body` says it.

    Attributes:
        endpoint: Address of the index, such as `https://handbook-abc123.svc.aped-4627-b74a.pinecone.io`.
        secret: Secret with the API key under `apiKey`.
        secret_key: Customer-managed key of the secret.
        outside_reason: Why text may be kept outside AWS; it is put into the metadata of the knowledge base.
        namespace: Part of the index. Default: the one without a name.
    """

    endpoint: str
    secret: secretsmanager.ISecret
    secret_key: kms.IKey
    outside_reason: str
    namespace: str | None = None

    @property
    def features(self) -> Sequence[str]:
        """CloudFormation types that the region must have."""
        return ()

    def faults(self, embedding: EmbeddingModel) -> list[str]:
        """
        Return why vectors of *embedding* cannot be kept here.

        Args:
            embedding: Model that makes the vectors.
        """
        faults = outside_faults(self.outside_reason)
        if not re.fullmatch(r"https://[a-z0-9-]+(\.[a-z0-9-]+)*\.pinecone\.io/?", self.endpoint):
            faults.append(f"endpoint {self.endpoint!r} is no address of an index: write https://NAME.svc.….pinecone.io")
        if self.namespace is not None and not self.namespace:
            faults.append("namespace is empty: leave it out for the one without a name")
        if embedding.dimensions > MAX_DIMENSIONS:
            faults.append(f"{embedding.model_id} has {embedding.dimensions} dimensions, allowed are {MAX_DIMENSIONS}")
        return faults

    def index_body(self, embedding: EmbeddingModel) -> dict[str, object]:
        """
        Return what the index must be made with.

        Args:
            embedding: Model that makes the vectors.
        """
        return {"dimension": embedding.dimensions, "metric": "cosine", "vector_type": "dense"}

    def bind(self, scope: Construct, place: StorePlace) -> BoundStore:
        """
        Let the knowledge base use the index.

        Args:
            scope: The construct that it belongs to.
            place: What the store is for.
        """
        configuration: dict[str, object] = {
            "connectionString": self.endpoint,
            "credentialsSecretArn": self.secret.secret_arn,
            "fieldMapping": {"textField": TEXT_FIELD, "metadataField": METADATA_FIELD},
        }
        if self.namespace is not None:
            configuration["namespace"] = self.namespace
        return BoundStore(
            configuration={"type": "PINECONE", "pineconeConfiguration": configuration},
            statements=read_statements(self.secret, self.secret_key),
            fingerprint=fingerprint(scope, {**configuration, "index": self.index_body(place.embedding)}),
            ready=[],
            reasons={"outside-aws": self.outside_reason},
        )
