"""The function behind the agent's routes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from ..assist.border import respond
from ..chat.handler import Context
from ..shared.env import Environment
from ..streaming.reply import StreamedReply
from . import settings
from .ports import AgentPorts
from .routes import ROUTES


def handler(event: Mapping[str, Any], context: Context) -> StreamedReply:
    """Answer one request of the REST API."""
    return respond(event, context, ports, ROUTES)


@cache
def ports() -> AgentPorts:
    """Return what the agent stands on, made when the first request comes and kept for the process."""
    from .wiring import wire

    return wire(settings.read(Environment()))
