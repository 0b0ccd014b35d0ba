"""
What holds for each route, by its own description: requests and responses fit their schemas, and nothing else is taken.

A route that is added and has no request here fails the first test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from genai_layers.runtime.chat.routes import ROUTES
from genai_layers.runtime.chat.schema import document, schemas
from tests.runtime.fakes import SETTINGS, Chat, FakeModel, event, says
from tests.runtime.test_chat_schema import _faults

COMPLETION = {"model": SETTINGS.model_id, "messages": [{"role": "user", "content": "How much leave?"}]}

REQUESTS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "POST /chat": lambda _: {"question": "How much leave?"},
    "POST /v1/chat/completions": lambda _: COMPLETION,
    "POST /conversations/{id}/feedback": lambda answer: {"at": answer["at"], "rating": "up"},
    "GET /v1/models": lambda _: None,
    "GET /conversations": lambda _: None,
    "DELETE /conversations": lambda _: None,
    "GET /conversations/{id}": lambda _: None,
    "DELETE /conversations/{id}": lambda _: None,
    "GET /usage": lambda _: None,
    "GET /openapi.json": lambda _: None,
}
"""A good body for each route, made of an earlier answer."""

WITH_BODY = [route for route, body in REQUESTS.items() if body({"at": "x"}) is not None]


def _described(route: str) -> dict[str, Any]:
    method, _, path = route.partition(" ")
    described: dict[str, Any] = document()["paths"][path][method.lower()]
    return described


def _schema(content: Mapping[str, Any]) -> dict[str, Any]:
    named: dict[str, Any] = schemas()[content["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]]
    return named


def _sent(route: str, chat: Chat | None = None, **changes: Any) -> tuple[int, Any, Mapping[str, str], Any]:
    """Return status, body and headers of a good request, changed as told, and its body."""
    made = chat or Chat()
    _, answer, _ = made.ask("How much leave?")
    body = REQUESTS[route]({"at": "x", **answer})
    given = {"body": body, "path": {"id": answer.get("conversation_id", "0" * 32)}, **changes}
    return (*made.send(event(route, **given)), body)


def test_every_route_has_a_request_here() -> None:
    """So that nothing is added past these tests."""
    assert set(REQUESTS) == set(ROUTES)


@pytest.mark.parametrize("route", REQUESTS)
def test_a_good_request_and_its_response_fit_their_schemas(route: str) -> None:
    """Both as the description of the route says, status included."""
    status, response, headers, body = _sent(route)

    described = _described(route)
    assert str(status) in described["responses"]
    content = described["responses"][str(status)].get("content")
    assert (response is None) == (content is None)
    assert content is None or _faults(response, _schema(content)) == []
    assert (body is None) == ("requestBody" not in described)
    assert body is None or _faults(body, _schema(described["requestBody"]["content"])) == []
    assert headers["cache-control"] == "no-store"


def test_what_is_told_piece_by_piece_ends_with_what_is_told_whole() -> None:
    """The last event fits the schema of the answer."""
    made = event("POST /chat", body={"question": "How much leave?"}, headers={"Accept": "text/event-stream"})

    _, told, headers = Chat().listen(made)

    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert "text/event-stream" in _described("POST /chat")["responses"]["200"]["content"]
    assert (told[-1][0], _faults(told[-1][1], schemas()["Answer"])) == ("answer", [])


@pytest.mark.parametrize("route", WITH_BODY)
@pytest.mark.parametrize("body", [{}, [], "{", {"tenant": "initech"}, {"question": 1, "messages": 1, "at": 1}])
def test_a_body_that_does_not_fit_is_refused_before_anything_is_spent(route: str, body: Any) -> None:
    """With all of its faults, as the schema of errors says."""
    chat = Chat()
    chat.ask("How much leave?")

    status, response, _, _ = _sent(route, chat, body=body)

    assert status == 400
    assert _faults(response, _schema(_described(route)["responses"]["400"]["content"])) == []
    assert len(chat.model.requests) == 2, "the bad request reached the model"


@pytest.mark.parametrize("route", WITH_BODY)
def test_a_field_that_nobody_knows_is_refused(route: str) -> None:
    """Ignored, it would be believed to work."""
    chat = Chat()
    _, answer, _ = chat.ask("How much leave?")
    body = {**REQUESTS[route]({"at": "x", **answer}), "tenant": "initech"}

    status, response, _ = chat.send(event(route, body=body, path={"id": answer["conversation_id"]}))

    assert status == 400
    assert "tenant" in response["error"]["message"] + str(response["error"].get("faults"))


@pytest.mark.parametrize("route", WITH_BODY)
def test_a_body_that_is_too_large_is_refused(route: str) -> None:
    """Before it is parsed."""
    status, response, _, _ = _sent(route, body="x" * 300_000)

    assert (status, response["error"]["code"]) == (413, "request_too_large")


@pytest.mark.parametrize("route", REQUESTS)
def test_nothing_is_told_without_a_verified_token(route: str) -> None:
    """Each route by itself, should the API in front be set up wrongly."""
    made = event(route, body=REQUESTS[route]({"at": "x"}), path={"id": "0" * 32})
    made["requestContext"]["authorizer"] = {}

    status, response, _ = Chat().send(made)

    assert status == 401
    assert _faults(response, schemas()["Error"]) == []


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("route", ["POST /chat", "POST /v1/chat/completions"])
def test_a_used_up_budget_is_429_with_the_time_to_come_back(route: str, stream: bool) -> None:
    """The same, streamed or whole: a client needs no parser of events to be told to wait."""
    headers = {"Accept": "text/event-stream"} if stream and route == "POST /chat" else {}
    body = REQUESTS[route]({}) | ({"stream": True} if stream and route != "POST /chat" else {})
    chat = Chat(user_tokens_per_day=10)

    status, response, told = chat.send(event(route, body=body, headers=headers))

    assert (status, response["error"]["code"]) == (429, "token_budget_exhausted")
    assert response["error"]["resets_at"] == "2026-11-26T00:00:00Z"
    assert int(told["retry-after"]) == pytest.approx(12 * 3600, abs=2)


@pytest.mark.parametrize("route", ["POST /chat", "POST /v1/chat/completions"])
def test_a_request_with_a_key_is_answered_once(route: str) -> None:
    """Both ways to ask take an idempotency key."""
    chat = Chat(FakeModel(says("28 days [1]."), says("30 days [1].")))
    made = event(route, body=REQUESTS[route]({}), headers={"Idempotency-Key": "one"})

    first, again = chat.send(made), chat.send(made)

    assert again[:2] == first[:2]
    assert ("idempotent-replayed" in first[2], again[2]["idempotent-replayed"]) == (False, "true")
    assert len(chat.model.requests) == 1
