"""Amazon S3 Vectors: the store without an idle cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3vectors as s3vectors
from constructs import Construct

from genai_layers.platform.embedding import EmbeddingModel
from genai_layers.platform.fingerprint import fingerprint
from genai_layers.platform.vector_store import BoundStore, StorePlace

MAX_DIMENSIONS = 4096

# Bedrock writes the text and the metadata of a passage under these keys. A filterable key holds 2 KB at most,
# so a passage of ordinary length is refused unless both are declared here; an index cannot be changed later.
NON_FILTERABLE_KEYS = ("AMAZON_BEDROCK_METADATA", "AMAZON_BEDROCK_TEXT")

_INDEX_ACTIONS = (
    "s3vectors:DeleteVectors",
    "s3vectors:GetIndex",
    "s3vectors:GetVectors",
    "s3vectors:PutVectors",
    "s3vectors:QueryVectors",
)


class Distance(StrEnum):
    """How alike two vectors are measured to be."""

    COSINE = "cosine"
    EUCLIDEAN = "euclidean"


@dataclass(frozen=True, slots=True, kw_only=True)
class S3VectorsStore:
    """
    A vector bucket and an index of its own, encrypted with the key of the knowledge base.

    Attributes:
        distance: How alike vectors are measured to be. Default: cosine, which all text embeddings suit.
    """

    distance: Distance = Distance.COSINE

    @property
    def features(self) -> Sequence[str]:
        """CloudFormation types that the region must have."""
        return ("AWS::S3Vectors::VectorBucket", "AWS::S3Vectors::Index")

    def faults(self, embedding: EmbeddingModel) -> list[str]:
        """
        Return why vectors of *embedding* cannot be kept here.

        Args:
            embedding: Model that makes the vectors.
        """
        if embedding.dimensions <= MAX_DIMENSIONS:
            return []
        return [f"{embedding.model_id} has {embedding.dimensions} dimensions, S3 Vectors takes {MAX_DIMENSIONS}"]

    def bind(self, scope: Construct, place: StorePlace) -> BoundStore:
        """
        Make the bucket and the index under *scope*.

        Args:
            scope: The construct that they belong to.
            place: What the store is made for.
        """
        encryption = {"sseType": "aws:kms", "kmsKeyArn": place.key.key_arn}
        index_settings = {
            "data_type": "float32",
            "dimension": place.embedding.dimensions,
            "distance_metric": self.distance.value,
            "metadata_configuration": {"nonFilterableMetadataKeys": list(NON_FILTERABLE_KEYS)},
        }
        # Neither is named, so that CloudFormation can replace them: every property of both is create-only.
        bucket = s3vectors.CfnVectorBucket(scope, "VectorBucket", encryption_configuration=encryption)
        bucket.apply_removal_policy(place.removal_policy)
        index = s3vectors.CfnIndex(
            scope,
            "VectorIndex",
            vector_bucket_arn=bucket.attr_vector_bucket_arn,
            **index_settings,  # type: ignore[arg-type]  # plain dictionaries are what the L1 takes
        )
        index.apply_removal_policy(place.removal_policy)
        return BoundStore(
            configuration={
                "type": "S3_VECTORS",
                "s3VectorsConfiguration": {"indexArn": index.attr_index_arn},
            },
            statements=[
                iam.PolicyStatement(
                    actions=list(_INDEX_ACTIONS),
                    resources=[index.attr_index_arn],
                    conditions={"StringEquals": {"aws:ResourceAccount": Aws.ACCOUNT_ID}},
                )
            ],
            fingerprint=fingerprint(scope, {"bucket": encryption, "index": index_settings}),
            ready=[index],
        )
