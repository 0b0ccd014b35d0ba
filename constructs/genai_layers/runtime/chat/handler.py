"""The function behind the API: parse the event, call one function, shape the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Protocol

from ..shared.env import Environment
from ..streaming.reply import StreamedReply
from . import settings
from .answering import Answering
from .errors import ChatError, NotAuthenticatedError, NotFoundError
from .identity import caller
from .routes import ROUTES, Call, dialect, headers_of, route_of
from .service import Ports

HEADERS = {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}
"""On every response: JSON that no browser takes for a page and no cache keeps."""


class Context(Protocol):
    """What Lambda says about an invocation."""

    @property
    def aws_request_id(self) -> str:
        """Lambda's name for the invocation."""

    def get_remaining_time_in_millis(self) -> int:
        """Return the time until the function is stopped."""


def handler(event: Mapping[str, Any], context: Context) -> StreamedReply:
    """Answer one request of the REST API."""
    return respond(event, context, ports)


def respond(event: Mapping[str, Any], context: Context, make_ports: Callable[[], Ports]) -> StreamedReply:
    """
    Return the response to *event*, an error included.

    Args:
        event: Event of the REST API.
        context: What Lambda says about the invocation.
        make_ports: Makes what the service stands on.
    """
    answering = Answering(context.aws_request_id, _route(event))
    try:
        call = _call(event, context, make_ports(), answering)
        route = ROUTES.get(route_of(event))
        if route is None:
            raise NotFoundError("there is no such route")
        how = dialect(call, context.aws_request_id)
        if how is not None:
            return answering.told(lambda tell: route(call.telling(tell)), how, HEADERS)
        reply = route(call)
    except ChatError as error:
        reply = answering.refused(error)
    except Exception as error:  # noqa: BLE001 -- the border: Lambda itself would log the text of the error
        reply = answering.failed(error)
    return answering.whole(reply, HEADERS)


def _call(event: Mapping[str, Any], context: Context, made: Ports, answering: Answering) -> Call:
    answering.is_read_by(headers_of(event).get("origin"), made.settings.allowed_origins)
    who = caller(
        claims_of(event),
        tenant_group_prefix=made.settings.tenant_group_prefix,
        allowed_groups=made.settings.allowed_groups,
        allowed_clients=made.settings.allowed_clients,
        machines=made.settings.machines,
    )
    answering.is_by(who)
    return Call(
        event=event,
        caller=who,
        ports=made,
        seconds_left=lambda: context.get_remaining_time_in_millis() / 1000,
    )


def _route(event: Mapping[str, Any]) -> str:
    """Return the route for the log: one of ours, since whatever else came is the caller's text."""
    route = route_of(event)
    return route if route in ROUTES else "unknown"


def claims_of(event: Mapping[str, Any]) -> Mapping[str, object]:
    """
    Return the claims of the token that the API has verified.

    Raises:
        NotAuthenticatedError: There are none.
    """
    authorizer = event.get("requestContext", {}).get("authorizer") or {}
    claims = authorizer.get("claims")
    if not isinstance(claims, dict):
        raise NotAuthenticatedError("the request carries no verified token: sign in")
    return claims


@cache
def ports() -> Ports:
    """Return what the service stands on, made when the first request comes and kept for the process."""
    # botocore is half of a cold start; a request that is refused before it needs AWS does without.
    from .wiring import wire

    return wire(settings.read(Environment()))
