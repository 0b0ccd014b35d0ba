"""A flow in a file: connections as lines, nodes as tables, and names for what the stack has."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from genai_layers.platform.flows import logic_nodes
from genai_layers.platform.flows.definition import FlowDefinition
from genai_layers.platform.flows.errors import FlowError
from genai_layers.platform.flows.node import DataType, FlowNode, LoopPart, NodeInput
from genai_layers.platform.flows.service_parts import Part

_BY_FUNCTION = {"Lex": "a bot of Amazon Lex", "Retrieval": "an object of S3", "Storage": "an object of S3"}
"""Nodes of the service that have no part here: a function does it, with rights of its own."""

_TYPES = ", ".join(each.value for each in DataType)


def load_flow(path: Path | str, parts: Mapping[str, Part]) -> FlowDefinition:
    """
    Read a flow from a file; do that where stacks are composed.

    Args:
        path: The file, in TOML and UTF-8.
        parts: What the nodes with `use` call, by the name that the file has for it.

    Raises:
        FlowError: There is no such file, or it is no flow; every fault is named.
    """
    file = Path(path)
    if not file.is_file():
        raise FlowError([f"there is no flow file {str(path)!r}: look at the path, and where it starts from"])
    try:
        return parse_flow(file.read_text(encoding="utf-8"), parts)
    except FlowError as error:
        raise FlowError([f"{file.name}: {fault}" for fault in error.faults]) from None


def parse_flow(content: str, parts: Mapping[str, Part]) -> FlowDefinition:
    """
    Return the flow that a file says.

    Args:
        content: All of the file.
        parts: What the nodes with `use` call.

    Raises:
        FlowError: It is no flow; every fault is named.
    """
    try:
        given = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise FlowError([f"it is no TOML: {error}"]) from None
    unused = [name for name in parts if name not in {each.get("use") for each in _tables(given)}]
    if unused:
        raise FlowError([f"part {name!r} is given and no node uses it: leave it out" for name in unused])
    return _definition(given, parts, is_loop=False)


def _definition(given: Mapping[str, Any], parts: Mapping[str, Part], *, is_loop: bool) -> FlowDefinition:
    faults = [
        f"{name!r} is not known beside the nodes: a flow has 'connections' and 'nodes'"
        for name in given
        if name not in ("connections", "nodes")
    ]
    nodes: list[FlowNode] = []
    for table in given.get("nodes", []):
        try:
            nodes.append(_Reader(table, parts).node())
        except FlowError as error:
            faults += error.faults
    if faults:
        raise FlowError(faults)
    return FlowDefinition(nodes, given.get("connections", []), is_loop=is_loop)


def _tables(given: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    tables: list[Mapping[str, Any]] = list(given.get("nodes", []))
    return tables + [inner for table in tables for inner in _tables(table.get("body", {}))]


class _Reader:
    """Reads one table; a fault keeps none of the others from being told."""

    def __init__(self, table: Mapping[str, Any], parts: Mapping[str, Part]) -> None:
        self._table, self._parts = table, parts
        self._name = str(table.get("name", ""))
        self._faults: list[str] = []
        self._read = {"name", "type"}

    def node(self) -> FlowNode:
        kinds: Mapping[str, Callable[[], FlowNode]] = {
            "Input": lambda: logic_nodes.input_node(self._name, self._type("output")),
            "Output": lambda: logic_nodes.output_node(self._name, self._type("input"), self._whole("expression")),
            "Condition": lambda: logic_nodes.condition_node(self._name, self._inputs(), self._mapping("conditions")),
            "Iterator": lambda: logic_nodes.iterator_node(self._name, self._type("item"), self._whole("expression")),
            "Collector": lambda: logic_nodes.collector_node(self._name, self._type("item")),
            "InlineCode": lambda: logic_nodes.code_node(
                self._name, self._inputs(), str(self._value("code", "")), self._type("output")
            ),
            "Loop": self._loop,
            "LoopInput": lambda: logic_nodes.loop_input_node(self._name, self._inputs()),
            "LoopController": lambda: logic_nodes.loop_controller_node(
                self._name, self._inputs(), str(self._value("until", "")), int(self._value("most_turns", 10))
            ),
        }
        kind = str(self._table.get("type", ""))
        if "use" in self._table and not kind:
            made = self._used()
        elif kind in kinds:
            made = kinds[kind]()
        elif kind in _BY_FUNCTION:
            raise FlowError(
                [f"node {self._name!r}: {_BY_FUNCTION[kind]} is reached by a function: give 'use' with a CallFunction"]
            )
        else:
            said = f"type is {kind!r}" if "use" not in self._table else f"type is {kind!r} and use is there, too"
            raise FlowError(
                [f"node {self._name!r}: {said}: give 'use' with the name of a part, or a type of {', '.join(kinds)}"]
            )
        self._faults += [
            f"setting {name!r} is not known: a node of this kind has {', '.join(sorted(self._read))}"
            for name in self._table
            if name not in self._read
        ]
        if self._faults:
            raise FlowError([f"node {self._name!r}: {fault}" for fault in self._faults])
        return made

    def _used(self) -> FlowNode:
        use = self._value("use", "")
        expressions = self._mapping("expressions")
        if use not in self._parts:
            known = ", ".join(self._parts) or "none"
            raise FlowError([f"node {self._name!r}: use is {use!r}, and the parts that were given are {known}"])
        return self._parts[use].node(self._name, expressions)

    def _loop(self) -> FlowNode:
        outputs = {name: self._typed(name, value) for name, value in self._mapping("outputs").items()}
        body = _definition(self._value("body", {}), self._parts, is_loop=True)
        return logic_nodes.loop_node(self._name, self._inputs(), outputs, body)

    def _inputs(self) -> list[NodeInput]:
        made = []
        for name, given in self._mapping("inputs").items():
            table = given if isinstance(given, dict) else {"type": given}
            part = table.get("loop_part")
            if part is not None and part not in LoopPart.__members__:
                self._faults.append(f"loop_part of {name} is {part!r}: choose {', '.join(LoopPart.__members__)}")
                part = None
            made.append(
                NodeInput(
                    name=name,
                    type=self._typed(name, table.get("type")),
                    expression=str(table.get("expression", "$.data")),
                    loop_part=None if part is None else LoopPart[part],
                )
            )
        return made

    def _type(self, name: str) -> DataType:
        return self._typed(name, self._value(name, DataType.STRING.value))

    def _typed(self, name: str, value: object) -> DataType:
        if isinstance(value, str) and value in list(DataType):
            return DataType(value)
        self._faults.append(f"{name} is {value!r}: choose {_TYPES}")
        return DataType.STRING

    def _whole(self, name: str) -> str:
        return str(self._value(name, "$.data"))

    def _mapping(self, name: str) -> dict[str, Any]:
        value = self._value(name, {})
        if isinstance(value, dict):
            return value
        self._faults.append(f"{name} is {value!r}: give a table, such as {{ question = 'String' }}")
        return {}

    def _value(self, name: str, default: Any) -> Any:
        self._read.add(name)
        return self._table.get(name, default)
