"""Content generation and code assistance described as OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

from ..assist.schema import COUNT, TEXT, USAGE, document_of
from ..chat.model import Stop
from ..chat.schema import object_of, operation
from .code import MAX_CODE_CHARACTERS, MAX_REQUEST_CHARACTERS, TASKS
from .content import MAX_VALUE_CHARACTERS

_ENDING = {
    "usage": USAGE,
    "stopped_by_guardrail": {"type": "boolean"},
    "stop_reason": {"enum": [stop.value for stop in Stop]},
}


def content() -> dict[str, Any]:
    """Return the OpenAPI document of content generation."""
    name = {"name": "template", "in": "path", "required": True, "schema": TEXT}
    return document_of(
        "Content generation",
        paths={
            "/content/{template}": {
                "parameters": [name],
                "post": operation("Write a text", "Order", "Content", is_question=True, errors=(404, 409, 422)),
            },
            "/content": {"get": operation("List the templates", None, "Templates")},
            "/content/openapi.json": {"get": operation("This description", None, "Description")},
        },
        schemas={
            "Order": object_of(
                {
                    "variables": {
                        "type": "object",
                        "additionalProperties": {**TEXT, "maxLength": MAX_VALUE_CHARACTERS},
                    }
                },
                optional=("variables",),
            ),
            "Content": object_of({"content": TEXT, **_ENDING}),
            "Templates": {
                "type": "array",
                "items": object_of({"name": TEXT, "about": TEXT, "variables": {"type": "array", "items": TEXT}}),
            },
        },
    )


def code() -> dict[str, Any]:
    """Return the OpenAPI document of code assistance."""
    return document_of(
        "Code assistance",
        paths={
            "/code": {"post": operation("Help with code", "Task", "Help", is_question=True, errors=(409, 422))},
            "/code/openapi.json": {"get": operation("This description", None, "Description")},
        },
        schemas={
            "Task": object_of(
                {
                    "task": {"enum": list(TASKS)},
                    "language": {**TEXT, "maxLength": 30},
                    "code": {"type": "string", "maxLength": MAX_CODE_CHARACTERS},
                    "request": {"type": "string", "maxLength": MAX_REQUEST_CHARACTERS},
                },
                optional=("code", "request"),
            ),
            "Help": object_of({"answer": TEXT, "masked_secrets": COUNT, **_ENDING}),
        },
    )
