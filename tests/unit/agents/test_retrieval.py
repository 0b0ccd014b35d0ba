"""Passages in a better order, and documents that only one tenant may find."""

from __future__ import annotations

import json

import pytest
from agent_builders import key_of
from agent_policies import ask
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from genai_layers import testing
from genai_layers.foundation.nag import attach_checks, synthesize
from genai_layers.platform import KnowledgeBase, KnowledgeBaseError, ModelError, Reranker, TenantMetadata
from genai_layers.runtime.chat import bedrock as chat

pytestmark = pytest.mark.synth

COHERE = "cohere.rerank-v3-5:0"
ARN = f"arn:aws:bedrock:us-east-1::foundation-model/{COHERE}"


def knowing(stack) -> KnowledgeBase:
    """Return a knowledge base."""
    return KnowledgeBase(stack, "Handbook", key=key_of(stack).key, access_logs=None)


def test_the_service_reranks_with_the_role_of_the_knowledge_base_and_one_model():
    """In Retrieve the caller needs nothing more, and no other model comes with it."""
    stack = testing.stack()
    Reranker.of(stack, COHERE).serve(knowing(stack))

    answers = ask(
        testing.template(stack),
        "HandbookRole",
        ("bedrock:Rerank", "*"),
        ("bedrock:InvokeModel", ARN),
        ("bedrock:InvokeModel", ARN.replace(COHERE, "amazon.rerank-v1:0")),
    )

    assert answers == [True, True, False]


def test_a_knowledge_base_with_a_reranker_is_clean_under_every_check():
    """The wildcard of Rerank is accepted where it is made, with its reason."""
    app = testing.app()
    attach_checks(app, packs=("AwsSolutions",))
    stack = testing.stack(app)
    logs = log_bucket(stack)
    Reranker.of(stack, COHERE).serve(KnowledgeBase(stack, "Handbook", key=key_of(stack).key, access_logs=logs))

    synthesize(app)


def log_bucket(stack):
    """Return a bucket for access logs that the app did not make."""
    return s3.Bucket.from_bucket_name(stack, "Logs", "logs")


def test_a_caller_may_rerank_texts_of_its_own():
    """Rerank has no resource; the model is what holds the grant to one."""
    stack = testing.stack()
    caller = iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    Reranker.of(stack, COHERE).grant_rerank(caller)

    assert ask(testing.template(stack), "Caller", ("bedrock:Rerank", "*"), ("bedrock:InvokeModel", ARN)) == [True, True]


def test_a_request_names_the_model_and_how_many_passages_to_keep():
    """As the API takes it."""
    reranker = Reranker.of(testing.stack(), COHERE)

    said = reranker.configuration(results=3)

    assert said["bedrockRerankingConfiguration"]["numberOfRerankedResults"] == 3
    with pytest.raises(ModelError, match="results is 0: choose 1 to 100 passages"):
        reranker.configuration(results=0)


def test_a_model_that_reranks_nothing_is_refused_with_those_that_do():
    """The service would say so with the first question."""
    with pytest.raises(ModelError, match=r"reranks nothing: choose one of .*cohere\.rerank-v3-5:0"):
        Reranker.of(testing.stack(), "amazon.nova-lite-v1:0")


def test_the_filter_of_a_tenant_finds_what_was_put_under_it():
    """What is written beside a document and what the chat asks for are the same key and value."""
    metadata = TenantMetadata(tenant="acme", others={"year": 2026})

    stored = json.loads(metadata.sidecar())["metadataAttributes"]
    asked = metadata.filter()["equals"]

    assert stored == {"tenant": "acme", "year": 2026}
    assert stored[asked["key"]] == asked["value"]
    assert TenantMetadata.sidecar_key("acme/handbook.pdf") == "acme/handbook.pdf.metadata.json"


def test_the_chat_of_this_library_asks_with_the_same_filter():
    """Two places that spell one key differently would show everybody's documents, or nobody's."""

    class Settings:
        passages, knowledge_base_id, reranking_model_arn = 5, "BASE123456", None

    request = chat.retrieve_request(Settings(), "question", "acme")

    search = request["retrievalConfiguration"]["vectorSearchConfiguration"]
    assert search["filter"] == TenantMetadata(tenant="acme").filter()


def test_the_chat_of_this_library_asks_for_the_order_that_the_knowledge_base_has():
    """What the function sends is what `Reranker.configuration` says, and the search finds more than is kept."""
    reranker = Reranker.of(testing.stack(), COHERE)

    class Settings:
        passages, knowledge_base_id, reranking_model_arn = 5, "BASE123456", reranker.arn

    search = chat.retrieve_request(Settings(), "question", None)["retrievalConfiguration"]["vectorSearchConfiguration"]

    stated = testing.stack().resolve(reranker.configuration(results=5))
    assert search["rerankingConfiguration"] == stated
    assert search["numberOfResults"] > 5


def test_a_knowledge_base_has_one_order():
    """A second model would take the place of the first one without anybody noticing."""
    stack = testing.stack()
    handbook = knowing(stack)
    Reranker.of(stack, COHERE).serve(handbook)

    with pytest.raises(KnowledgeBaseError, match="puts the passages into order already"):
        Reranker.of(stack, "amazon.rerank-v1:0").serve(handbook)


def test_every_fault_of_metadata_is_told_at_once():
    """No tenant, a key that is taken, one that the service keeps, and more than an index can filter by."""
    with pytest.raises(KnowledgeBaseError) as raised:
        TenantMetadata(tenant=" ", others={"tenant": "x", "AMAZON_BEDROCK_TEXT": "y", "note": "z" * 3000})

    assert len(raised.value.faults) == 4
