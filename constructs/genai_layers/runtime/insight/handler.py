"""The function behind questions about data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from ..assist.border import respond
from ..chat.handler import Context
from ..shared.env import Environment
from ..streaming.reply import StreamedReply
from .ports import InsightPorts, read
from .routes import ROUTES


def handler(event: Mapping[str, Any], context: Context) -> StreamedReply:
    """Answer one request of the REST API."""
    return respond(event, context, ports, ROUTES)


@cache
def ports() -> InsightPorts:
    """Return what answers stand on, made when the first request comes and kept for the process."""
    from .wiring import wire

    return wire(read(Environment()))
