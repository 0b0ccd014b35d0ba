"""Aurora PostgreSQL with pgvector: passages beside the data that you have already."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from genai_layers.platform.aurora_table import (
    FIELD_MAPPING,
    NAME,
    data_api_statements,
    dimension_faults,
    table_statements,
)
from genai_layers.platform.embedding import EmbeddingModel
from genai_layers.platform.fingerprint import fingerprint
from genai_layers.platform.store_credentials import read_statements
from genai_layers.platform.vector_store import BoundStore, StorePlace


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
            if not NAME.fullmatch(text)
        ]
        if len(parts) != 2:
            faults.append(f"table {self.table!r} has no schema: write it as knowledge.passages")
        return faults + dimension_faults(embedding)

    def statements_for(self, embedding: EmbeddingModel) -> tuple[str, ...]:
        """
        Return the SQL that makes the table and its indexes, safe to run again.

        Args:
            embedding: Model that makes the vectors.
        """
        return table_statements(self.table, embedding.dimensions)

    def bind(self, scope: Construct, place: StorePlace) -> BoundStore:  # noqa: ARG002 - the table stands already
        """
        Let the knowledge base use the table.

        Args:
            scope: The construct that it belongs to.
            place: What the store is for.
        """
        statements = [
            *data_api_statements(self.cluster_arn),
            *read_statements(self.secret, self.secret_key),
        ]
        configuration = {
            "resourceArn": self.cluster_arn,
            "credentialsSecretArn": self.secret.secret_arn,
            "databaseName": self.database,
            "tableName": self.table,
            "fieldMapping": FIELD_MAPPING,
        }
        return BoundStore(
            configuration={"type": "RDS", "rdsConfiguration": configuration},
            statements=statements,
            fingerprint=fingerprint(scope, configuration),
            ready=[],
        )
