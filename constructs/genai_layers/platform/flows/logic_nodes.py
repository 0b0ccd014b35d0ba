"""
Nodes that steer a flow: where it begins and ends, where it branches, goes through a list, or turns.

Names of inputs and outputs are fixed by the service: Amazon Bedrock user guide, "Node types for your flow", read
2026-11-25.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from genai_layers.platform.flows.definition import FlowDefinition
from genai_layers.platform.flows.node import DataType, FlowNode, NodeInput

DEFAULT = "default"
"""Condition that holds where no other does."""

# AWS::Bedrock::Flow; resource schema, read 2026-11-25.
_MOST_CODE, _MOST_TURNS = 5_000_000, 1000


def input_node(name: str, output: DataType = DataType.STRING) -> FlowNode:
    """
    Return where a flow begins; it gives `document`.

    Args:
        name: Name.
        output: What callers send. Default: text.
    """
    return FlowNode(name=name, type="Input", outputs={"document": output})


def output_node(name: str, type: DataType = DataType.STRING, expression: str = "$.data") -> FlowNode:
    """
    Return an end of a flow; it takes `document`.

    Args:
        name: Name.
        type: What callers get. Default: text.
        expression: Which part of what comes in. Default: all.
    """
    return FlowNode(name=name, type="Output", inputs=[NodeInput(name="document", type=type, expression=expression)])


def condition_node(name: str, inputs: Sequence[NodeInput], conditions: Mapping[str, str]) -> FlowNode:
    """
    Return a branch: the first condition that holds decides; `default` is there without being named.

    Args:
        name: Name.
        inputs: What the conditions read.
        conditions: Expressions by name, such as `{"isLong": "length > 100"}`.
    """
    return FlowNode(name=name, type="Condition", inputs=tuple(inputs), conditions={**conditions, DEFAULT: None})


def iterator_node(name: str, item: DataType, expression: str = "$.data") -> FlowNode:
    """
    Return a node that sends on the items of a list, one by one: `array` in, `arrayItem` and `arraySize` out.

    Args:
        name: Name.
        item: What an item is.
        expression: Which part of what comes in is the list. Default: all.
    """
    array = NodeInput(name="array", type=DataType.ARRAY, expression=expression)
    outputs = {"arrayItem": item, "arraySize": DataType.NUMBER}
    return FlowNode(name=name, type="Iterator", inputs=[array], outputs=outputs)


def collector_node(name: str, item: DataType) -> FlowNode:
    """
    Return a node that makes a list of items again: `arrayItem` and `arraySize` in, `collectedArray` out.

    Args:
        name: Name.
        item: What an item is.
    """
    inputs = [NodeInput(name="arrayItem", type=item), NodeInput(name="arraySize", type=DataType.NUMBER)]
    return FlowNode(name=name, type="Collector", inputs=inputs, outputs={"collectedArray": DataType.ARRAY})


def code_node(name: str, inputs: Sequence[NodeInput], code: str, output: DataType) -> FlowNode:
    """
    Return a node that runs a few lines of Python with its inputs as variables; it gives `response`.

    Args:
        name: Name.
        inputs: Variables of the code.
        code: The lines; the value of the last one is the answer.
        output: What the answer is.
    """
    told = []
    if not 1 <= len(code) <= _MOST_CODE:
        told.append(f"code of node {name!r} has {len(code)} characters, allowed are 1 to {_MOST_CODE:,}")
    try:
        compile(code, name, "exec")
    except SyntaxError as error:
        told.append(f"code of node {name!r} is no Python: line {error.lineno}, {error.msg}")
    return FlowNode(
        name=name,
        type="InlineCode",
        inputs=tuple(inputs),
        outputs={"response": output},
        configuration={"code": code, "language": "Python_3"},
        told=told,
    )


def loop_node(
    name: str, inputs: Sequence[NodeInput], outputs: Mapping[str, DataType], body: FlowDefinition
) -> FlowNode:
    """
    Return a loop, which turns once at least.

    Args:
        name: Name.
        inputs: What the first turn begins with; the `loop_input_node` of *body* takes the same.
        outputs: What the loop gives at its end, such as `loopOutput`.
        body: What is repeated, from a `loop_input_node` to a `loop_controller_node`.
    """
    told = []
    wanted = {one.name: one.type for one in inputs}
    for start in body.nodes:
        taken = {one.name: one.type for one in start.inputs}
        if start.type == "LoopInput" and taken != wanted:
            told.append(
                f"{start.name!r} takes {_listed(taken)} and the loop {name!r} gives {_listed(wanted)}: name the same"
            )
    return FlowNode(
        name=name,
        type="Loop",
        inputs=tuple(inputs),
        outputs=dict(outputs),
        body=body,
        permits=[permit for node in body.nodes for permit in node.permits],
        models=[model for node in body.nodes for model in node.models],
        told=told,
    )


def loop_input_node(name: str, inputs: Sequence[NodeInput]) -> FlowNode:
    """
    Return where each turn of a loop begins; it gives what it takes.

    Args:
        name: Name.
        inputs: What a turn begins with.
    """
    outputs = {one.name: one.type for one in inputs}
    return FlowNode(name=name, type="LoopInput", inputs=tuple(inputs), outputs=outputs)


def loop_controller_node(name: str, inputs: Sequence[NodeInput], until: str, most_turns: int = 10) -> FlowNode:
    """
    Return what decides whether a loop turns again.

    Args:
        name: Name.
        inputs: What it reads, hands on and gives out, each with its `loop_part`.
        until: Condition that ends the loop.
        most_turns: Turns after which it ends in any case, 1 to 1,000. Default: 10.
    """
    told = [
        f"input {name}.{one.name} of a controller has no loop_part: say what it is for"
        for one in inputs
        if one.loop_part is None
    ]
    if not 1 <= most_turns <= _MOST_TURNS:
        told.append(f"most_turns of {name!r} is {most_turns}: choose 1 to {_MOST_TURNS}")
    condition = {"name": "until", "expression": until}
    return FlowNode(
        name=name,
        type="LoopController",
        inputs=tuple(inputs),
        configuration={"continueCondition": condition, "maxIterations": most_turns},
        told=told,
    )


def _listed(ports: Mapping[str, DataType]) -> str:
    return ", ".join(f"{name} ({one.value})" for name, one in ports.items()) or "nothing"
