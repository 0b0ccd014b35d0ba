"""The function behind the API: parse the event, call one function, shape the answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Protocol

from ..shared import log
from ..shared.env import Environment
from . import metrics, settings, shape
from .errors import ChatError, NotAuthenticatedError, NotFoundError
from .identity import caller
from .routes import ROUTES, Call, Reply
from .service import Ports

HEADERS = {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}
"""On every response: JSON that no browser takes for a page and no cache keeps."""


class Context(Protocol):
    """What Lambda says about an invocation."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int:
        """Return the time until the function is stopped."""


def handler(event: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """Answer one request of the HTTP API."""
    return respond(event, context, ports)


def respond(event: Mapping[str, Any], context: Context, make_ports: Callable[[], Ports]) -> dict[str, Any]:
    """
    Return the response to *event*, an error included.

    Args:
        event: Event of the HTTP API, payload format 2.0.
        context: What Lambda says about the invocation.
        make_ports: Makes what the service stands on.
    """
    started = time.monotonic()
    seen: dict[str, log.Value] = {"request_id": context.aws_request_id, "route": _route(event)}
    try:
        reply = _reply(event, context, make_ports(), seen)
    except ChatError as error:
        reply = _refusal(error, context)
        seen["code"] = error.code
        metrics.refused(error.code)
    except Exception as error:  # noqa: BLE001 -- the border: Lambda itself would log the text of the error
        reply = _refusal(ChatError("something went wrong on our side: try again, or report the request id"), context)
        log.failure("request_failed", error, **seen)
        metrics.refused(ChatError.code)
    seen["duration_ms"] = round((time.monotonic() - started) * 1000)
    log.event("request_answered", status=reply.status, **seen)
    return {
        "statusCode": reply.status,
        "headers": {**HEADERS, "x-request-id": context.aws_request_id, **reply.headers},
        "body": reply.body,
    }


def _reply(event: Mapping[str, Any], context: Context, made: Ports, seen: dict[str, log.Value]) -> Reply:
    who = caller(
        _claims(event),
        tenant_group_prefix=made.settings.tenant_group_prefix,
        allowed_groups=made.settings.allowed_groups,
    )
    seen["user"] = who.user
    if who.tenant:
        seen["tenant"] = who.tenant
    route = ROUTES.get(str(event.get("routeKey")))
    if route is None:
        raise NotFoundError("there is no such route")
    reply = route(
        Call(
            event=event,
            caller=who,
            ports=made,
            seconds_left=lambda: context.get_remaining_time_in_millis() / 1000,
        )
    )
    if reply.answer is not None:
        seen.update(metrics.fields(reply.answer))
        metrics.answered(reply.answer)
    return reply


def _refusal(error: ChatError, context: Context) -> Reply:
    again = error.retry_after_seconds
    return Reply(
        status=error.status,
        body=shape.error(error, context.aws_request_id),
        headers={} if again is None else {"retry-after": str(again)},
    )


def _route(event: Mapping[str, Any]) -> str:
    """Return the route for the log: one of ours, since whatever else came is the caller's text."""
    route = str(event.get("routeKey"))
    return route if route in ROUTES else "unknown"


def _claims(event: Mapping[str, Any]) -> Mapping[str, object]:
    claims = event.get("requestContext", {}).get("authorizer", {}).get("jwt", {}).get("claims")
    if not isinstance(claims, dict):
        raise NotAuthenticatedError("the request carries no verified token: sign in")
    return claims


@cache
def ports() -> Ports:
    """Return what the service stands on, made when the first request comes and kept for the process."""
    # botocore is half of a cold start; a request that is refused before it needs AWS does without.
    from .wiring import wire

    return wire(settings.read(Environment()))
