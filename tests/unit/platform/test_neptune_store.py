"""A graph of Neptune Analytics: its size and key, who may use it, and who finds the entities in it."""

from __future__ import annotations

import pytest
from aws_cdk import RemovalPolicy
from store_builders import made, neptune, one

from genai_layers import testing
from genai_layers.platform import EmbeddingModel, KnowledgeBaseError, WebSource

pytestmark = pytest.mark.synth

SMALL = EmbeddingModel.TITAN_TEXT_V2_SMALL
GRAPH = "arn:aws:neptune-graph:us-east-1:111122223333:graph/g-abcde12345"
NOVA = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"


def test_a_graph_has_the_dimensions_of_the_model_and_our_key():
    """The number is create-only in the graph, so it moves the name of the knowledge base too."""
    stack = testing.stack()
    made(stack, neptune(stack), embedding=SMALL)
    template = testing.template(stack)
    _, graph = one(template, "AWS::NeptuneGraph::Graph")
    key, _ = one(template, "AWS::KMS::Key")

    assert graph["Properties"]["VectorSearchConfiguration"] == {"VectorSearchDimension": 256}
    assert graph["Properties"]["KmsKeyIdentifier"] == {"Fn::GetAtt": [key, "Arn"]}
    assert graph["Properties"]["DeletionProtection"] is True
    assert graph["DeletionPolicy"] == "Retain"
    assert "GraphName" not in graph["Properties"]


def test_a_throwaway_graph_goes_with_the_stack():
    """The protection would make the stack impossible to delete."""
    stack = testing.stack()
    made(stack, neptune(stack), removal_policy=RemovalPolicy.DESTROY)
    _, graph = one(testing.template(stack), "AWS::NeptuneGraph::Graph")

    assert (graph["Properties"]["DeletionProtection"], graph["DeletionPolicy"]) == (False, "Delete")


def test_the_sources_of_a_graph_say_who_finds_the_entities():
    """Without it the service builds no graph; and it takes documents from buckets alone."""
    stack = testing.stack()
    base = made(stack, neptune(stack))
    _, source = one(testing.template(stack), "AWS::Bedrock::DataSource")
    enrichment = source["Properties"]["VectorIngestionConfiguration"]["ContextEnrichmentConfiguration"]

    assert enrichment["Type"] == "BEDROCK_FOUNDATION_MODEL"
    configuration = enrichment["BedrockFoundationModelConfiguration"]
    assert configuration["EnrichmentStrategyConfiguration"] == {"Method": "CHUNK_ENTITY_EXTRACTION"}
    assert "amazon.nova-lite-v1:0" in str(configuration["ModelArn"])
    with pytest.raises(KnowledgeBaseError, match="takes no source of type WEB: choose S3"):
        base.add_source("Web", WebSource(seed_urls=["https://example.com"]))


def test_a_graph_of_impossible_size_is_refused_with_all_its_faults():
    """Both limits are those of the service."""
    stack = testing.stack()

    with pytest.raises(KnowledgeBaseError, match="memory_units is 8, allowed are 16 to 24576; replicas is 3"):
        made(stack, neptune(stack, memory_units=8, replicas=3))


def test_the_role_may_read_and_write_one_graph_and_run_the_model_that_fills_it(may):
    """Another graph stays denied, and so do its settings, and models that nobody named."""
    stack = testing.stack()
    made(stack, neptune(stack))
    template = testing.template(stack)
    logical_id, _ = one(template, "AWS::NeptuneGraph::Graph")

    answers = may(
        template,
        "KnowledgeRole",
        ("neptune-graph:ReadDataViaQuery", GRAPH, {}),
        ("neptune-graph:WriteDataViaQuery", GRAPH, {}),
        ("neptune-graph:GetGraph", GRAPH, {}),
        ("bedrock:InvokeModel", NOVA, {}),
        ("neptune-graph:ReadDataViaQuery", GRAPH.replace("abcde", "other"), {}),
        ("neptune-graph:DeleteGraph", GRAPH, {}),
        ("bedrock:InvokeModel", NOVA.replace("lite", "pro"), {}),
        known={f"{logical_id}.GraphArn": GRAPH},
    )

    assert answers == [True] * 4 + [False] * 3
