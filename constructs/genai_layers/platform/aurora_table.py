"""The table that Bedrock wants in PostgreSQL, with the indexes that it demands, and what it takes to use it."""

import re
from collections.abc import Sequence

from aws_cdk import aws_iam as iam

from genai_layers.platform.embedding import EmbeddingModel

# pgvector indexes columns of up to 2,000 dimensions.
MAX_DIMENSIONS = 2000
NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")

FIELD_MAPPING = {
    "primaryKeyField": "id",
    "vectorField": "embedding",
    "textField": "chunks",
    "metadataField": "metadata",
    "customMetadataField": "custom_metadata",
}


def dimension_faults(embedding: EmbeddingModel) -> list[str]:
    """
    Return why pgvector cannot index vectors of *embedding*.

    Args:
        embedding: Model that makes the vectors.
    """
    if embedding.dimensions <= MAX_DIMENSIONS:
        return []
    return [
        f"{embedding.model_id} has {embedding.dimensions} dimensions, pgvector indexes up to {MAX_DIMENSIONS}: "
        "choose a shorter length"
    ]


def table_statements(table: str, dimensions: int) -> tuple[str, ...]:
    """
    Return the SQL that makes the table and its indexes, safe to run again.

    Args:
        table: Table with its schema.
        dimensions: Length of the vectors.
    """
    schema, name = table.split(".")
    return (
        "CREATE EXTENSION IF NOT EXISTS vector",
        f"CREATE SCHEMA IF NOT EXISTS {schema}",
        f"CREATE TABLE IF NOT EXISTS {table} (id uuid PRIMARY KEY, embedding vector({dimensions}), "
        "chunks text, metadata json, custom_metadata jsonb)",
        f"CREATE INDEX IF NOT EXISTS {name}_embedding ON {table} USING hnsw (embedding vector_cosine_ops) "
        "WITH (ef_construction=256)",
        f"CREATE INDEX IF NOT EXISTS {name}_chunks ON {table} USING gin (to_tsvector('simple', chunks))",
        f"CREATE INDEX IF NOT EXISTS {name}_custom_metadata ON {table} USING gin (custom_metadata)",
    )


def data_api_statements(cluster_arn: str) -> Sequence[iam.PolicyStatement]:
    """
    Return what the role of a knowledge base needs to find and ask one cluster.

    Args:
        cluster_arn: The cluster.
    """
    return [
        iam.PolicyStatement(actions=["rds:DescribeDBClusters"], resources=[cluster_arn]),
        iam.PolicyStatement(
            actions=["rds-data:BatchExecuteStatement", "rds-data:ExecuteStatement"], resources=[cluster_arn]
        ),
    ]
