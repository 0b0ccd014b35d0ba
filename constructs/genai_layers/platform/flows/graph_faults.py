"""What the service would refuse of nodes and connections together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from genai_layers.platform.flows.connection import Connection
from genai_layers.platform.flows.node import WHOLE, DataType, FlowNode, NodeInput

# AWS::Bedrock::Flow; resource schema, read 2026-11-25.
_MOST_NODES, _MOST_CONNECTIONS = 40, 100
# Service model, `IncompatibleLoopNodeType` and what a loop has of its own, read 2026-11-25.
_NOT_IN_A_LOOP = frozenset({"Input", "Output", "Condition", "Iterator", "Collector", "Loop"})
_ONLY_IN_A_LOOP = frozenset({"LoopInput", "LoopController"})
_WITH_PARTS = frozenset({DataType.OBJECT, DataType.ARRAY})


def graph_faults(nodes: Sequence[FlowNode], connections: Sequence[Connection], *, is_loop: bool) -> list[str]:
    """
    Return what is wrong.

    Args:
        nodes: The nodes.
        connections: How they hang together.
        is_loop: Whether it is what a loop repeats.
    """
    by_name = {node.name: node for node in nodes}
    ends = _end_faults(connections, by_name)
    faults = [*_count_faults(nodes, connections), *_kind_faults(nodes, is_loop), *ends]
    faults += _type_faults(connections, by_name)
    faults += _repeated((str(one) for one in connections), "connection")
    faults += _input_faults(nodes, connections)
    faults += _branch_faults(nodes, connections)
    # Whoever is reached through an end that does not exist cannot be said.
    return faults if ends else [*faults, *_way_faults(nodes, connections, "LoopInput" if is_loop else "Input")]


def _count_faults(nodes: Sequence[FlowNode], connections: Sequence[Connection]) -> list[str]:
    faults = _repeated((node.name for node in nodes), "node")
    for what, count, most in (("nodes", len(nodes), _MOST_NODES), ("connections", len(connections), _MOST_CONNECTIONS)):
        if count > most:
            faults.append(f"there are {count} {what}: a flow takes {most}")
    return faults


def _kind_faults(nodes: Sequence[FlowNode], is_loop: bool) -> list[str]:
    kinds = [node.type for node in nodes]
    wrong = _NOT_IN_A_LOOP if is_loop else _ONLY_IN_A_LOOP
    where = "what a loop repeats" if is_loop else "a flow, outside of a loop,"
    faults = [
        f"node {node.name!r} is of kind {node.type}: {where} has none of these" for node in nodes if node.type in wrong
    ]
    for kind in ("LoopInput", "LoopController") if is_loop else ("Input",):
        if kinds.count(kind) != 1:
            faults.append(f"there are {kinds.count(kind)} nodes of kind {kind}: give one")
    if not is_loop and "Output" not in kinds:
        faults.append("there is no node of kind Output: say what callers get")
    return faults


def _end_faults(connections: Sequence[Connection], by_name: Mapping[str, FlowNode]) -> list[str]:
    faults = []
    for one in connections:
        source, target = by_name.get(one.source), by_name.get(one.target)
        faults += [
            f"connection '{one}': there is no node {name!r}, there are {', '.join(by_name)}"
            for name in dict.fromkeys((one.source, one.target))
            if name not in by_name
        ]
        if source is not None and one.input is None and one.what not in source.conditions:
            faults.append(f"connection '{one}': {source.name} has {_known(source.conditions, 'condition')}")
        if source is not None and one.input is not None and one.what not in source.outputs:
            faults.append(f"connection '{one}': {source.name} has {_known(source.outputs, 'output')}")
        taken = {each.name: each for each in target.inputs} if target is not None else {}
        if target is not None and one.input is not None and one.input not in taken:
            faults.append(f"connection '{one}': {target.name} has {_known(taken, 'input')}")
    return faults


def _type_faults(connections: Sequence[Connection], by_name: Mapping[str, FlowNode]) -> list[str]:
    faults = []
    for one in connections:
        given = by_name[one.source].outputs.get(one.what) if one.source in by_name else None
        inputs = by_name[one.target].inputs if one.target in by_name else ()
        for taken in inputs:
            if given is not None and taken.name == one.input:
                faults += _fit_faults(one, given, taken)
    return faults


def _fit_faults(one: Connection, given: DataType, taken: NodeInput) -> list[str]:
    if taken.expression == WHOLE:
        if given == taken.type:
            return []
        return [f"connection '{one}': {given.value} is given and {taken.type.value} is taken: make them the same"]
    if given in _WITH_PARTS:
        return []
    return [
        f"connection '{one}': {taken.expression} takes a part, and {given.value} has none: give an Object or an Array"
    ]


def _input_faults(nodes: Sequence[FlowNode], connections: Sequence[Connection]) -> list[str]:
    faults = []
    for node in nodes:
        if node.type == "LoopInput":
            continue
        for one in node.inputs:
            sources = [str(each) for each in connections if (each.target, each.input) == (node.name, one.name)]
            if not sources:
                faults.append(f"nothing goes into {node.name}.{one.name}: connect an output to it")
            if len(set(sources)) > 1:
                faults.append(f"{len(sources)} outputs go into {node.name}.{one.name}: an input takes one")
    return faults


def _branch_faults(nodes: Sequence[FlowNode], connections: Sequence[Connection]) -> list[str]:
    followed = {(one.source, one.what) for one in connections if one.input is None}
    return [
        f"condition {node.name}?{name} leads nowhere: connect it to a node"
        for node in nodes
        for name in node.conditions
        if (node.name, name) not in followed
    ]


def _way_faults(nodes: Sequence[FlowNode], connections: Sequence[Connection], start: str) -> list[str]:
    after: dict[str, set[str]] = {node.name: set() for node in nodes}
    for one in connections:
        after[one.source].add(one.target)
    reached = _from({node.name for node in nodes if node.type == start}, after)
    faults = [
        f"nothing leads to node {node.name!r}: connect it, or take it away"
        for node in nodes
        if node.name not in reached
    ]
    turning = [node.name for node in nodes if node.name in _from(after[node.name], after)]
    if turning:
        faults.append(f"{', '.join(turning)} go round in a circle: use a loop node for what repeats")
    return faults


def _from(begun: Iterable[str], after: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    ahead = list(begun)
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead += after[name]
    return reached


def _known(names: Iterable[str], what: str) -> str:
    listed = ", ".join(names)
    return f"the {what}s {listed}" if listed else f"no {what}"


def _repeated(names: Iterable[str], what: str) -> list[str]:
    given = list(names)
    return [f"{what} {name!r} is there twice: keep one" for name in dict.fromkeys(given) if given.count(name) > 1]
