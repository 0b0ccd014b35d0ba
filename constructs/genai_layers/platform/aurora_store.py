"""Aurora PostgreSQL with pgvector: passages beside the data that you have already."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from genai_layers.platform.embedding import EmbeddingModel
from genai_layers.platform.fingerprint import fingerprint
from genai_layers.platform.store_credentials import read_statements
from genai_layers.platform.vector_store import BoundStore, StorePlace

# pgvector indexes columns of up to 2,000 dimensions.
MAX_DIMENSIONS = 2000
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuroraStore:
    """
    A table in an Aurora cluster that stands already, reached through its Data API.

    The table is not made here, since a schema belongs to the migrations of its database: `statements_for` says
    what they must run. Bedrock refuses a knowledge base whose table lacks one of these indexes.

    Attributes:
        cluster_arn: ARN of the cluster; its Data API is on.
        secret: User name and password of the role that owns the table.
        secret_key: Key of the secret. Default: one that AWS owns.
        database: Database. Lower case letters, digits and underscores.
        table: Table, with its schema, such as `knowledge.passages`.
    """

    cluster_arn: str
    secret: secretsmanager.ISecret
    secret_key: kms.IKey | None = None
    database: str
    table: str

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
        parts = self.table.split(".")
        faults = [
            f"{name} {text!r} is no plain name: lower case letters, digits and underscores"
            for name, text in (("database", self.database), *(("table", part) for part in parts))
            if not _NAME.fullmatch(text)
        ]
        if len(parts) != 2:
            faults.append(f"table {self.table!r} has no schema: write it as knowledge.passages")
        if embedding.dimensions > MAX_DIMENSIONS:
            faults.append(
                f"{embedding.model_id} has {embedding.dimensions} dimensions, pgvector indexes up to {MAX_DIMENSIONS}: "
                "choose a shorter length"
            )
        return faults

    def statements_for(self, embedding: EmbeddingModel) -> tuple[str, ...]:
        """
        Return the SQL that makes the table and its indexes, safe to run again.

        Args:
            embedding: Model that makes the vectors.
        """
        schema, name = self.table.split(".")
        return (
            "CREATE EXTENSION IF NOT EXISTS vector",
            f"CREATE SCHEMA IF NOT EXISTS {schema}",
            f"CREATE TABLE IF NOT EXISTS {self.table} (id uuid PRIMARY KEY, embedding vector({embedding.dimensions}), "
            "chunks text, metadata json, custom_metadata jsonb)",
            f"CREATE INDEX IF NOT EXISTS {name}_embedding ON {self.table} USING hnsw (embedding vector_cosine_ops) "
            "WITH (ef_construction=256)",
            f"CREATE INDEX IF NOT EXISTS {name}_chunks ON {self.table} USING gin (to_tsvector('simple', chunks))",
            f"CREATE INDEX IF NOT EXISTS {name}_custom_metadata ON {self.table} USING gin (custom_metadata)",
        )

    def bind(self, scope: Construct, place: StorePlace) -> BoundStore:  # noqa: ARG002 - the table stands already
        """
        Let the knowledge base use the table.

        Args:
            scope: The construct that it belongs to.
            place: What the store is for.
        """
        statements = [
            iam.PolicyStatement(actions=["rds:DescribeDBClusters"], resources=[self.cluster_arn]),
            iam.PolicyStatement(
                actions=["rds-data:BatchExecuteStatement", "rds-data:ExecuteStatement"], resources=[self.cluster_arn]
            ),
            *read_statements(self.secret, self.secret_key),
        ]
        configuration = {
            "resourceArn": self.cluster_arn,
            "credentialsSecretArn": self.secret.secret_arn,
            "databaseName": self.database,
            "tableName": self.table,
            "fieldMapping": {
                "primaryKeyField": "id",
                "vectorField": "embedding",
                "textField": "chunks",
                "metadataField": "metadata",
                "customMetadataField": "custom_metadata",
            },
        }
        return BoundStore(
            configuration={"type": "RDS", "rdsConfiguration": configuration},
            statements=statements,
            fingerprint=fingerprint(scope, configuration),
            ready=[],
        )
