"""One event after the other, as long as the process lives."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from ..shared import log
from ..shared.env import put
from .reply import StreamedReply
from .runtime_api import Invocation

Handler = Callable[[Mapping[str, Any], Invocation], StreamedReply]


class Api(Protocol):
    """Where events come from and responses go."""

    def next(self) -> Invocation:
        """Wait for an event and return it."""

    def respond(self, request_id: str, reply: StreamedReply) -> None:
        """Send a response as it is made."""

    def fail(self, request_id: str, error: BaseException) -> None:
        """Tell that an invocation brought forth no response."""


def serve(handler: Handler, api: Api, *, events: Iterator[object] | None = None) -> None:
    """
    Answer events with *handler*.

    Args:
        handler: Makes the response of an event.
        api: Where events come from and responses go.
        events: One event is answered for each. Default: without end.
    """
    for _ in itertools.count() if events is None else events:
        invocation = api.next()
        # Where the AWS SDK looks for the trace that its own calls belong to.
        put("_X_AMZN_TRACE_ID", invocation.trace_id or "")
        _answer(handler, api, invocation)


def _answer(handler: Handler, api: Api, invocation: Invocation) -> None:
    try:
        reply = handler(invocation.event, invocation)
    except Exception as error:  # noqa: BLE001 -- the border: one event must not end the process
        log.failure("handler_failed", error, request_id=invocation.aws_request_id)
        api.fail(invocation.aws_request_id, error)
        return
    try:
        api.respond(invocation.aws_request_id, reply)
    except OSError as error:
        # What was to be kept was kept by whoever made the parts.
        log.failure("response_not_read", error, request_id=invocation.aws_request_id)
