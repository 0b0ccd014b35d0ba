"""Flows: nodes and connections that are checked as a whole, versioned by what they say."""

from genai_layers.platform.flows.definition import FlowDefinition
from genai_layers.platform.flows.errors import FlowError
from genai_layers.platform.flows.flow import Flow
from genai_layers.platform.flows.flow_alias import FlowAlias
from genai_layers.platform.flows.flow_file import load_flow, parse_flow
from genai_layers.platform.flows.logic_nodes import (
    code_node,
    collector_node,
    condition_node,
    input_node,
    iterator_node,
    loop_controller_node,
    loop_input_node,
    loop_node,
    output_node,
)
from genai_layers.platform.flows.node import DataType, FlowNode, LoopPart, NodeInput
from genai_layers.platform.flows.service_parts import AskAgent, AskKnowledge, AskPrompt, CallFunction, Part

__all__ = [
    "AskAgent",
    "AskKnowledge",
    "AskPrompt",
    "CallFunction",
    "DataType",
    "Flow",
    "FlowAlias",
    "FlowDefinition",
    "FlowError",
    "FlowNode",
    "LoopPart",
    "NodeInput",
    "Part",
    "code_node",
    "collector_node",
    "condition_node",
    "input_node",
    "iterator_node",
    "load_flow",
    "loop_controller_node",
    "loop_input_node",
    "loop_node",
    "output_node",
    "parse_flow",
]
