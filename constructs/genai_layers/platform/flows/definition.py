"""A flow as nodes and connections, looked at as a whole before anything is deployed."""

from __future__ import annotations

from collections.abc import Sequence

from genai_layers.platform.flows.connection import Connection
from genai_layers.platform.flows.errors import FlowError
from genai_layers.platform.flows.graph_faults import graph_faults
from genai_layers.platform.flows.node import FlowNode


class FlowDefinition:
    """
    Nodes, and how they hang together.

    What the service says only after a deploy is said here, all at once: unknown ends, cycles, nodes that nothing
    reaches, inputs without data or with too much of it, branches that lead nowhere, types that do not fit.

    Args:
        nodes: The nodes.
        connections: One line each: `Question.document -> Answer.question`, or `Check?isLong -> Shorten`.
        is_loop: Whether it is what a loop repeats. Default: it is a flow.

    Attributes:
        nodes: The nodes.
        connections: The connections.

    Raises:
        FlowError: The service would refuse it; every fault is named.

    Example:
        >>> from genai_layers.platform.flows import input_node, output_node
        >>> echo = FlowDefinition([input_node("Said"), output_node("Heard")], ["Said.document -> Heard.document"])
        >>> [node.name for node in echo.nodes]
        ['Said', 'Heard']
    """

    def __init__(self, nodes: Sequence[FlowNode], connections: Sequence[str], *, is_loop: bool = False) -> None:
        self.nodes = tuple(nodes)
        faults: list[str] = []
        read: list[Connection] = []
        for line in connections:
            try:
                read.append(Connection.parse(line))
            except FlowError as error:
                faults += error.faults
        self.connections = tuple(read)
        faults += [fault for node in self.nodes for fault in node.faults()]
        # Lines that could not be read would also be missed by the graph: say those first.
        if len(read) == len(connections):
            faults += graph_faults(self.nodes, self.connections, is_loop=is_loop)
        if faults:
            raise FlowError(faults)

    @property
    def revisions(self) -> list[str]:
        """Texts that move when what the nodes refer to moves behind the same reference."""
        return [text for node in self.nodes for text in node.all_revisions]

    def render(self) -> dict[str, object]:
        """Return it as the service takes it."""
        return {
            "nodes": [node.render() for node in self.nodes],
            "connections": [one.render(number) for number, one in enumerate(self.connections, start=1)],
        }
