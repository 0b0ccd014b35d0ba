"""What a flow calls, where it is written, and where it can be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flow_builders import EVERYTHING, FILE, answering, every_part, flow, guardrail, prompt

from genai_layers import testing
from genai_layers.platform import FoundationModel, flows
from genai_layers.platform.flows import (
    AskKnowledge,
    AskPrompt,
    FlowDefinition,
    FlowError,
    input_node,
    load_flow,
    output_node,
    parse_flow,
)

pytestmark = pytest.mark.synth


def test_a_model_needs_a_guardrail_and_passages_need_none():
    """Each without the other is named, with the node."""
    stack = testing.stack()
    model = FoundationModel.of(stack, "amazon.nova-lite-v1:0")
    base = every_part(stack)["handbook"].knowledge_base

    alone = AskKnowledge(knowledge_base=base, model=model, results=200).node("Search", {"query": "$.data"})
    passages = AskKnowledge(knowledge_base=base).node("Search")

    assert [fault.split(":")[0] for fault in alone.faults()] == [
        "expression for Search.query",
        "results of node 'Search' is 200",
        "node 'Search' needs a guardrail where a model answers, and none where none does",
    ]
    assert (passages.faults(), list(passages.outputs)) == ([], ["retrievalResults"])


def test_a_variable_that_no_input_can_be_called_is_named():
    """A prompt may have dashes in its variables, a node may not."""
    stack = testing.stack()
    part = AskPrompt(prompt=prompt(stack, "Answer {{the-question}}."), guardrail=guardrail(stack))

    assert "'the-question' in node 'Answer'" in part.node("Answer").faults()[0]


def test_a_flow_is_read_from_a_file_and_a_part_that_nothing_uses_is_told(tmp_path):
    """With the name of the file before every fault."""
    stack = testing.stack()
    file = tmp_path / "answer.toml"
    file.write_text(FILE, encoding="utf-8")
    part = answering(stack)

    assert [node.name for node in load_flow(file, {"answer": part}).nodes] == ["Question", "Answer", "End"]
    with pytest.raises(FlowError, match=r"answer\.toml: part 'other' is given and no node uses it"):
        load_flow(file, {"answer": part, "other": part})
    with pytest.raises(FlowError, match="there is no flow file"):
        load_flow(tmp_path / "nothing.toml", {})


@pytest.mark.parametrize("region", ["eu-west-1", "us-gov-west-1"])
def test_flows_synthesize_in_other_partitions(region):
    """Nothing names a partition or a region of its own."""
    stack = testing.stack(region=region)
    flow(stack, parts={"answer": answering(stack)}).add_alias("Live")

    text = json.dumps(testing.template(stack))

    assert "us-east-1" not in text
    assert ("arn:aws:" in text) == (region == "eu-west-1")


def test_a_region_without_flows_is_refused_by_name():
    """The deploy would fail on a type that the region does not know."""
    with pytest.raises(ValueError, match="region 'us-west-1' lacks AWS::Bedrock::"):
        flow(testing.stack(region="us-west-1"))


def test_the_models_of_a_flow_are_there_to_be_watched():
    """A flow has no metrics of its own; each model that it runs has, once."""
    stack = testing.stack()
    made = flow(stack, EVERYTHING, every_part(stack))

    assert [model.model_id for model in made.models] == ["amazon.nova-lite-v1:0", "us.amazon.nova-lite-v1:0"]


def test_nodes_that_are_built_and_nodes_that_are_read_are_the_same():
    """A file is another way to write the same thing."""
    stack = testing.stack()
    part = answering(stack)
    lines = ["Question.document -> Answer.question", "Answer.modelCompletion -> End.document"]

    built = FlowDefinition([input_node("Question"), part.node("Answer"), output_node("End")], lines)

    assert built.render() == parse_flow(FILE, {"answer": part}).render()


def test_every_public_name_of_the_flows_is_documented():
    """A name that is exported says what it is, and the page says when to use it."""
    page = (Path(__file__).resolve().parents[3] / "docs" / "prompts.md").read_text(encoding="utf-8")

    assert [name for name in flows.__all__ if not (getattr(flows, name).__doc__ or "").strip()] == []
    assert [name for name in flows.__all__ if name not in page] == []
