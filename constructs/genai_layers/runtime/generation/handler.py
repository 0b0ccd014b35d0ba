"""The function behind the routes of content generation, or of code assistance."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from ..assist.border import respond
from ..chat.handler import Context
from ..shared.env import Environment
from ..streaming.reply import StreamedReply
from .routes import ROUTES
from .settings import GenerationPorts, read


def handler(event: Mapping[str, Any], context: Context) -> StreamedReply:
    """Answer one request of the REST API."""
    return respond(event, context, ports, ROUTES)


@cache
def ports() -> GenerationPorts:
    """Return what the application stands on, made when the first request comes and kept for the process."""
    from ..assist.wiring import wire

    settings = read(Environment())
    shared = wire(settings)
    return GenerationPorts(
        settings=settings, model=shared.model, replays=shared.replays, budgets=shared.budgets, now=shared.now
    )
