"""The knowledge base under change: what is replaced under a new name, what stays, and what is refused."""

from __future__ import annotations

import re

import pytest
from aws_cdk import RemovalPolicy
from aws_cdk import aws_iam as iam
from knowledge_builders import made, names, one

from genai_layers import testing
from genai_layers.catalog.errors import RegionError
from genai_layers.foundation import EncryptionKey
from genai_layers.platform import (
    Chunking,
    Distance,
    EmbeddingModel,
    KnowledgeBase,
    KnowledgeBaseError,
    S3VectorsStore,
)

pytestmark = pytest.mark.synth


@pytest.fixture(scope="module")
def template():
    """Return a template with one knowledge base and two roles that use it."""
    stack = testing.stack()
    knowledge = made(stack)
    reader = iam.Role(stack, "Reader", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    worker = iam.Role(stack, "Worker", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    knowledge.grant_retrieve(reader)
    knowledge.grant_ingest(worker)
    return testing.template(stack)


def test_nothing_that_can_be_replaced_has_a_fixed_name(template):
    """Bucket and index are named by CloudFormation; knowledge base and source must be named, and fit the pattern."""
    assert "VectorBucketName" not in one(template, "AWS::S3Vectors::VectorBucket")[1]["Properties"]
    assert "IndexName" not in one(template, "AWS::S3Vectors::Index")[1]["Properties"]
    assert all(re.fullmatch(r"([0-9a-zA-Z][_-]?){1,100}", name) for name in names())


def test_names_stay_when_what_can_be_updated_changes():
    """The same create-only properties give the same names, in any stack, on any machine."""
    assert names() == names() == names(description="Another text", removal_policy=RemovalPolicy.DESTROY)


@pytest.mark.parametrize(
    "change",
    [
        {"embedding": EmbeddingModel.TITAN_TEXT_V2_SMALL},
        {"embedding": EmbeddingModel.COHERE_V4},
        {"store": S3VectorsStore(distance=Distance.EUCLIDEAN)},
    ],
    ids=["dimensions", "model", "distance"],
)
def test_the_name_of_the_knowledge_base_moves_with_what_replaces_it(change):
    """A replacement under the same name would fail with a conflict, since the old one goes last."""
    assert names(**change)[0] != names()[0]


def test_the_name_of_the_source_moves_with_the_chunking_alone():
    """Only the source is replaced when documents are cut in another way."""
    knowledge, source = names(chunking=Chunking.semantic())

    assert knowledge == names()[0]
    assert source != names()[1]


def test_another_key_of_the_store_moves_the_name_too():
    """The encryption of a vector bucket is create-only, so the key belongs to what replaces the store."""
    stack = testing.stack()
    other = EncryptionKey(stack, "Other", description="other", uses=KnowledgeBase.REQUIRED_KEY_USES)
    made(stack, key=other.key)
    (knowledge,) = testing.resources(testing.template(stack), "AWS::Bedrock::KnowledgeBase").values()

    assert knowledge["Properties"]["Name"] != names()[0]


def test_data_is_kept_unless_the_stack_says_otherwise(template):
    """Documents and vectors outlive the stack by default, and go with it where that is asked for."""
    stack = testing.stack()
    made(stack, removal_policy=RemovalPolicy.DESTROY)
    throwaway = testing.template(stack)

    for kind in ("AWS::S3::Bucket", "AWS::S3Vectors::VectorBucket", "AWS::S3Vectors::Index"):
        assert one(template, kind)[1]["DeletionPolicy"] == "Retain"
        assert one(throwaway, kind)[1]["DeletionPolicy"] == "Delete"


def test_dimensions_are_checked_against_the_model():
    """An index of another length than the vectors would refuse every one of them."""
    with pytest.raises(KnowledgeBaseError, match="makes no vectors of 768 dimensions: choose 1024, 512, 256"):
        EmbeddingModel.of("amazon.titan-embed-text-v2:0", 768)
    with pytest.raises(KnowledgeBaseError, match="is a chat model and makes no vectors"):
        EmbeddingModel.of("amazon.nova-lite-v1:0")
    with pytest.raises(KnowledgeBaseError, match="is not in the catalog"):
        EmbeddingModel.of("amazon.titan-embed-text-v9:0")


def test_the_index_has_the_dimensions_of_the_model():
    """Model, knowledge base and index say the same number."""
    stack = testing.stack()
    made(stack, embedding=EmbeddingModel.TITAN_TEXT_V2_SMALL)
    template = testing.template(stack)
    configuration = one(template, "AWS::Bedrock::KnowledgeBase")[1]["Properties"]["KnowledgeBaseConfiguration"]
    vectors = configuration["VectorKnowledgeBaseConfiguration"]["EmbeddingModelConfiguration"]

    assert vectors["BedrockEmbeddingModelConfiguration"]["Dimensions"] == 256
    assert one(template, "AWS::S3Vectors::Index")[1]["Properties"]["Dimension"] == 256


@pytest.mark.parametrize(
    ("chunking", "message"),
    [
        (
            Chunking.fixed(max_tokens=0, overlap_percent=100),
            "max_tokens is 0.*overlap_percent is 100, allowed are 1 to 99",
        ),
        (Chunking.hierarchical(parent_tokens=9000), "parent_tokens is 9000, allowed are 1 to 8192"),
        (Chunking.hierarchical(parent_tokens=300), "child_tokens 300 is not less than parent_tokens 300"),
        (Chunking.hierarchical(overlap_tokens=300), "overlap_tokens 300 is not less than child_tokens 300"),
        (Chunking.semantic(buffer_sentences=2), "buffer_sentences is 2, allowed are 0 to 1"),
        (Chunking.semantic(breakpoint_percentile=40), "breakpoint_percentile is 40, allowed are 50 to 99"),
    ],
)
def test_refuses_chunking_that_the_service_would_refuse(chunking, message):
    """Each limit is named with the value and what is allowed."""
    with pytest.raises(KnowledgeBaseError, match=message):
        made(testing.stack(), chunking=chunking)


def test_a_region_without_knowledge_bases_is_refused():
    """The message names what is missing and where it is."""
    with pytest.raises(RegionError, match="region 'cn-north-1' lacks AWS::Bedrock::KnowledgeBase"):
        made(testing.stack(region="cn-north-1"))
