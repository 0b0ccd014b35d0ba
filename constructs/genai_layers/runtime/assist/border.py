"""Where a request comes in and whatever goes wrong becomes a response; the chat's own rules, for other routes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..chat.answering import Answering
from ..chat.errors import ChatError, NotFoundError
from ..chat.handler import HEADERS, Context, claims_of
from ..chat.identity import caller
from ..chat.routes import headers_of, route_of
from ..streaming.reply import StreamedReply
from .call import Call, PortsT, Route


def respond(
    event: Mapping[str, Any],
    context: Context,
    make_ports: Callable[[], PortsT],
    routes: Mapping[str, Route[PortsT]],
) -> StreamedReply:
    """
    Return the response to *event*, an error included.

    Args:
        event: Event of the REST API.
        context: What Lambda says about the invocation.
        make_ports: Makes what the application stands on.
        routes: Its routes, by method and path.
    """
    name = route_of(event)
    answering = Answering(context.aws_request_id, name if name in routes else "unknown")
    try:
        call = _call(event, context, make_ports(), answering)
        if name not in routes:
            raise NotFoundError("there is no such route")
        route = routes[name]
        how = route.dialect(call)
        if how is not None:
            return answering.told(lambda tell: route.work(call.telling(tell)), how, HEADERS)
        reply = route.work(call)
    except ChatError as error:
        reply = answering.refused(error)
    except Exception as error:  # noqa: BLE001 -- the border: Lambda itself would log the text of the error
        reply = answering.failed(error)
    return answering.whole(reply, HEADERS)


def _call(event: Mapping[str, Any], context: Context, made: PortsT, answering: Answering) -> Call[PortsT]:
    answering.is_read_by(headers_of(event).get("origin"), made.settings.allowed_origins)
    who = caller(
        claims_of(event),
        tenant_group_prefix=made.settings.tenant_group_prefix,
        allowed_groups=made.settings.allowed_groups,
        allowed_clients=made.settings.allowed_clients,
    )
    answering.is_by(who)
    return Call(
        event=event,
        caller=who,
        ports=made,
        seconds_left=lambda: context.get_remaining_time_in_millis() / 1000,
        request_id=context.aws_request_id,
    )
