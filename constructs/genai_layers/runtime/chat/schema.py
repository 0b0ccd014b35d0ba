"""The API described as OpenAPI 3.1, built from the same limits that requests are checked against."""

from __future__ import annotations

from typing import Any

from .feedback import MAX_COMMENT_CHARACTERS
from .model import MAX_QUESTION_CHARACTERS
from .openai import MAX_MESSAGES

_NUMBER = {"type": "number", "minimum": 0}
_COUNT = {"type": "integer", "minimum": 0}
_ID = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
_RATING = {"enum": ["up", "down"]}
_TIME = {"type": "string", "format": "date-time"}


def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Chat over documents", "version": "1"},
        "security": [{"token": []}],
        "paths": {
            "/chat": {"post": operation("Ask a question", "Question", "Answer", is_question=True, errors=(409, 422))},
            "/v1/chat/completions": {
                "post": operation(
                    "Ask in the OpenAI protocol", "CompletionRequest", "Completion", is_question=True, errors=(409, 422)
                )
            },
            "/v1/models": {"get": operation("List the models that you may use", None, "Models")},
            "/conversations": {
                "get": operation("List your conversations", None, "Conversations", query="after"),
                "delete": {
                    **operation("Delete all that you asked", None, "Deleted"),
                    "description": "202 means that more is left: send it again.",
                },
            },
            "/conversations/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": _ID}],
                "get": operation("Read a conversation", None, "Conversation", query="before", errors=(404,)),
                "delete": operation("Delete a conversation", None, None, errors=(404,)),
            },
            "/conversations/{id}/feedback": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": _ID}],
                "post": operation("Say what you think of an answer", "Feedback", None, errors=(404,)),
            },
            "/usage": {"get": operation("Your tokens of today", None, "Usage")},
            "/openapi.json": {"get": operation("This description", None, "Description")},
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            "schemas": schemas(),
        },
    }


def schemas() -> dict[str, Any]:
    """Return the JSON Schema of each request and response, by name."""
    usage = object_of({"input_tokens": _COUNT, "output_tokens": _COUNT, "usd": {"type": ["number", "null"]}})
    citation = object_of({"text": {"type": "string"}, "source": {"type": "string"}, "score": {"type": "number"}})
    citations = {"type": "array", "items": citation}
    text = {"type": "string", "minLength": 1}
    return {
        "Question": object_of(
            {"question": {**text, "maxLength": MAX_QUESTION_CHARACTERS}, "conversation_id": _ID, "model": text},
            optional=("conversation_id", "model"),
        ),
        "Answer": object_of(
            {
                "conversation_id": _ID,
                "at": _TIME,
                "answer": text,
                "citations": citations,
                "usage": usage,
                "stopped_by_guardrail": {"type": "boolean"},
                "stop_reason": {"enum": ["answered", "length", "guardrail", "instructions_withheld"]},
                "model": text,
            }
        ),
        "Conversations": object_of(
            {
                "conversations": {
                    "type": "array",
                    "items": object_of({"conversation_id": _ID, "updated_at": _TIME, "exchanges": _COUNT}),
                },
                "after": {"type": ["string", "null"]},
            }
        ),
        "Conversation": object_of(
            {
                "conversation_id": _ID,
                "messages": {
                    "type": "array",
                    "items": object_of(
                        {
                            "role": {"enum": ["user", "assistant"]},
                            "at": _TIME,
                            "text": text,
                            "citations": citations,
                            "usage": usage,
                            "stopped_by_guardrail": {"type": "boolean"},
                            "feedback": object_of({"rating": _RATING, "comment": {"type": "string"}}),
                        },
                        optional=("citations", "usage", "stopped_by_guardrail", "feedback"),
                    ),
                },
                "before": {"type": ["string", "null"]},
            }
        ),
        "Feedback": object_of(
            {"at": _TIME, "rating": _RATING, "comment": {"type": "string", "maxLength": MAX_COMMENT_CHARACTERS}},
            optional=("comment",),
        ),
        "Usage": object_of(
            {
                "budgets": {
                    "type": "array",
                    "items": object_of(
                        {"of": {"enum": ["user", "tenant"]}, "tokens": _COUNT, "tokens_per_day": _COUNT}
                    ),
                },
                "resets_at": _TIME,
            }
        ),
        "Deleted": object_of({"deleted_items": _COUNT, "is_complete": {"type": "boolean"}}),
        "CompletionRequest": object_of(
            {
                "model": text,
                "messages": {"type": "array", "minItems": 1, "maxItems": MAX_MESSAGES, "items": {"type": "object"}},
                "max_tokens": {"type": "integer", "minimum": 1},
                "max_completion_tokens": {"type": "integer", "minimum": 1},
                "temperature": {**_NUMBER, "maximum": 1},
                "stream": {"type": "boolean"},
                "stream_options": object_of({"include_usage": {"type": "boolean"}}),
            },
            optional=("max_tokens", "max_completion_tokens", "temperature", "stream", "stream_options"),
            is_closed=False,
        ),
        "Completion": object_of(
            {
                "id": text,
                "object": {"const": "chat.completion"},
                "created": _COUNT,
                "model": text,
                "choices": {"type": "array", "minItems": 1, "maxItems": 1, "items": {"type": "object"}},
                "usage": {"type": "object"},
                "citations": citations,
            }
        ),
        "Models": object_of({"object": {"const": "list"}, "data": {"type": "array", "items": {"type": "object"}}}),
        "Description": {"type": "object"},
        "Error": object_of(
            {
                "error": object_of(
                    {
                        "code": text,
                        "message": text,
                        "request_id": text,
                        "faults": {"type": "array", "items": text},
                        "resets_at": _TIME,
                    },
                    optional=("faults", "resets_at"),
                )
            }
        ),
    }


def object_of(properties: dict[str, Any], *, optional: tuple[str, ...] = (), is_closed: bool = True) -> dict[str, Any]:
    """Return the schema of an object, closed unless it may hold more."""
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        **({"additionalProperties": False} if is_closed else {}),
    }


def operation(
    summary: str,
    body: str | None,
    response: str | None,
    *,
    is_question: bool = False,
    query: str | None = None,
    errors: tuple[int, ...] = (),
) -> dict[str, Any]:
    """Return the description of a route, with the errors that each has."""
    parameters: list[dict[str, Any]] = []
    if is_question:
        parameters.append(
            {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "pattern": "^[!-~]{1,128}$"}}
        )
    if query:
        parameters.append({"name": query, "in": "query", "schema": {"type": "string", "maxLength": 128}})
    good: dict[str, Any] = {"204": {"description": "Done"}} if response is None else {"200": _content("Done", response)}
    if is_question:
        good["200"]["content"]["text/event-stream"] = {"schema": {"type": "string"}}
    return {
        "summary": summary,
        **({"parameters": parameters} if parameters else {}),
        **({"requestBody": {"required": True, **_content("", body)}} if body else {}),
        "responses": {
            **good,
            **{
                str(status): _content("Refused", "Error")
                for status in (400, 401, 403, *errors, 413, 429, 500, 502, 504)
            },
        },
    }


def _content(description: str, name: str) -> dict[str, Any]:
    content = {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}
    return {"description": description, **content} if description else content
