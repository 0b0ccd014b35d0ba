"""Answers about data described as OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

from ..assist.schema import COUNT, TEXT, USAGE, document_of
from ..chat.model import Stop
from ..chat.schema import object_of, operation


def document(question_characters: int) -> dict[str, Any]:
    """
    Return the OpenAPI document.

    Args:
        question_characters: Longest question.
    """
    return document_of(
        "Insight over data",
        paths={
            "/insight": {
                "post": operation("Ask about data", "Question", "Insight", is_question=True, errors=(409, 422))
            },
            "/insight/tables": {"get": operation("List what can be asked about", None, "Tables")},
            "/insight/openapi.json": {"get": operation("This description", None, "Description")},
        },
        schemas={
            "Question": object_of({"question": {**TEXT, "maxLength": question_characters}}),
            "Insight": object_of(
                {
                    "summary": TEXT,
                    "sql": {"type": ["string", "null"]},
                    "columns": {"type": "array", "items": TEXT},
                    "rows": {"type": "array", "items": {"type": "array", "items": {"type": ["string", "null"]}}},
                    "is_cut": {"type": "boolean"},
                    "bytes_scanned": COUNT,
                    "usage": USAGE,
                    "stopped_by_guardrail": {"type": "boolean"},
                    "stop_reason": {"enum": [stop.value for stop in Stop]},
                }
            ),
            "Tables": {
                "type": "array",
                "items": object_of({"name": TEXT, "about": TEXT, "columns": {"type": "object"}}),
            },
        },
    )
