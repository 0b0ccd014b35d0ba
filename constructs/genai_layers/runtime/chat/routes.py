"""What each route does: read the request, call one function of the service, shape its result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from . import access, budget, events, feedback, openai, request, schema, service, shape
from .errors import BadRequestError
from .model import Answer, Caller
from .named_models import AUTO
from .replay import Claim
from .service import Asked, Ports

_CURSOR_CHARACTERS = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """
    One request.

    Attributes:
        event: Event of the REST API.
        caller: Who asks.
        ports: What the service stands on.
        seconds_left: Time until the function is stopped.
        tell: Is told what may be shown before the answer is whole; None where nobody is.
    """

    event: Mapping[str, Any]
    caller: Caller
    ports: Ports
    seconds_left: Callable[[], float]
    tell: service.Tell | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Headers with names in lower case."""
        return headers_of(self.event)

    def telling(self, tell: service.Tell) -> Call:
        """Return the same request, answered to somebody who is told each piece."""
        return replace(self, tell=tell)


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
    body, answer = service.ask(
        call.ports, call.caller, question, shape=shape.answer, seconds_left=call.seconds_left, tell=call.tell
    )
    return _answered(body, answer)


def complete(call: Call) -> Reply:
    """Answer a question that comes in the OpenAI protocol."""
    settings, ports, caller = call.ports.settings, call.ports, call.caller
    asked = openai.read(
        request.body(call.event),
        call.headers,
        models=(*settings.model_names, *([AUTO] if settings.models else [])),
        most_tokens=settings.max_output_tokens,
    )

    def once(claim: Claim | None) -> tuple[str, Answer]:
        answer = service.answer_to(
            ports,
            caller,
            Asked(
                question=asked.question,
                model=asked.model,
                earlier=asked.earlier,
                previous=asked.previous,
                max_tokens=asked.max_tokens,
                temperature=asked.temperature,
            ),
            conversation_id=ports.new_id(),
            seconds_left=call.seconds_left,
            tell=call.tell,
        )
        body = openai.completion(answer)
        if claim is not None:
            ports.replays.complete(caller.partition, claim, body)
        return body, answer

    return _answered(*service.claimed(ports, caller, asked.idempotency_key, asked.fingerprint, once))


def dialect(call: Call, request_id: str) -> events.Dialect | None:
    """
    Return how the caller wants to be told the answer piece by piece; None where it is to come whole.

    Args:
        call: The request.
        request_id: Lambda's name for it.
    """
    route = route_of(call.event)
    if route == "POST /chat":
        return events.Ours() if events.MEDIA_TYPE in call.headers.get("accept", "") else None
    if route == "POST /v1/chat/completions":
        body = request.body(call.event)
        if body.get("stream") is True:
            return events.OpenAi(
                str(body.get("model"))[:80], request_id, has_usage=openai.wants_usage(body.get("stream_options"))
            )
    return None


def list_models(call: Call) -> Reply:
    """List the models that the caller may use, as clients of the OpenAI protocol ask first."""
    return Reply(body=openai.models(access.listed(call.ports.settings, call.caller)))


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


def rate(call: Call) -> Reply:
    """Keep what the caller says of an answer."""
    at_ms, said = feedback.read(request.body(call.event))
    feedback.keep(call.ports.conversations, call.caller, _conversation_id(call), at_ms, said)
    return Reply(status=204)


def usage(call: Call) -> Reply:
    """Tell the caller's tokens of today, as the budget counts them."""
    now = call.ports.now()
    charged = budget.accounts(call.ports.settings, call.caller, now)
    return Reply(body=shape.usage([(account, call.ports.budgets.used(account)) for account in charged], now))


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
    "POST /conversations/{id}/feedback": rate,
    "GET /usage": usage,
    "GET /openapi.json": describe,
}
"""Every route, by method and path."""


def headers_of(event: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers of an event, with names in lower case."""
    return {str(name).lower(): str(value) for name, value in (event.get("headers") or {}).items()}


def route_of(event: Mapping[str, Any]) -> str:
    """Return the route of an event, as in `GET /conversations/{id}`."""
    return f"{event.get('httpMethod')} {event.get('resource')}"


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
