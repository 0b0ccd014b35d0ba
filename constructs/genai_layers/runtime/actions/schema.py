"""The agent described as OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

from ..assist.schema import TEXT, USAGE, document_of
from ..chat.model import Stop
from ..chat.schema import object_of, operation


def document(task_characters: int, token_characters: int) -> dict[str, Any]:
    """
    Return the OpenAPI document.

    Args:
        task_characters: Longest task.
        token_characters: Longest token of an approval.
    """
    return document_of(
        "Agent with actions",
        paths={
            "/agent": {"post": operation("Do a task", "Task", "Answer", is_question=True, errors=(409, 422))},
            "/agent/approve": {
                "post": {
                    **operation("Decide an action", "Decision", "Answer", is_question=True, errors=(409, 422)),
                    "description": "A token is good once, for who was given it and for the arguments that were shown.",
                }
            },
            "/agent/tools": {"get": operation("List your tools", None, "Tools")},
            "/agent/openapi.json": {"get": operation("This description", None, "Description")},
        },
        schemas=schemas(task_characters, token_characters),
    )


def schemas(task_characters: int, token_characters: int) -> dict[str, Any]:
    """Return the JSON Schema of each request and response, by name."""
    arguments = {"type": "object"}
    return {
        "Task": object_of({"task": {**TEXT, "maxLength": task_characters}}),
        "Decision": object_of(
            {
                "token": {**TEXT, "maxLength": token_characters},
                "arguments": arguments,
                "decision": {"enum": ["approve", "refuse"]},
            }
        ),
        "Answer": object_of(
            {
                "status": {"enum": ["answered", "approval_needed"]},
                "action": object_of({"tool": TEXT, "outcome": {"enum": ["success", "error", "refused"]}}),
                "answer": TEXT,
                "approval": object_of(
                    {
                        "tool": TEXT,
                        "description": TEXT,
                        "arguments": arguments,
                        "token": TEXT,
                        "expires_at": {"type": "string", "format": "date-time"},
                    }
                ),
                "usage": USAGE,
                "stopped_by_guardrail": {"type": "boolean"},
                "stop_reason": {"enum": [stop.value for stop in Stop]},
            },
            optional=("action", "approval"),
        ),
        "Tools": {
            "type": "array",
            "items": object_of({"name": TEXT, "description": TEXT, "needs_approval": {"type": "boolean"}}),
        },
    }
