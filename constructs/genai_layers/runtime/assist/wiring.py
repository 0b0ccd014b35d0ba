"""Puts AWS behind an application."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from ..chat.aws import Bedrock, code_of
from ..chat.budget import Budgets
from ..chat.dynamodb import DynamoDbStore
from ..chat.errors import BadRequestError
from ..chat.model import Completion
from ..chat.replay import Replays
from ..chat.service import Tell
from ..chat.settings import ChatSettings
from .asking import Ports
from .settings import AssistSettings


class ChosenModel:
    """
    Models of Amazon Bedrock, of which a request names one.

    Args:
        bedrock: Asks it.
    """

    def __init__(self, bedrock: Bedrock) -> None:
        self._bedrock = bedrock

    def converse(
        self, request: Mapping[str, Any], seconds_left: Callable[[], float], tell: Tell | None = None
    ) -> Completion:
        """
        Return what the model makes of *request*, and meanwhile give *tell* each piece of it.

        Raises:
            BadRequestError: The model does not take these parameters.
        """
        try:
            return self._bedrock.converse(request, seconds_left, tell)
        except ClientError as error:
            if code_of(error) != "ValidationException":
                raise
            raise BadRequestError(
                ["the model does not take this request: leave 'temperature' or 'top_p' out, or ask for less"]
            ) from error


class _NoDocuments:
    """Stands where the chat has its knowledge base: these applications retrieve nothing and may retrieve nothing."""


def wire(settings: AssistSettings) -> Ports:
    """Return what an application of *settings* stands on, with one client for each AWS service."""
    store = DynamoDbStore(settings.table_name)
    nothing_to_find = ChatSettings(
        model_id=settings.models[0].id,
        guardrail_id=settings.guardrail_id,
        guardrail_version=settings.guardrail_version,
        knowledge_base_id="",
        table_name=settings.table_name,
        function_name="",
        allowed_clients=settings.allowed_clients,
    )
    return Ports(
        settings=settings,
        model=ChosenModel(Bedrock(nothing_to_find, agent_runtime=_NoDocuments())),
        replays=Replays(store),
        budgets=Budgets(store),
    )
