"""What else an agent is given: memory, knowledge, other agents."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from genai_layers.platform.agents.names import NAME
from genai_layers.platform.interfaces import IKnowledgeBase

if TYPE_CHECKING:
    from genai_layers.platform.agents.agent_alias import AgentAlias

_MAX_DESCRIPTION = 200
# Bedrock user guide, "Retain conversational context across multiple sessions using memory", read 2026-11-25.
_MOST_DAYS = 365
_MOST_SESSIONS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionMemory:
    """
    Summaries of earlier sessions, kept apart for each `memoryId` that a request names.

    Whoever calls the agent must take that id from the token of the person, never from the request.

    Attributes:
        days: How long they are kept, in days, 1 to 365. Default: 30.
        recent_sessions: How many are told to the model, 1 to 50. Default: 20.
    """

    days: int = 30
    recent_sessions: int = 20

    def faults(self) -> list[str]:
        """Return why the service would refuse the memory."""
        faults = []
        if not 1 <= self.days <= _MOST_DAYS:
            faults.append(f"memory keeps {self.days} days: choose 1 to {_MOST_DAYS}")
        if not 1 <= self.recent_sessions <= _MOST_SESSIONS:
            faults.append(f"memory tells {self.recent_sessions} recent sessions: choose 1 to {_MOST_SESSIONS}")
        return faults

    def render(self) -> dict[str, object]:
        """Return the memory as the service takes it."""
        return {
            "enabledMemoryTypes": ["SESSION_SUMMARY"],
            "storageDays": self.days,
            "sessionSummaryConfiguration": {"maxRecentSessions": self.recent_sessions},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentKnowledge:
    """
    A knowledge base that an agent may ask.

    Attributes:
        knowledge_base: The knowledge base.
        description: When to ask it; the model chooses by it.
    """

    knowledge_base: IKnowledgeBase
    description: str

    def faults(self) -> list[str]:
        """Return why the service would refuse the knowledge base."""
        if 1 <= len(self.description) <= _MAX_DESCRIPTION:
            return []
        return [
            f"description of a knowledge base has {len(self.description)} characters, allowed are 1 to "
            f"{_MAX_DESCRIPTION}"
        ]

    def render(self) -> dict[str, object]:
        """Return the knowledge base as the service takes it."""
        return {
            "knowledgeBaseId": self.knowledge_base.knowledge_base_id,
            "description": self.description,
            "knowledgeBaseState": "ENABLED",
        }


class Collaboration(StrEnum):
    """What an agent does with other agents."""

    SUPERVISOR = "SUPERVISOR"
    """It plans, asks them, and puts their answers together."""

    SUPERVISOR_ROUTER = "SUPERVISOR_ROUTER"
    """It hands a simple question to the right one, and plans for the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collaborator:
    """
    Another agent that an agent may ask.

    Attributes:
        alias: The other agent under the name that callers use. Whenever what stands behind it moves, the alias of
            the agent that asks moves too, so that the two are never out of step.
        name: Name for the model.
        instruction: When to ask it, and how.
        sees_history: Whether it is told the conversation. Default: only what it is asked.
    """

    alias: AgentAlias
    name: str
    instruction: str
    sees_history: bool = False

    def faults(self) -> list[str]:
        """Return why the service would refuse the collaborator."""
        faults = []
        if not NAME.fullmatch(self.name):
            faults.append(
                f"collaborator {self.name!r}: use letters and digits, with single dashes or underscores between"
            )
        if not self.instruction.strip():
            faults.append(f"instruction of collaborator {self.name!r} is empty: say when to ask it")
        return faults

    def render(self) -> dict[str, object]:
        """Return the collaborator as the service takes it."""
        return {
            "agentDescriptor": {"aliasArn": self.alias.alias_arn},
            "collaborationInstruction": self.instruction,
            "collaboratorName": self.name,
            "relayConversationHistory": "TO_COLLABORATOR" if self.sees_history else "DISABLED",
        }
