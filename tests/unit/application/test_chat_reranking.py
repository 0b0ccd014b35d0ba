"""A knowledge base that has an order of its own is asked for it by the chat."""

from __future__ import annotations

import pytest
from conftest import make_estate

from genai_layers import testing
from genai_layers.platform import Reranker
from genai_layers.runtime.chat import bedrock, settings
from genai_layers.runtime.shared.env import Environment

pytestmark = pytest.mark.synth

MODEL = "cohere.rerank-v3-5:0"


def variables(*, serves: bool) -> dict[str, object]:
    """Return the variables of a chat whose knowledge base is given a reranker after the chat was made."""
    estate = make_estate()
    estate.chat()
    if serves:
        Reranker.of(estate.stack, MODEL).serve(estate.knowledge)
    functions = testing.resources(testing.template(estate.stack), "AWS::Lambda::Function")
    (found,) = (
        function["Properties"]["Environment"]["Variables"]
        for function in functions.values()
        if "KNOWLEDGE_BASE_ID" in function["Properties"].get("Environment", {}).get("Variables", {})
    )
    return dict(found)


def test_a_chat_asks_for_the_order_of_its_knowledge_base():
    """The function reads the model from its environment and names it in every search."""
    told = {name: value if isinstance(value, str) else "x" for name, value in variables(serves=True).items()}
    model = "".join(["arn:", "aws", f":bedrock:us-east-1::foundation-model/{MODEL}"])

    read = settings.read(Environment({**told, "RERANKING_MODEL_ARN": model, "AWS_LAMBDA_FUNCTION_NAME": "chat"}))

    search = bedrock.retrieve_request(read, "question", None)["retrievalConfiguration"]["vectorSearchConfiguration"]
    ranked = search["rerankingConfiguration"]["bedrockRerankingConfiguration"]
    assert "RERANKING_MODEL_ARN" in told
    assert ranked["modelConfiguration"]["modelArn"] == model
    assert ranked["numberOfRerankedResults"] < search["numberOfResults"]


def test_a_knowledge_base_without_an_order_leaves_that_of_the_search():
    """No variable at all, rather than an empty one that the service would refuse as a model."""
    assert "RERANKING_MODEL_ARN" not in variables(serves=False)
