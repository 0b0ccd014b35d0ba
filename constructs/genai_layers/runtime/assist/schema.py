"""What the descriptions of all applications have in common."""

from __future__ import annotations

from typing import Any

from ..chat.schema import object_of
from ..chat.schema import schemas as chat_schemas

COUNT = {"type": "integer", "minimum": 0}
TEXT = {"type": "string", "minLength": 1}
USAGE = object_of({"input_tokens": COUNT, "output_tokens": COUNT, "usd": {"type": ["number", "null"]}})


def document_of(title: str, *, paths: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """
    Return an OpenAPI document; errors are those of the chat.

    Args:
        title: Name of the application.
        paths: Its routes.
        schemas: JSON Schema of each request and response, by name.
    """
    shared = chat_schemas()
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1"},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            "schemas": {**schemas, "Error": shared["Error"], "Description": shared["Description"]},
        },
    }
