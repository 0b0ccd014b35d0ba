"""Which models a caller may use: what the groups of the token say, on every route, and what is told of it."""

from __future__ import annotations

from typing import Any

import pytest

from genai_layers.runtime.chat.errors import BusyError
from tests.runtime.fakes import SETTINGS, Chat, event, says
from tests.runtime.routed import Scripted, chat_with, named

STREAM = {"accept": "text/event-stream"}
ALLOWED = {"*": ("small",), "experts": ("large",)}


def _offers(**changes: Any) -> Any:
    return chat_with([(named("small"), Scripted()), (named("large"), Scripted())], allowed_models=ALLOWED, **changes)


@pytest.mark.parametrize(
    ("groups", "listed"),
    [((), ["auto", "small"]), (("experts",), ["auto", "small", "large"]), (("x",), ["auto", "small"])],
)
def test_a_user_is_shown_what_the_groups_may_use(groups: tuple[str, ...], listed: list[str]) -> None:
    """And nothing else."""
    _, body, _ = _offers().send(event("GET /v1/models", groups=groups))

    assert [one["id"] for one in body["data"]] == listed


def test_a_model_of_other_groups_is_refused_on_both_routes() -> None:
    """Before anything is reserved, searched or asked."""
    chat = _offers()
    messages = [{"role": "user", "content": "How much leave?"}]

    ours, _, _ = chat.send(event("POST /chat", body={"question": "q", "model": "large"}))
    theirs, _, _ = chat.send(event("POST /v1/chat/completions", body={"model": "large", "messages": messages}))
    streamed, _, _ = chat.send(event("POST /chat", body={"question": "q", "model": "large"}, headers=STREAM))

    assert (ours, theirs, streamed) == (403, 403, 403)
    assert (chat.model.queries, dict(chat.store.items)) == ([], {})


def test_a_model_that_is_named_answers_alone() -> None:
    """Whoever compares models wants the one that was named, or its failure."""
    large = Scripted(BusyError("the model is busy", retry_after_seconds=3), says("28 days."))
    chat = chat_with([(named("small"), Scripted()), (named("large"), large)])
    body = {"question": "q", "model": "large"}

    assert chat.send(event("POST /chat", body=body))[0] == 429
    assert chat.send(event("POST /chat", body=body))[1]["model"] == "large"


def test_a_user_without_a_model_is_told_whom_to_ask() -> None:
    """Where the list names groups and the user is in none."""
    chat = _offers()
    chat.ports = chat_with([(named("large"), Scripted())], allowed_models={"experts": ("large",)}).ports

    status, body, _ = chat.ask("q")

    assert (status, body["error"]["code"]) == (403, "forbidden")
    assert chat.send(event("GET /v1/models"))[1]["data"] == []


def test_a_name_that_nobody_has_is_a_fault_of_the_request() -> None:
    """With the names that the caller may use."""
    status, body, _ = _offers().send(event("POST /chat", body={"question": "q", "model": "gpt"}))
    wrong, told, _ = _offers().send(event("POST /chat", body={"question": "q", "model": 3}))

    assert (status, wrong) == (400, 400)
    assert "there is auto, small" in body["error"]["message"]
    assert "'model' is a JSON number" in told["error"]["message"]


def test_a_chat_with_one_model_says_which_it_is() -> None:
    """And takes its name and no other."""
    chat = Chat()

    assert chat.ask("q")[1]["model"] == SETTINGS.model_id
    assert chat.send(event("POST /chat", body={"question": "q", "model": SETTINGS.model_id}))[0] == 200
    assert chat.send(event("POST /chat", body={"question": "q", "model": "auto"}))[0] == 400
