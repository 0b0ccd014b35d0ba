"""What each route does: read the request, call one function of the service, shape its result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import openai, request, schema, service, shape
from .errors import BadRequestError
from .model import Answer, Caller
from .replay import Claim
from .service import Asked, Ports

_CURSOR_CHARACTERS = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """
    One request.

    Attributes:
        event: Event of the HTTP API, payload format 2.0.
        caller: Who asks.
        ports: What the service stands on.
        seconds_left: Time until the function is stopped.
    """

    event: Mapping[str, Any]
    caller: Caller
    ports: Ports
    seconds_left: Callable[[], float]

    @property
    def headers(self) -> dict[str, str]:
        """Headers with names in lower case."""
        return {str(name).lower(): str(value) for name, value in (self.event.get("headers") or {}).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """
    The response to a request.

    Attributes:
        body: JSON; empty where there is none.
        status: HTTP status.
        answer: The answer in it, for the log and the metrics; None where no model was asked.
        headers: Headers beside those that every response has.
    """

    body: str = ""
    status: int = 200
    answer: Answer | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def chat(call: Call) -> Reply:
    """Answer a question."""
    question = request.question(request.body(call.event), call.headers)
    body, answer = service.ask(call.ports, call.caller, question, shape=shape.answer, seconds_left=call.seconds_left)
    return _answered(body, answer)


def complete(call: Call) -> Reply:
    """Answer a question that comes in the OpenAI protocol."""
    settings, ports, caller = call.ports.settings, call.ports, call.caller
    asked = openai.read(
        request.body(call.event), call.headers, model=settings.model_id, most_tokens=settings.max_output_tokens
    )

    def once(claim: Claim | None) -> tuple[str, Answer]:
        answer = service.answer_to(
            ports,
            caller,
            Asked(
                question=asked.question,
                earlier=asked.earlier,
                previous=asked.previous,
                max_tokens=asked.max_tokens,
                temperature=asked.temperature,
            ),
            conversation_id=ports.new_id(),
            seconds_left=call.seconds_left,
        )
        body = openai.completion(answer, asked.model)
        if claim is not None:
            ports.replays.complete(caller.partition, claim, body)
        return body, answer

    return _answered(*service.claimed(ports, caller, asked.idempotency_key, asked.fingerprint, once))


def list_models(call: Call) -> Reply:
    """List the one model, as clients of the OpenAI protocol ask first."""
    return Reply(body=openai.models(call.ports.settings.model_id))


def read_conversation(call: Call) -> Reply:
    """Show a conversation of the caller."""
    conversation_id = _conversation_id(call)
    before = _cursor(call, "before")
    exchanges, rest = call.ports.conversations.exchanges(
        call.caller.partition, conversation_id, limit=50, before=before
    )
    if not exchanges and before is None:
        raise service.no_conversation()
    return Reply(body=shape.conversation(conversation_id, exchanges, rest))


def list_conversations(call: Call) -> Reply:
    """List the caller's conversations."""
    return Reply(
        body=shape.conversations(*call.ports.conversations.all(call.caller.partition, after=_cursor(call, "after")))
    )


def delete_conversation(call: Call) -> Reply:
    """Delete a conversation of the caller."""
    if not call.ports.conversations.delete(call.caller.partition, _conversation_id(call)):
        raise service.no_conversation()
    return Reply(status=204)


def delete_conversations(call: Call) -> Reply:
    """Delete all that the caller asked and was answered."""
    items, is_all = call.ports.conversations.delete_everything(call.caller.partition)
    return Reply(body=shape.deleted(items, is_all), status=200 if is_all else 202)


def describe(_: Call) -> Reply:
    """Describe the API to programs."""
    return Reply(body=shape.dumps(schema.document()))


ROUTES: Mapping[str, Callable[[Call], Reply]] = {
    "POST /chat": chat,
    "POST /v1/chat/completions": complete,
    "GET /v1/models": list_models,
    "GET /conversations": list_conversations,
    "DELETE /conversations": delete_conversations,
    "GET /conversations/{id}": read_conversation,
    "DELETE /conversations/{id}": delete_conversation,
    "GET /openapi.json": describe,
}
"""Every route, as the HTTP API names it."""


def _answered(body: str, answer: Answer | None) -> Reply:
    return Reply(body=body, answer=answer, headers={} if answer else {"idempotent-replayed": "true"})


def _conversation_id(call: Call) -> str:
    value = str((call.event.get("pathParameters") or {}).get("id", ""))
    if not request.CONVERSATION_ID.fullmatch(value):
        raise service.no_conversation()
    return value


def _cursor(call: Call, name: str) -> str | None:
    value = (call.event.get("queryStringParameters") or {}).get(name)
    if value is None:
        return None
    if not value or len(value) > _CURSOR_CHARACTERS or not all(one.isalnum() or one == "#" for one in value):
        raise BadRequestError([f"'{name}' is not one of ours: send one that an earlier page gave"])
    return str(value)
