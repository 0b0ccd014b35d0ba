"""What is refused, with which status and in which words; and that nothing is spent on it."""

from __future__ import annotations

import json

import pytest

from genai_layers.runtime.chat.errors import BusyError, TooSlowError, UpstreamError
from tests.runtime.fakes import Chat, Context, FakeModel, event, recorded, says


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (None, "the body is not JSON: send a JSON object"),
        ("{", "the body is not JSON: send a JSON object"),
        ("[]", "the body is a JSON list: send a JSON object"),
        ("[" * 60_000, "the body is not JSON: send a JSON object"),
        ({}, "'question' is missing: give the question as text"),
        ({"question": None}, "'question' is a JSON null: give the question as text"),
        ({"question": 7}, "'question' is a JSON number: give the question as text"),
        ({"question": True}, "'question' is a JSON boolean: give the question as text"),
        ({"question": "  \n "}, "'question' is empty: ask something"),
        ({"question": "a" * 8001}, "'question' has 8001 characters, at most 8000 are allowed: shorten it"),
        ({"question": "a\x00b"}, "'question' holds control characters: send plain text"),
        ('{"question": "\\ud800"}', "'question' holds half of a surrogate pair: send valid Unicode"),
        ({"question": "a", "user": "eve"}, "'user' is not a field of a question: allowed are"),
        ({"question": "a", "conversation_id": "../../x"}, "'conversation_id' is not one of ours"),
        ({"question": "a", "conversation_id": 1}, "'conversation_id' is not one of ours"),
    ],
)
def test_says_what_is_wrong_with_a_request(body: object, told: str) -> None:
    """Every malformed request is a 400 that says what to change, and costs nothing."""
    chat = Chat()

    status, answer, _ = chat.send(event("POST /chat", body=body))

    assert status == 400
    assert answer["error"]["code"] == "bad_request"
    assert told in answer["error"]["message"]
    assert answer["error"]["request_id"] == Context.aws_request_id
    assert chat.model.queries == []


def test_names_every_fault_at_once() -> None:
    """A caller fixes a request in one go."""
    body = {"question": "", "conversation_id": "x", "stream": True}

    _, answer, _ = Chat().send(event("POST /chat", body=body, headers={"Idempotency-Key": "two words"}))

    assert len(answer["error"]["faults"]) == 4
    assert answer["error"]["message"] == "; ".join(answer["error"]["faults"])


def test_refuses_a_body_that_is_too_large() -> None:
    """A body is not parsed before its size is known to be bearable."""
    status, answer, _ = Chat().send(event("POST /chat", body={"question": "a" * 270_000}))

    assert (status, answer["error"]["code"]) == (413, "request_too_large")


def test_refuses_broken_base64() -> None:
    """A body that claims an encoding must have it."""
    broken = {**recorded("post_chat_base64"), "body": "%%%"}

    status, answer, _ = Chat().send(broken)

    assert (status, answer["error"]["message"]) == (400, "the body is not valid base64: send JSON")


@pytest.mark.parametrize("name", ["post_chat_no_token", "post_chat_id_token"])
def test_refuses_a_request_without_an_access_token(name: str) -> None:
    """The authorizer stands in front; the function does not rely on it alone."""
    chat = Chat()

    status, answer, _ = chat.send(recorded(name))

    assert (status, answer["error"]["code"]) == (401, "not_authenticated")
    assert chat.model.queries == []


@pytest.mark.parametrize("subject", ["", "a b", "x" * 129, "a\n", None, 7])
def test_refuses_a_token_without_a_usable_subject(subject: object) -> None:
    """The subject becomes the key of the user's data, so it must look like one."""
    request = event("POST /chat", body={"question": "a"})
    request["requestContext"]["authorizer"]["claims"]["sub"] = subject

    status, _, _ = Chat().send(request)

    assert status == 401


def test_knows_no_other_route() -> None:
    """A route that the API should never forward is refused here as well."""
    status, answer, _ = Chat().send(event("POST /admin", body={}))

    assert (status, answer["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("error", "status", "code", "retry_after"),
    [
        (BusyError("the model is busy: try again", retry_after_seconds=4), 429, "throttled", "4"),
        (UpstreamError("the model failed: try again"), 502, "model_unavailable", "5"),
        (TooSlowError("the model took too long"), 504, "model_timeout", "5"),
    ],
)
def test_tells_when_to_come_back(error: Exception, status: int, code: str, retry_after: str) -> None:
    """What passes by itself carries Retry-After."""
    answer = Chat(FakeModel(error)).ask("How much leave?")

    assert (answer[0], answer[1]["error"]["code"], answer[2]["retry-after"]) == (status, code, retry_after)


def test_hides_what_went_wrong_inside(capsys: pytest.CaptureFixture[str]) -> None:
    """An error of ours is a 500 with the request id; the log says where, never what the user wrote."""
    chat = Chat(FakeModel(RuntimeError("failed on: my salary is 1000")))

    status, answer, _ = chat.ask("my salary is 1000")

    assert status == 500
    assert answer["error"]["request_id"] == Context.aws_request_id
    assert "salary" not in json.dumps(answer)
    log = capsys.readouterr().out
    assert "salary" not in log
    line = next(json.loads(one) for one in log.splitlines() if "request_failed" in one)
    assert line["error_type"] == "RuntimeError"
    assert any("fakes.py" in frame for frame in line["frames"])


def test_an_empty_answer_is_a_failure() -> None:
    """A model that says nothing has not answered."""
    chat = Chat(FakeModel(says("")))

    status, answer, _ = chat.ask("How much leave?")

    assert (status, answer["error"]["code"]) == (502, "model_unavailable")
    assert chat.store.items == {}


def test_a_function_without_settings_fails_with_a_request_id(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deploy that forgot a setting is told apart from a request that is wrong."""
    from genai_layers.runtime.chat import handler

    monkeypatch.setattr("os.environ", {})
    handler.ports.cache_clear()

    response = handler.handler(recorded("post_chat"), Context())

    assert response.status == 500


@pytest.mark.parametrize("cursor", ["", "x" * 129, "a b", "../x"])
def test_refuses_a_cursor_that_no_page_gave(cursor: str) -> None:
    """A cursor becomes part of a key."""
    status, _, _ = Chat().send(event("GET /conversations", query={"after": cursor}))

    assert status == 400
