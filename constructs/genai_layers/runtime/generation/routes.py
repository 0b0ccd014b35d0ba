"""What each route of content generation and code assistance does."""

from __future__ import annotations

from collections.abc import Mapping

from ..assist.call import Call, Route
from ..chat import events, shape
from ..chat.routes import Reply
from . import code, content, schema
from .settings import GenerationPorts


def dialect(call: Call[GenerationPorts]) -> events.Dialect | None:
    """Return events where the caller takes them; else the answer comes whole."""
    return events.Ours() if events.MEDIA_TYPE in call.headers.get("accept", "") else None


def describe_content(_: Call[GenerationPorts]) -> Reply:
    """Describe content generation to programs."""
    return Reply(body=shape.dumps(schema.content()))


def describe_code(_: Call[GenerationPorts]) -> Reply:
    """Describe code assistance to programs."""
    return Reply(body=shape.dumps(schema.code()))


CONTENT: Mapping[str, Route[GenerationPorts]] = {
    "POST /content/{template}": Route(work=content.write, dialect=dialect),
    "GET /content": Route(work=content.list_templates),
    "GET /content/openapi.json": Route(work=describe_content),
}
"""Routes of content generation."""

CODE: Mapping[str, Route[GenerationPorts]] = {
    "POST /code": Route(work=code.assist, dialect=dialect),
    "GET /code/openapi.json": Route(work=describe_code),
}
"""Routes of code assistance."""

ROUTES = {**CONTENT, **CODE}
"""Every route; the API sends a function those of its own application alone."""
