"""Flows as graphs: what the service would refuse after a deploy is said before it, all at once."""

from __future__ import annotations

import pytest

from genai_layers.platform.flows import (
    DataType,
    FlowDefinition,
    FlowError,
    NodeInput,
    code_node,
    condition_node,
    input_node,
    loop_input_node,
    output_node,
)

TEXT = NodeInput(name="text", type=DataType.STRING)
ECHO = ["Said.document -> Heard.document"]


def refused(*args, **props) -> tuple[str, ...]:
    """Return what is said of a definition that cannot be."""
    with pytest.raises(FlowError) as raised:
        FlowDefinition(*args, **props)
    return raised.value.faults


def tidy(name="Tidy"):
    """Return a node that takes and gives a text."""
    return code_node(name, [TEXT], "text.strip()", DataType.STRING)


def branch(*conditions):
    """Return a branch over the length of a text."""
    length = NodeInput(name="length", type=DataType.STRING)
    return condition_node("Check", [length], dict(conditions))


def test_a_line_is_data_or_a_branch():
    """Each as the service takes it."""
    nodes = [input_node("Said"), branch(("long", "length == 'long'")), output_node("Heard"), output_node("Lost")]
    lines = [
        "Said.document -> Check.length",
        "Check?long -> Heard",
        "Check?default -> Lost",
        "Said.document -> Heard.document",
        "Said.document -> Lost.document",
    ]

    rendered = FlowDefinition(nodes, lines).render()["connections"]

    assert [each["type"] for each in rendered] == ["Data", "Conditional", "Conditional", "Data", "Data"]
    assert rendered[1]["configuration"] == {"conditional": {"condition": "long"}}
    assert rendered[0]["configuration"] == {"data": {"sourceOutput": "document", "targetInput": "length"}}


def test_a_line_that_says_nothing_is_told_with_what_it_looks_like():
    """Half a connection is none."""
    faults = refused([input_node("Said"), output_node("Heard")], ["Said -> Heard", "Said.document -> Heard"])

    assert len(faults) == 2
    assert "write 'Node.output -> Node.input'" in faults[0]


@pytest.mark.parametrize(
    ("nodes", "lines", "fault"),
    [
        ([output_node("Heard")], [], "there are 0 nodes of kind Input: give one"),
        ([input_node("Said")], [], "there is no node of kind Output: say what callers get"),
        ([input_node("Said"), input_node("Said"), output_node("Heard")], ECHO, "node 'Said' is there twice: keep one"),
        (
            [input_node("Said"), output_node("Heard")],
            [*ECHO, "Nobody.text -> Heard.document"],
            "connection 'Nobody.text -> Heard.document': there is no node 'Nobody', there are Said, Heard",
        ),
        (
            [input_node("Said"), output_node("Heard")],
            ["Said.words -> Heard.document"],
            "connection 'Said.words -> Heard.document': Said has the outputs document",
        ),
        (
            [input_node("Said"), output_node("Heard")],
            [*ECHO, "Said.document -> Heard.words"],
            "connection 'Said.document -> Heard.words': Heard has the inputs document",
        ),
        (
            [input_node("Said"), output_node("Heard")],
            [*ECHO, "Said?long -> Heard"],
            "connection 'Said?long -> Heard': Said has no condition",
        ),
        (
            [input_node("Said"), output_node("Heard")],
            [*ECHO, *ECHO],
            f"connection '{ECHO[0]}' is there twice: keep one",
        ),
        (
            [input_node("Said"), tidy(), output_node("Heard")],
            [*ECHO, "Said.document -> Tidy.text", "Tidy.response -> Heard.document"],
            "2 outputs go into Heard.document: an input takes one",
        ),
        (
            [input_node("Said"), output_node("Heard"), output_node("Lost")],
            ECHO,
            "nothing goes into Lost.document: connect an output to it",
        ),
        (
            [input_node("Said"), output_node("Heard"), tidy("One"), tidy("Two")],
            [*ECHO, "One.response -> Two.text", "Two.response -> One.text"],
            "One, Two go round in a circle: use a loop node for what repeats",
        ),
        (
            [input_node("Said"), output_node("Heard"), tidy("One"), tidy("Two")],
            [*ECHO, "One.response -> Two.text", "Two.response -> One.text"],
            "nothing leads to node 'One': connect it, or take it away",
        ),
        (
            [input_node("Said", DataType.NUMBER), output_node("Heard")],
            ECHO,
            f"connection '{ECHO[0]}': Number is given and String is taken: make them the same",
        ),
        (
            [input_node("Said"), output_node("Heard", expression="$.data.text")],
            ECHO,
            f"connection '{ECHO[0]}': $.data.text takes a part, and String has none: give an Object or an Array",
        ),
        (
            [input_node("Said"), output_node("Heard", expression="data")],
            ECHO,
            "expression of Heard.document is 'data': begin with $.data, 64 characters at most",
        ),
        ([input_node("Said-it"), output_node("Heard")], [], "'Said-it' in node 'Said-it': use a letter"),
        (
            [input_node("Said"), output_node("Heard"), branch(("long", "length == 'long'"))],
            [*ECHO, "Said.document -> Check.length", "Check?long -> Heard"],
            "condition Check?default leads nowhere: connect it to a node",
        ),
        (
            [input_node("Said"), output_node("Heard"), branch(("long", "length == 1"), ("big", "length == 1"))],
            ECHO,
            "conditions long and big of 'Check' are the same: keep one of them",
        ),
        (
            [input_node("Said"), output_node("Heard"), branch(("long", "size == 1"))],
            ECHO,
            "condition Check?long is 'size == 1' and reads no input of its node: compare one of length",
        ),
        (
            [input_node("Said"), output_node("Heard"), code_node("Bad", [TEXT], "if text", DataType.STRING)],
            ECHO,
            "code of node 'Bad' is no Python: line 1",
        ),
        (
            [input_node("Said"), output_node("Heard"), loop_input_node("Turn", [TEXT])],
            ECHO,
            "node 'Turn' is of kind LoopInput: a flow, outside of a loop, has none of these",
        ),
    ],
)
def test_what_the_service_would_refuse_is_named(nodes, lines, fault):
    """With the node or the connection, and what to change."""
    assert any(said.startswith(fault) for said in refused(nodes, lines)), refused(nodes, lines)


def test_every_fault_is_told_at_once():
    """Whoever draws a flow changes everything in one go."""
    nodes = [input_node("Said", DataType.NUMBER), output_node("Heard"), output_node("Lost"), tidy()]

    faults = refused(nodes, [*ECHO, "Tidy.response -> Lost.document"])

    assert len(faults) == 4, faults


def test_more_than_a_flow_takes_is_counted():
    """Forty nodes, as the schema of the resource says."""
    nodes = [input_node("Said"), *(output_node(f"Heard{number}") for number in range(40))]
    lines = [f"Said.document -> Heard{number}.document" for number in range(40)]

    assert refused(nodes, lines) == ("there are 41 nodes: a flow takes 40",)
