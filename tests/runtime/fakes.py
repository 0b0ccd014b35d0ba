"""In-memory stand-ins for AWS, and requests as the REST API sends them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from genai_layers.runtime.chat.budget import Budgets
from genai_layers.runtime.chat.handler import respond
from genai_layers.runtime.chat.model import Completion, Passage, Stop
from genai_layers.runtime.chat.replay import Replays
from genai_layers.runtime.chat.service import Ports
from genai_layers.runtime.chat.settings import ChatSettings
from genai_layers.runtime.chat.table import Conversations
from tests.runtime.memory_store import MemoryStore

EVENTS = Path(__file__).parent / "events"

SETTINGS = ChatSettings(
    model_id="amazon.nova-lite-v1:0",
    guardrail_id="gr1234567890",
    guardrail_version="3",
    knowledge_base_id="KB12345678",
    table_name="conversations",
    function_name="chat",
    allowed_clients=("1example23456789",),
)


class Clock:
    """A time that moves when it is told to."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(milliseconds=1)
        return self.time

    def forward(self, **delta: float) -> None:
        self.time += timedelta(**delta)


class Context:
    """What Lambda says about an invocation."""

    aws_request_id = "11111111-2222-3333-4444-555555555555"

    def __init__(self, milliseconds: int = 28_000) -> None:
        self.milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds


class FakeModel:
    """A knowledge base with fixed passages and a model that says what it is told to say."""

    def __init__(self, *answers: Completion | Exception | Callable[[Mapping[str, Any]], Completion]) -> None:
        self.passages = [
            Passage(text="Leave is 28 days a year.", source="s3://docs/leave.md", score=0.9),
            Passage(text="Claims are due in 30 days.", source="s3://docs/claims.pdf", score=0.4),
        ]
        self.answers = list(answers)
        self.queries: list[tuple[str, str | None]] = []
        self.requests: list[Mapping[str, Any]] = []

    def retrieve(self, query: str, tenant: str | None) -> list[Passage]:
        self.queries.append((query, tenant))
        return list(self.passages)

    def converse(
        self, request: Mapping[str, Any], seconds_left: Callable[[], float], tell: Callable[[str], None] | None = None
    ) -> Completion:
        self.requests.append(request)
        answer = self.answers.pop(0) if self.answers else says("You have 28 days [1].")
        if isinstance(answer, Exception):
            raise answer
        made = answer(request) if callable(answer) else answer
        for start in range(0, len(made.text), 7) if tell else ():
            tell(made.text[start : start + 7])
        return made


class Chat:
    """The function with fakes behind it, called as the REST API calls it."""

    def __init__(self, model: FakeModel | None = None, **changes: Any) -> None:
        self.model = model or FakeModel()
        self.store = MemoryStore()
        self.clock = Clock()
        self.settings = replace(SETTINGS, **changes)
        self.context = Context()
        self.ports = Ports(
            settings=self.settings,
            model=self.model,
            conversations=Conversations(self.store, retention_days=self.settings.retention_days, now=self.clock),
            replays=Replays(self.store, now=self.clock),
            budgets=Budgets(self.store, now=self.clock),
            now=self.clock,
        )

    def send(self, event: Mapping[str, Any]) -> tuple[int, Any, Mapping[str, str]]:
        """Return status, body and headers of the response to *event*."""
        response = respond(event, self.context, lambda: self.ports)
        text = b"".join(response.parts)
        return response.status, json.loads(text) if text else None, response.headers

    def listen(self, event: Mapping[str, Any]) -> tuple[int, list[tuple[str, Any]], Mapping[str, str]]:
        """Return status, events with their names, and headers of the response to *event*, told piece by piece."""
        response = respond(event, self.context, lambda: self.ports)
        return response.status, events_in(b"".join(response.parts)), response.headers

    def ask(self, question: str, *, user: str = "ada", **options: Any) -> tuple[int, Any, Mapping[str, str]]:
        """Return status, body and headers of the response to a question."""
        body = {"question": question}
        if "conversation_id" in options:
            body["conversation_id"] = options.pop("conversation_id")
        return self.send(event("POST /chat", user=user, body=body, **options))


def event(
    route: str,
    *,
    user: str = "ada",
    body: object = None,
    groups: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
    path: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return an event as the REST API sends it, made from the recorded one in `events/`."""
    made = recorded("post_chat")
    made["httpMethod"], _, made["resource"] = route.partition(" ")
    claims = made["requestContext"]["authorizer"]["claims"]
    claims["sub"] = claims["username"] = user
    claims.pop("cognito:groups", None)
    if groups:
        claims["cognito:groups"] = ",".join(groups)
    made["headers"].update(headers or {})
    made["body"] = None
    if body is not None:
        made["body"] = body if isinstance(body, str) else json.dumps(body)
    if path:
        made["pathParameters"] = dict(path)
    if query:
        made["queryStringParameters"] = dict(query)
    return made


def events_in(stream: bytes) -> list[tuple[str, Any]]:
    """Return name and data of each server-sent event in *stream*, comments left out."""
    found = []
    for block in stream.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields:
            data = fields["data"]
            found.append((fields.get("event", ""), data if data == "[DONE]" else json.loads(data)))
    return found


def recorded(name: str) -> dict[str, Any]:
    """Return the event of a file in `events/`."""
    value: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    return value


def says(text: str, *, stop: Stop = Stop.ANSWERED, tokens: tuple[int, int] = (100, 20)) -> Completion:
    """Return a completion."""
    return Completion(text=text, stop=stop, input_tokens=tokens[0], output_tokens=tokens[1])


def blocked(text: str = "This question cannot be answered here.") -> Completion:
    """Return what comes back when the guardrail blocks a question."""
    return Completion(
        text=text, stop=Stop.GUARDRAIL, input_tokens=0, output_tokens=0, interventions=("contentPolicy:BLOCKED",)
    )
