"""Puts AWS behind the service."""

from __future__ import annotations

from .aws import Bedrock
from .budget import Budgets
from .dynamodb import DynamoDbStore
from .replay import Replays
from .service import Ports
from .settings import ChatSettings
from .table import Conversations


def wire(settings: ChatSettings) -> Ports:
    """Return the service of *settings*, with one client for each AWS service."""
    store = DynamoDbStore(settings.table_name)
    bedrock = Bedrock(settings)
    models = None
    if settings.models:
        from .models import router

        models = router(settings, bedrock)
    return Ports(
        settings=settings,
        model=bedrock,
        models=models,
        conversations=Conversations(store, retention_days=settings.retention_days),
        replays=Replays(store),
        budgets=Budgets(store),
    )
