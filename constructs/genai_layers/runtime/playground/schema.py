"""The playground described as OpenAPI 3.1, built from the same limits that requests are checked against."""

from __future__ import annotations

from typing import Any

from ..assist.schema import COUNT, TEXT, USAGE, document_of
from ..chat.model import Stop
from ..chat.schema import object_of, operation
from .prompt import MAX_MODELS, MAX_PROMPT_CHARACTERS, MAX_SYSTEM_CHARACTERS


def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    return document_of(
        "Playground",
        paths={
            "/playground": {
                "post": {
                    **operation(
                        "Ask one or two models the same", "Prompt", "Events", is_question=True, errors=(409, 422)
                    ),
                    "description": "Server-sent events: `piece` (Piece), `answer` (Answer), `error` (Failure).",
                }
            },
            "/playground/models": {"get": operation("List the models", None, "Models")},
            "/playground/openapi.json": {"get": operation("This description", None, "Description")},
        },
        schemas=schemas(),
    )


def schemas() -> dict[str, Any]:
    """Return the JSON Schema of each request and response, by name."""
    share = {"type": "number", "minimum": 0, "maximum": 1}
    index = {"type": "integer", "minimum": 0, "maximum": MAX_MODELS - 1}
    price = {"type": ["number", "null"]}
    return {
        "Prompt": object_of(
            {
                "prompt": {**TEXT, "maxLength": MAX_PROMPT_CHARACTERS},
                "system": {"type": "string", "maxLength": MAX_SYSTEM_CHARACTERS},
                "models": {"type": "array", "minItems": 1, "maxItems": MAX_MODELS, "items": TEXT},
                "max_tokens": {"type": "integer", "minimum": 1},
                "temperature": share,
                "top_p": share,
            },
            optional=("system", "max_tokens", "temperature", "top_p"),
        ),
        "Events": {"type": "string"},
        "Piece": object_of({"model": index, "text": TEXT}),
        "Answer": object_of(
            {
                "model": index,
                "model_id": TEXT,
                "text": TEXT,
                "usage": USAGE,
                "first_words_ms": COUNT,
                "total_ms": COUNT,
                "stop_reason": {"enum": [stop.value for stop in Stop]},
                "stopped_by_guardrail": {"type": "boolean"},
            }
        ),
        "Failure": object_of({"model": index, "error": {"type": "object"}}),
        "Models": {
            "type": "array",
            "items": object_of(
                {
                    "id": TEXT,
                    "name": TEXT,
                    "input_usd_per_million": price,
                    "output_usd_per_million": price,
                    "max_output": {"type": "integer", "minimum": 1},
                }
            ),
        },
    }
