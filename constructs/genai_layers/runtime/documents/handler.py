"""The function behind the routes of documents: parse the event, call one function, shape the answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from ..chat import shape
from ..chat.errors import ChatError, NotAuthenticatedError, NotFoundError
from ..chat.identity import caller
from ..shared import log
from ..shared.env import Environment
from . import settings
from .routes import ROUTES, Call
from .service import Ports

HEADERS = {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request of the REST API."""
    return respond(event, str(context.aws_request_id), ports)


def respond(event: Mapping[str, Any], request_id: str, make_ports: Callable[[], Ports]) -> dict[str, Any]:
    """
    Return the response to *event*, an error included.

    Args:
        event: Event of the REST API.
        request_id: Lambda's name for the invocation.
        make_ports: Makes what the service stands on.
    """
    started = time.monotonic()
    route = f"{event.get('httpMethod')} {event.get('resource')}"
    seen: dict[str, log.Value] = {"request_id": request_id, "route": route if route in ROUTES else "unknown"}
    headers = dict(HEADERS)
    try:
        made = make_ports()
        headers |= _for_browsers(event, made)
        who = caller(
            _claims(event),
            tenant_group_prefix=made.settings.tenant_group_prefix,
            allowed_groups=made.settings.allowed_groups,
            allowed_clients=made.settings.allowed_clients,
        )
        seen |= {"user": who.user, "tenant": who.tenant}
        if route not in ROUTES:
            raise NotFoundError("there is no such route")
        status, body = ROUTES[route](Call(event=event, caller=who, ports=made))
    except ChatError as error:
        status, body = error.status, shape.error(error, request_id)
        seen["code"] = error.code
        if error.retry_after_seconds is not None:
            headers["retry-after"] = str(error.retry_after_seconds)
    except Exception as error:  # noqa: BLE001 -- the border: Lambda itself would log the text of the error
        log.failure("request_failed", error, **seen)
        ours = ChatError("something went wrong on our side: try again, or report the request id")
        status, body = ours.status, shape.error(ours, request_id)
    log.event("request_answered", status=status, duration_ms=round((time.monotonic() - started) * 1000), **seen)
    return {"statusCode": status, "headers": {**headers, "x-request-id": request_id}, "body": body}


def _for_browsers(event: Mapping[str, Any], made: Ports) -> dict[str, str]:
    given = {str(name).lower(): str(value) for name, value in (event.get("headers") or {}).items()}
    origin = given.get("origin")
    if origin is None or origin not in made.settings.allowed_origins:
        return {}
    return {
        "access-control-allow-origin": origin,
        "access-control-expose-headers": "retry-after,x-request-id",
        "vary": "origin",
    }


def _claims(event: Mapping[str, Any]) -> Mapping[str, object]:
    claims = ((event.get("requestContext") or {}).get("authorizer") or {}).get("claims")
    if not isinstance(claims, dict):
        raise NotAuthenticatedError("the request carries no verified token: sign in")
    return claims


@cache
def ports() -> Ports:
    """Return what the service stands on, made when the first request comes and kept for the process."""
    from ..chat.dynamodb import DynamoDbStore
    from .aws import S3Buckets
    from .records import Documents

    read = settings.read(Environment())
    return Ports(
        settings=read,
        documents=Documents(DynamoDbStore(read.table_name), refused_days=read.refused_days),
        buckets=S3Buckets(read),
    )
