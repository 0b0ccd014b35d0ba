"""What the API says about itself holds: every response fits the schema that describes it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from genai_layers.runtime.chat.routes import ROUTES
from genai_layers.runtime.chat.schema import document, schemas
from tests.runtime.fakes import SETTINGS, Chat, FakeModel, blocked, event, says

TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


def _faults(value: Any, schema: dict[str, Any], path: str = "$") -> list[str]:
    """Return where *value* does not fit *schema*; knows the keywords that our schemas use."""
    faults = []
    if "enum" in schema and value not in schema["enum"]:
        faults.append(f"{path} is {value!r}")
    if "const" in schema and value != schema["const"]:
        faults.append(f"{path} is {value!r}")
    if "type" in schema:
        names = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        if not any(isinstance(value, TYPES[name]) and (name == "boolean") == isinstance(value, bool) for name in names):
            return [*faults, f"{path} is a {type(value).__name__}"]
    if "pattern" in schema and not re.search(schema["pattern"], value):
        faults.append(f"{path} does not match")
    if len(value) < schema.get("minLength", 0) if isinstance(value, str) else False:
        faults.append(f"{path} is too short")
    if isinstance(value, int | float) and value < schema.get("minimum", value):
        faults.append(f"{path} is too small")
    if isinstance(value, list):
        for index, item in enumerate(value):
            faults += _faults(item, schema.get("items", {}), f"{path}[{index}]")
    if isinstance(value, dict) and "properties" in schema:
        faults += [f"{path}.{name} is missing" for name in schema["required"] if name not in value]
        for name, item in value.items():
            if name in schema["properties"]:
                faults += _faults(item, schema["properties"][name], f"{path}.{name}")
            elif schema.get("additionalProperties") is False:
                faults.append(f"{path}.{name} is not described")
    return faults


def _responses() -> dict[str, tuple[str, Any]]:
    chat = Chat(FakeModel(says("28 days [1]."), blocked(), says("28 days.")), user_tokens_per_day=8000)
    first = chat.ask("How much leave?")[1]
    path = {"id": first["conversation_id"]}
    return {
        "an answer": ("Answer", first),
        "a stop": ("Answer", chat.ask("x", conversation_id=path["id"])[1]),
        "a conversation": ("Conversation", chat.send(event("GET /conversations/{id}", path=path))[1]),
        "conversations": ("Conversations", chat.send(event("GET /conversations"))[1]),
        "a completion": (
            "Completion",
            chat.send(
                event(
                    "POST /v1/chat/completions",
                    body={"model": SETTINGS.model_id, "messages": [{"role": "user", "content": "x"}]},
                )
            )[1],
        ),
        "models": ("Models", chat.send(event("GET /v1/models"))[1]),
        "a bad request": ("Error", chat.send(event("POST /chat", body={}))[1]),
        "an exhausted budget": ("Error", Chat(user_tokens_per_day=1).ask("x")[1]),
        "what was deleted": ("Deleted", chat.send(event("DELETE /conversations"))[1]),
        "the description": ("Description", chat.send(event("GET /openapi.json"))[1]),
    }


@pytest.mark.parametrize("name", list(_responses()))
def test_a_response_fits_its_schema(name: str) -> None:
    """No field is missing and none is undescribed."""
    schema, response = _responses()[name]

    assert _faults(response, schemas()[schema]) == []


def test_every_route_is_described_and_no_other() -> None:
    """A client generated from the description calls exactly what there is."""
    described = {
        f"{method.upper()} {path}"
        for path, item in document()["paths"].items()
        for method in item
        if method != "parameters"
    }

    assert described == set(ROUTES)


def test_the_description_refers_to_schemas_that_are_there() -> None:
    """No reference leads nowhere."""
    references = set(re.findall(r"#/components/schemas/(\w+)", str(document())))

    assert references <= set(schemas())
    assert references >= {"Answer", "Question", "Error", "CompletionRequest"}
