"""Puts AWS behind the agent."""

from __future__ import annotations

from ..chat.budget import Budgets
from ..chat.dynamodb import DynamoDbStore
from ..chat.replay import Replays
from .aws import BedrockAgentModel, LambdaHands
from .ports import AgentPorts, AgentSettings


def wire(settings: AgentSettings) -> AgentPorts:
    """Return what an agent of *settings* stands on, with one client for each AWS service."""
    store = DynamoDbStore(settings.table_name)
    return AgentPorts(
        settings=settings,
        model=BedrockAgentModel(settings),
        hands=LambdaHands(),
        store=store,
        replays=Replays(store),
        budgets=Budgets(store),
    )
