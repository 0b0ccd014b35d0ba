"""What a person says of an answer is kept with it, read back, counted, and gone with it."""

from __future__ import annotations

from typing import Any

import pytest

from genai_layers.runtime.chat.model import Exchange, Feedback, Rating, Usage
from genai_layers.runtime.chat.store import Store
from genai_layers.runtime.chat.table import Conversations
from tests.runtime.fakes import Chat, Clock, FakeModel, blocked, event

ROUTE = "POST /conversations/{id}/feedback"


def _said(chat: Chat, answer: dict[str, Any], *, user: str = "ada", **said: Any) -> tuple[int, Any]:
    body = {"at": answer["at"], **said}
    return chat.send(event(ROUTE, user=user, path={"id": answer["conversation_id"]}, body=body))[:2]


def _read(chat: Chat, answer: dict[str, Any]) -> dict[str, Any]:
    _, body, _ = chat.send(event("GET /conversations/{id}", path={"id": answer["conversation_id"]}))
    return next(one for one in body["messages"] if one["role"] == "assistant" and one["at"] == answer["at"])


def test_a_rating_and_a_comment_are_read_back_with_the_answer() -> None:
    """The time that an answer gave is the one that names it in its conversation."""
    chat = Chat()
    _, answer, _ = chat.ask("How much leave?")

    assert "feedback" not in _read(chat, answer)
    assert _said(chat, answer, rating="down", comment="  It is 30 days. ") == (204, None)
    assert _read(chat, answer)["feedback"] == {"rating": "down", "comment": "It is 30 days."}


def test_the_last_word_counts() -> None:
    """A rating replaces the one before, with its comment."""
    chat = Chat()
    _, answer, _ = chat.ask("How much leave?")
    _said(chat, answer, rating="down", comment="wrong")

    _said(chat, answer, rating="up")

    assert _read(chat, answer)["feedback"] == {"rating": "up", "comment": ""}


def test_a_stopped_answer_can_be_rated() -> None:
    """A guardrail that stops too much is worth knowing."""
    chat = Chat(FakeModel(blocked()))
    _, answer, _ = chat.ask("How much leave?")

    assert _said(chat, answer, rating="down")[0] == 204
    assert _read(chat, answer)["feedback"]["rating"] == "down"


def test_what_was_said_is_counted_once(capsys: pytest.CaptureFixture[str]) -> None:
    """The same rating again is no second opinion; another one is."""
    chat = Chat()
    _, answer, _ = chat.ask("How much leave?")
    capsys.readouterr()

    for rating in ("up", "up", "down"):
        _said(chat, answer, rating=rating, comment="private words")

    logged = capsys.readouterr().out
    assert logged.count('"FeedbackUp":1') == 1
    assert logged.count('"FeedbackDown":1') == 1
    assert "private words" not in logged


@pytest.mark.parametrize("user", ["eve", "ada"])
def test_an_answer_of_nobody_or_of_another_is_not_there(user: str) -> None:
    """Neither somebody else's answer nor a time without one."""
    chat = Chat()
    _, answer, _ = chat.ask("How much leave?")
    before = {**chat.store.items}
    asked = answer if user == "eve" else {**answer, "at": "2026-11-25T12:00:59.000Z"}

    status, body = _said(chat, asked, user=user, rating="up")

    assert (status, body["error"]["code"]) == (404, "not_found")
    assert chat.store.items == before


def test_it_is_deleted_with_the_conversation() -> None:
    """It lies in the item of the exchange, so nothing of it can be left over."""
    chat = Chat()
    _, answer, _ = chat.ask("How much leave?")
    _said(chat, answer, rating="up", comment="of use")

    chat.send(event("DELETE /conversations/{id}", path={"id": answer["conversation_id"]}))

    assert "of use" not in str(chat.store.items)
    assert _said(chat, answer, rating="up")[0] == 404


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({}, ["'at'", "'rating'"]),
        ({"at": "yesterday", "rating": "meh", "stars": 5}, ["'stars'", "'at'", "'rating'"]),
        ({"at": "2026-13-45T12:00:00.000Z", "rating": ["up"]}, ["'at'", "'rating'"]),
        ({"at": "2026-11-25T12:00:00.000Z", "rating": "up", "comment": 5}, ["'comment'"]),
        ({"at": "2026-11-25T12:00:00.000Z", "rating": "up", "comment": "x" * 1001}, ["'comment'"]),
        ({"at": "2026-11-25T12:00:00.000Z", "rating": "up", "comment": "a\x00b"}, ["'comment'"]),
        ({"at": 5, "rating": None}, ["'at'", "'rating'"]),
    ],
)
def test_every_fault_is_told(body: dict[str, Any], faults: list[str]) -> None:
    """All of them at once, as for a question."""
    status, answer, _ = Chat().send(event(ROUTE, path={"id": "0" * 32}, body=body))

    assert status == 400
    assert [fault.split()[0] for fault in answer["error"]["faults"]] == faults


def test_a_table_keeps_it(store: Store) -> None:
    """The same in memory and in DynamoDB, two answers of one second told apart."""
    clock = Clock()
    conversations = Conversations(store, retention_days=1, now=clock)
    at = int(clock().timestamp() * 1000)
    for moment in (at, at + 1):
        conversations.append(
            "user#-#ada",
            "c" * 32,
            Exchange(
                at_ms=moment,
                question="q",
                answer="a",
                citations=(),
                usage=Usage(input_tokens=1, output_tokens=1, usd=None),
                is_stopped=False,
            ),
            is_new=moment == at,
        )
    said = Feedback(rating=Rating.DOWN, comment="")

    assert conversations.rate("user#-#ada", "c" * 32, at + 1, said) == (True, None)
    assert conversations.rate("user#-#ada", "c" * 32, at + 1, said) == (True, said)
    assert conversations.rate("user#-#ada", "c" * 32, at + 2, said) == (False, None)
    exchanges, _ = conversations.exchanges("user#-#ada", "c" * 32, limit=5)
    assert [one.feedback for one in exchanges] == [None, said]
