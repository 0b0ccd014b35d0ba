"""A table in Aurora: the indexes that the service demands, and the rights to use it."""

from __future__ import annotations

import re

import pytest
from aws_cdk import aws_kms as kms
from store_builders import aurora, made, one

from genai_layers import testing
from genai_layers.platform import (
    EmbeddingModel,
    KnowledgeBaseError,
)

pytestmark = pytest.mark.synth

CLUSTER = "arn:aws:rds:us-east-1:111122223333:cluster:knowledge"
SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:knowledge-AbCdEf"


def test_the_table_has_every_index_that_bedrock_demands():
    """The text is indexed by words, the vectors by neighbours and the metadata by key; running twice is safe."""
    statements = aurora(testing.stack()).statements_for(EmbeddingModel.TITAN_TEXT_V2)
    text = "\n".join(statements)

    assert all("IF NOT EXISTS" in statement for statement in statements)
    assert "vector(1024)" in text
    assert "USING hnsw (embedding vector_cosine_ops)" in text
    assert "USING gin (to_tsvector('simple', chunks))" in text
    assert "USING gin (custom_metadata)" in text


def test_the_fields_of_the_table_are_the_ones_that_the_knowledge_base_names():
    """Table and mapping are written apart, so they are compared."""
    stack = testing.stack()
    store = aurora(stack)
    made(stack, store)
    _, knowledge = one(testing.template(stack), "AWS::Bedrock::KnowledgeBase")
    mapping = knowledge["Properties"]["StorageConfiguration"]["RdsConfiguration"]["FieldMapping"]
    table = store.statements_for(EmbeddingModel.TITAN_TEXT_V2)[2]

    assert all(re.search(rf"[( ]{field} ", table) for field in mapping.values())


def test_the_role_may_use_the_cluster_and_its_secret_and_nothing_else(may):
    """Another cluster and another secret stay denied; the key of the secret comes along."""
    stack = testing.stack()
    key = "arn:aws:kms:us-east-1:111122223333:key/secret"
    made(stack, aurora(stack, secret_key=kms.Key.from_key_arn(stack, "SecretKey", key)))

    answers = may(
        testing.template(stack),
        "KnowledgeRole",
        ("rds-data:ExecuteStatement", CLUSTER, {}),
        ("secretsmanager:GetSecretValue", SECRET, {}),
        ("rds-data:ExecuteStatement", CLUSTER + "2", {}),
        ("rds:DeleteDBCluster", CLUSTER, {}),
        ("secretsmanager:GetSecretValue", SECRET.replace("knowledge-", "other-"), {}),
    )

    assert answers == [True, True, False, False, False]


def test_a_table_that_cannot_be_is_refused_with_all_its_faults():
    """Names that need quotes and vectors that cannot be indexed are one message."""
    stack = testing.stack()

    with pytest.raises(KnowledgeBaseError) as error:
        made(stack, aurora(stack, database="App", table="passages"), embedding=EmbeddingModel.NOVA_MULTIMODAL)

    assert len(error.value.faults) == 3
    assert "pgvector indexes up to 2000" in str(error.value)
