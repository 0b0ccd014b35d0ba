"""Answers piece by piece: what is told on the way, how it ends, and what happens when nobody listens."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import EventStreamError
from botocore.stub import Stubber

from genai_layers.runtime.chat import answering, events, streaming
from genai_layers.runtime.chat.aws import Bedrock
from genai_layers.runtime.chat.errors import UpstreamError
from genai_layers.runtime.chat.handler import respond
from genai_layers.runtime.chat.model import Completion, Stop
from tests.runtime.bedrock_clients import Events, StreamingClient
from tests.runtime.fakes import SETTINGS, Chat, FakeModel, event, says

LONG = "The railway opens at six in the morning and closes at ten in the evening [1]. " * 8
STREAM = {"accept": "text/event-stream"}


def _ask(chat: Chat, **options: Any) -> tuple[int, list[tuple[str, Any]], Mapping[str, str]]:
    headers = {**STREAM, **options.pop("headers", {})}
    return chat.listen(event("POST /chat", body={"question": "How much leave?"}, headers=headers, **options))


def _complete(chat: Chat, **body: Any) -> list[Any]:
    asked = {"model": SETTINGS.model_id, "messages": [{"role": "user", "content": "q"}], "stream": True, **body}
    return [data for _, data in chat.listen(event("POST /v1/chat/completions", body=asked))[1]]


def test_pieces_come_before_the_whole_answer() -> None:
    """The pieces are how the answer begins; the last event is what the route gives without a stream."""
    chat = Chat(FakeModel(says(LONG), says(LONG)))

    status, told, headers = _ask(chat)
    _, whole, _ = chat.ask("How much leave?")

    *pieces, (name, answer) = told
    assert (status, name) == (200, "answer")
    assert headers["content-type"].startswith("text/event-stream")
    assert len(pieces) > 3
    assert answer["answer"].startswith("".join(data["text"] for _, data in pieces))
    own = {"conversation_id": "", "at": ""}
    assert {**answer, **own} == {**whole, **own}


def test_the_answer_is_kept_and_charged_once() -> None:
    """As without a stream."""
    chat = Chat(FakeModel(says(LONG)), user_tokens_per_day=10_000)

    _, told, _ = _ask(chat)
    _, read, _ = chat.send(event("GET /conversations/{id}", path={"id": told[-1][1]["conversation_id"]}))

    assert [one["role"] for one in read["messages"]] == ["user", "assistant"]
    assert read["messages"][1]["text"] == told[-1][1]["answer"]


def test_a_repeated_request_gets_the_same_answer_without_asking_again() -> None:
    """The stored answer is the only event."""
    chat = Chat(FakeModel(says(LONG)))
    _, first, _ = _ask(chat, headers={"idempotency-key": "k"})

    _, second, headers = _ask(chat, headers={"idempotency-key": "k"})

    assert headers["idempotent-replayed"] == "true"
    assert [name for name, _ in second] == ["answer"]
    assert second[-1] == first[-1]
    assert len(chat.model.requests) == 1


@pytest.mark.parametrize(("changes", "status"), [({"user_tokens_per_day": 10}, 429), ({"allowed_groups": ("x",)}, 403)])
def test_a_refusal_before_the_first_piece_is_a_plain_one(changes: dict[str, Any], status: int) -> None:
    """With its status, so that a client needs no events to understand it."""
    refused, answer, headers = Chat(**changes).send(event("POST /chat", body={"question": "q"}, headers=STREAM))

    assert refused == status
    assert answer["error"]["message"]
    assert headers["content-type"].startswith("application/json")


def _breaks(after: str, error: Exception) -> FakeModel:
    class Breaking(FakeModel):
        def converse(self, request: Any, seconds_left: Any, tell: Callable[[str], None] | None = None) -> Completion:
            assert tell is not None
            tell(after)
            raise error

    return Breaking()


@pytest.mark.parametrize(
    ("error", "code"),
    [(UpstreamError("the model failed"), "model_unavailable"), (KeyError("secret"), "internal_error")],
)
def test_a_failure_after_the_first_piece_is_told_as_an_event(error: Exception, code: str) -> None:
    """Nothing is kept or charged, and no text of the failure leaves that is not ours."""
    chat = Chat(_breaks(LONG, error), user_tokens_per_day=10_000)

    status, told, _ = _ask(chat)

    assert (status, told[0][0], told[-1][0]) == (200, "piece", "error")
    assert told[-1][1]["error"]["code"] == code
    assert "secret" not in str(told)
    assert [item["tokens"] for item in chat.store.items.values()] == [{"N": "0"}]


def test_a_stop_on_the_way_replaces_what_was_told() -> None:
    """The last event says that the guardrail stopped it, without the words that had come."""
    stopped = Completion(text="", stop=Stop.GUARDRAIL, input_tokens=9, output_tokens=9, interventions=("x:BLOCKED",))

    class Stopped(FakeModel):
        def converse(self, request: Any, seconds_left: Any, tell: Callable[[str], None] | None = None) -> Completion:
            assert tell is not None
            tell(LONG)
            return stopped

    _, told, _ = _ask(Chat(Stopped()))

    assert told[-1][1]["stopped_by_guardrail"]
    assert "railway" not in told[-1][1]["answer"]


def test_silence_is_broken_before_a_connection_is_taken_for_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    """A comment, which readers skip, as long as the model says nothing."""
    monkeypatch.setattr(answering, "PAUSE_SECONDS", 0.01)
    heard = threading.Event()

    class Slow(FakeModel):
        def converse(self, request: Any, seconds_left: Any, tell: Callable[[str], None] | None = None) -> Completion:
            assert heard.wait(5)
            return says("Yes [1].")

    chat = Chat(Slow())
    response = respond(event("POST /chat", body={"question": "q"}, headers=STREAM), chat.context, lambda: chat.ports)

    assert next(response.parts) == events.BEAT
    heard.set()
    assert b"event: answer" in b"".join(response.parts)


def test_an_answer_is_kept_when_nobody_listens_any_longer() -> None:
    """A reader who leaves after the first piece finds the answer in the conversation, and it is charged."""
    chat = Chat(FakeModel(says(LONG)))
    response = respond(event("POST /chat", body={"question": "q"}, headers=STREAM), chat.context, lambda: chat.ports)

    next(response.parts)
    response.parts.close()

    _, found, _ = chat.send(event("GET /conversations"))
    assert found["conversations"][0]["exchanges"] == 1


def test_the_openai_protocol_gets_chunks() -> None:
    """Deltas come to the text, then the reason and the citations, the tokens where asked for, and the end."""
    told = _complete(Chat(FakeModel(says(LONG))), stream_options={"include_usage": True})

    *chunks, usage, end = told
    text = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)
    assert text == LONG.strip()
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"
    assert chunks[-1]["citations"]
    assert (usage["choices"], usage["usage"]["total_tokens"], end) == ([], 120, "[DONE]")


def test_the_openai_protocol_is_told_of_a_stop_by_the_reason() -> None:
    """What was told cannot be taken back, so the message follows it."""
    told = _complete(Chat(FakeModel(says("No.", stop=Stop.GUARDRAIL))))

    assert told[-2]["choices"][0]["finish_reason"] == "content_filter"
    assert told[-1] == "[DONE]"


@pytest.mark.parametrize("place", ["inputAssessment", "outputAssessments"])
def test_the_guardrails_words_are_shown_only_where_nothing_came_before_them(place: str) -> None:
    """Behind the model's words nothing says where the guardrail's begin."""
    assessment = {"contentPolicy": {"filters": [{"type": "VIOLENCE", "action": "BLOCKED"}]}}
    trace = {place: {"g": assessment if place == "inputAssessment" else [assessment]}}

    made = streaming.completion(Events("I may not say.", reason="guardrail_intervened", trace=trace), lambda _: None)

    assert made.stop is Stop.GUARDRAIL
    assert made.text == ("I may not say." if place == "inputAssessment" else "")


@pytest.mark.parametrize(
    ("code", "expected"),
    [("throttlingException", "throttled"), ("modelStreamErrorException", "model_unavailable")],
)
def test_an_error_in_the_middle_of_a_stream_is_understood(code: str, expected: str, clients: tuple[Any, Any]) -> None:
    """In a stream the names of errors begin with a small letter."""
    runtime, agent_runtime = clients
    error = EventStreamError({"Error": {"Code": code, "Message": "m"}}, "ConverseStream")
    stream = Events(LONG, error=error)
    chat = Chat()
    adapter = Bedrock(SETTINGS, runtime=StreamingClient(runtime, stream), agent_runtime=agent_runtime)
    chat.ports = replace(chat.ports, model=adapter)

    with Stubber(agent_runtime) as retrieve:
        retrieve.add_response("retrieve", {"retrievalResults": []})
        _, told, _ = _ask(chat)

    assert told[-1][1]["error"]["code"] == expected
    assert stream.is_closed
