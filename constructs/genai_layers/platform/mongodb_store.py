"""MongoDB Atlas: a collection of a vendor outside AWS, reached over PrivateLink."""

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

VECTOR_FIELD = "embedding"
TEXT_FIELD = "AMAZON_BEDROCK_TEXT_CHUNK"
METADATA_FIELD = "AMAZON_BEDROCK_METADATA"

# MongoDB Atlas documentation, "How to Index Fields for Vector Search" [C].
MAX_DIMENSIONS = 8192
_MAX_NAME_CHARACTERS = 63
# botocore 1.44.8, CreateKnowledgeBase, and the CloudFormation schema, 2026-11-25.
_SERVICE = re.compile(r"com\.amazonaws\.vpce\.[a-z0-9-]+\.vpce-svc-[0-9a-f]{8,17}")
_ENDPOINT = re.compile(r"[a-zA-Z0-9_-]+\.[a-zA-Z0-9_-]+\.mongodb\.net")


@dataclass(frozen=True, slots=True, kw_only=True)
class MongoDbAtlasStore:
    """
    A collection in MongoDB Atlas that stands already, with the search index that `index_body` says.

    Passages and vectors leave AWS and the reach of your keys; the removal policy does not reach them. Bedrock comes
    through the endpoint service in front of the cluster, and never over the internet.

    Attributes:
        endpoint: Host name of the cluster, such as `handbook.abc12.mongodb.net`.
        endpoint_service_name: Endpoint service of this account that leads to it, `com.amazonaws.vpce.…`.
        database: Database.
        collection: Collection.
        vector_index: Name of its vector search index.
        secret: Secret with `username` and `password`.
        secret_key: Customer-managed key of the secret.
        outside_reason: Why text may be kept outside AWS; it is put into the metadata of the knowledge base.
        text_index: Name of a text search index, for hybrid search. Default: search by vectors alone.
        filterable: Keys of metadata that searches filter by, such as `tenant`; they are part of the index.
    """

    endpoint: str
    endpoint_service_name: str
    database: str
    collection: str
    vector_index: str
    secret: secretsmanager.ISecret
    secret_key: kms.IKey
    outside_reason: str
    text_index: str | None = None
    filterable: Sequence[str] = ()

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
        if not _ENDPOINT.fullmatch(self.endpoint):
            faults.append(f"endpoint {self.endpoint!r} is no host of Atlas: write NAME.CLUSTER.mongodb.net")
        if not _SERVICE.fullmatch(self.endpoint_service_name):
            faults.append(
                f"endpoint_service_name {self.endpoint_service_name!r} is no endpoint service: write "
                "com.amazonaws.vpce.REGION.vpce-svc-ID"
            )
        faults += [
            f"{name} has {len(text)} characters, allowed are 1 to {_MAX_NAME_CHARACTERS}"
            for name, text in (("database", self.database), ("collection", self.collection))
            if not 1 <= len(text) <= _MAX_NAME_CHARACTERS
        ]
        if embedding.dimensions > MAX_DIMENSIONS:
            faults.append(f"{embedding.model_id} has {embedding.dimensions} dimensions, allowed are {MAX_DIMENSIONS}")
        return faults

    def index_body(self, embedding: EmbeddingModel) -> dict[str, object]:
        """
        Return what the vector search index must be made with.

        Args:
            embedding: Model that makes the vectors.
        """
        vector = {
            "type": "vector",
            "path": VECTOR_FIELD,
            "numDimensions": embedding.dimensions,
            "similarity": "cosine",
        }
        # Bedrock filters on these in every query, so that one collection can serve several data sources [C].
        filters = [METADATA_FIELD, "x-amz-bedrock-kb-document-page-number", *self.filterable]
        return {"fields": [vector, *({"type": "filter", "path": path} for path in filters)]}

    def bind(self, scope: Construct, place: StorePlace) -> BoundStore:
        """
        Let the knowledge base use the collection.

        Args:
            scope: The construct that it belongs to.
            place: What the store is for.
        """
        configuration: dict[str, object] = {
            "endpoint": self.endpoint,
            "endpointServiceName": self.endpoint_service_name,
            "databaseName": self.database,
            "collectionName": self.collection,
            "vectorIndexName": self.vector_index,
            "credentialsSecretArn": self.secret.secret_arn,
            "fieldMapping": {
                "vectorField": VECTOR_FIELD,
                "textField": TEXT_FIELD,
                "metadataField": METADATA_FIELD,
            },
        }
        if self.text_index is not None:
            configuration["textIndexName"] = self.text_index
        return BoundStore(
            configuration={"type": "MONGO_DB_ATLAS", "mongoDbAtlasConfiguration": configuration},
            statements=read_statements(self.secret, self.secret_key),
            fingerprint=fingerprint(scope, {**configuration, "index": self.index_body(place.embedding)}),
            ready=[],
            reasons={"outside-aws": self.outside_reason},
        )
