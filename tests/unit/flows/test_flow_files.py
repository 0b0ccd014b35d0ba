"""Lists, loops and files: flows within flows, and flows that are written down."""

from __future__ import annotations

import pytest

from genai_layers.platform.flows import (
    DataType,
    FlowDefinition,
    FlowError,
    LoopPart,
    NodeInput,
    code_node,
    collector_node,
    input_node,
    iterator_node,
    loop_controller_node,
    loop_input_node,
    loop_node,
    output_node,
    parse_flow,
)


def body(*, start="draft", kind=DataType.STRING, more=(), lines=(), turns=3):
    """Return what a loop repeats."""
    parts = [("text", LoopPart.CONDITION), ("again", LoopPart.NEXT), ("loopOutput", LoopPart.RESULT)]
    inputs = [NodeInput(name=name, type=kind, loop_part=part) for name, part in parts]
    nodes = [
        loop_input_node("Turn", [NodeInput(name=start, type=kind)]),
        loop_controller_node("Enough", inputs, "text == 'done'", turns),
        *more,
    ]
    connections = [f"Turn.{start} -> Enough.{name}" for name, _ in parts]
    return FlowDefinition(nodes, [*connections, *lines], is_loop=True)


def test_a_list_is_gone_through_and_put_together_again():
    """The types of the items meet."""
    nodes = [
        input_node("Said", DataType.ARRAY),
        iterator_node("Each", DataType.STRING),
        code_node("Tidy", [NodeInput(name="text", type=DataType.STRING)], "text.strip()", DataType.STRING),
        collector_node("All", DataType.STRING),
        output_node("Heard", DataType.ARRAY),
    ]
    lines = [
        "Said.document -> Each.array",
        "Each.arrayItem -> Tidy.text",
        "Each.arraySize -> All.arraySize",
        "Tidy.response -> All.arrayItem",
        "All.collectedArray -> Heard.document",
    ]

    assert len(FlowDefinition(nodes, lines).render()["connections"]) == 5


def test_a_loop_is_checked_like_a_flow_of_its_own():
    """What stands in it, what begins it, and what ends it."""
    assert body().render()["nodes"][1]["configuration"]["loopController"]["maxIterations"] == 3

    with pytest.raises(FlowError, match="node 'Said' is of kind Input: what a loop repeats has none of these"):
        body(more=[input_node("Said")])
    with pytest.raises(FlowError, match="most_turns of 'Enough' is 0: choose 1 to 1000"):
        body(turns=0)


def test_a_loop_begins_with_what_it_is_given():
    """The service maps one to the other by name and type."""
    loop = loop_node("Refine", [NodeInput(name="draft", type=DataType.STRING)], {}, body(start="words"))

    assert loop.faults() == ["'Turn' takes words (String) and the loop 'Refine' gives draft (String): name the same"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("connections = [", "it is no TOML"),
        ("colour = 'red'", "'colour' is not known beside the nodes"),
        ("[[nodes]]\nname = 'A1'\ntype = 'Lex'", "node 'A1': a bot of Amazon Lex is reached by a function"),
        ("[[nodes]]\nname = 'A1'\ntype = 'Storage'", "node 'A1': an object of S3 is reached by a function"),
        ("[[nodes]]\nname = 'A1'\ntype = 'Magic'", "node 'A1': type is 'Magic': give 'use' with the name of a part"),
        (
            "[[nodes]]\nname = 'A1'\nuse = 'nothing'",
            "node 'A1': use is 'nothing', and the parts that were given are none",
        ),
        ("[[nodes]]\nname = 'A1'\ntype = 'Input'\ncolour = 1", "node 'A1': setting 'colour' is not known"),
        ("[[nodes]]\nname = 'A1'\ntype = 'Input'\noutput = 'Text'", "node 'A1': output is 'Text': choose String"),
        (
            "[[nodes]]\nname='L1'\ntype='Loop'\n[[nodes.body.nodes]]\nname='E1'\ntype='LoopController'\n"
            "inputs = { a1 = { type = 'String', loop_part = 'END' } }",
            "node 'E1': loop_part of a1 is 'END': choose CONDITION, NEXT, RESULT",
        ),
    ],
)
def test_a_file_that_is_no_flow_says_where(text, fault):
    """By node and setting."""
    with pytest.raises(FlowError) as raised:
        parse_flow(text, {})

    assert any(said.startswith(fault) for said in raised.value.faults), raised.value.faults
