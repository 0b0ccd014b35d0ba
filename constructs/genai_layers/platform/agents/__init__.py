"""Agents: those of Amazon Bedrock, and what Amazon Bedrock AgentCore runs for agents of your own."""

from genai_layers.platform.agents.action_group import ActionGroup
from genai_layers.platform.agents.agent import Agent
from genai_layers.platform.agents.agent_alias import AgentAlias
from genai_layers.platform.agents.agent_browser import AgentBrowser
from genai_layers.platform.agents.agent_gateway import AgentGateway
from genai_layers.platform.agents.agent_identity import AgentIdentity
from genai_layers.platform.agents.agent_image import AgentImage
from genai_layers.platform.agents.agent_memory import AgentMemory, Remembered
from genai_layers.platform.agents.agent_network import AgentNetwork
from genai_layers.platform.agents.agent_runtime import AgentRuntime
from genai_layers.platform.agents.agent_settings import AgentKnowledge, Collaboration, Collaborator, SessionMemory
from genai_layers.platform.agents.code_interpreter import CodeInterpreter
from genai_layers.platform.agents.errors import AgentError
from genai_layers.platform.agents.inbound_access import InboundAccess
from genai_layers.platform.agents.tool import Parameter, ParameterType, Tool
from genai_layers.platform.agents.tool_permissions import ToolCaller, ToolPermissions

__all__ = [
    "ActionGroup",
    "Agent",
    "AgentAlias",
    "AgentBrowser",
    "AgentError",
    "AgentGateway",
    "AgentIdentity",
    "AgentImage",
    "AgentKnowledge",
    "AgentMemory",
    "AgentNetwork",
    "AgentRuntime",
    "CodeInterpreter",
    "Collaboration",
    "Collaborator",
    "InboundAccess",
    "Parameter",
    "ParameterType",
    "Remembered",
    "SessionMemory",
    "Tool",
    "ToolCaller",
    "ToolPermissions",
]
