"""A digest of everything that an agent is, with what stands behind its references."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from aws_cdk import Stack
from constructs import Construct

from genai_layers.platform.agents.agent_settings import AgentKnowledge, Collaborator
from genai_layers.platform.interfaces import IGuardrail
from genai_layers.platform.knowledge_base import KnowledgeBase


def agent_content(
    scope: Construct,
    settings: Mapping[str, object],
    guardrail: IGuardrail,
    knowledge: Sequence[AgentKnowledge],
    collaborators: Sequence[Collaborator],
) -> str:
    """
    Return a digest that moves whenever the agent, or what its references stand for, moves.

    A reference looks the same in a template when what it refers to is replaced, so the guardrail counts with its
    revision, a knowledge base with its name, and another agent with its own digest.

    Args:
        scope: Any construct of the stack, to resolve references with.
        settings: Properties of the agent.
        guardrail: Its guardrail.
        knowledge: Its knowledge bases.
        collaborators: Agents that it asks.
    """
    behind = [
        guardrail.revision,
        *(
            one.knowledge_base.cfn_knowledge_base.name
            for one in knowledge
            if isinstance(one.knowledge_base, KnowledgeBase)
        ),
        *(other.alias.content for other in collaborators),
    ]
    text = json.dumps(Stack.of(scope).resolve({"settings": dict(settings), "behind": behind}), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
