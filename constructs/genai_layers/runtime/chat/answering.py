"""One request being answered: what the log and the metrics are told of it, and the response, whole or in pieces."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping

from ..shared import log
from ..streaming.reply import StreamedReply
from . import events, metrics, shape
from .errors import ChatError
from .model import Caller
from .routes import Reply
from .service import Tell
from .spoken import Pause, Piece, spoken

PAUSE_SECONDS = 10.0
"""Silence after which the connection is kept alive: CloudFront gives up after 30 s, API Gateway after 5 minutes."""

_OURS = "something went wrong on our side: try again, or report the request id"


class Answering:
    """
    One request being answered.

    Args:
        request_id: Lambda's name for the invocation.
        route: Which of our routes it is for.
    """

    def __init__(self, request_id: str, route: str) -> None:
        self._request_id = request_id
        self._started = time.monotonic()
        self._origin: str | None = None
        self._seen: dict[str, log.Value] = {"request_id": request_id, "route": route}

    def is_read_by(self, origin: str | None, allowed: Collection[str]) -> None:
        """Remember the origin of the page that asks, if its browser may give it the answer."""
        if origin in allowed:
            self._origin = origin

    def is_by(self, who: Caller) -> None:
        """Remember who asks."""
        self._seen["user"] = who.user
        if who.tenant:
            self._seen["tenant"] = who.tenant

    def refused(self, error: ChatError) -> Reply:
        """Return what the caller is told of *error*."""
        self._seen["code"] = error.code
        metrics.refused(error.code)
        again = error.retry_after_seconds
        return Reply(
            status=error.status,
            body=shape.error(error, self._request_id),
            headers={} if again is None else {"retry-after": str(again)},
        )

    def failed(self, error: Exception) -> Reply:
        """Return what the caller is told of a fault of ours."""
        log.failure("request_failed", error, **self._seen)
        return self.refused(ChatError(_OURS))

    def whole(self, reply: Reply, headers: Mapping[str, str]) -> StreamedReply:
        """Return *reply* as the response."""
        self._ended(reply)
        return self._response(reply.status, {**headers, **reply.headers}, iter((reply.body.encode(),)))

    def told(self, work: Callable[[Tell], Reply], dialect: events.Dialect, headers: Mapping[str, str]) -> StreamedReply:
        """
        Return the response to *work* in pieces; a failure before the first piece is a plain one, with its status.

        Args:
            work: Answers, and tells each piece.
            dialect: How it is told.
            headers: Headers of every response.
        """
        said = spoken(work, pause_seconds=PAUSE_SECONDS)
        first = next(said)
        # An answer that was kept comes at once and whole, and says so.
        own = first.headers if isinstance(first, Reply) else {}
        return self._response(200, {**headers, **events.HEADERS, **own}, self._parts(first, said, dialect))

    def _parts(
        self, first: Piece | Pause | Reply, rest: Iterator[Piece | Pause | Reply], dialect: events.Dialect
    ) -> Iterator[bytes]:
        is_first = True
        try:
            one: Piece | Pause | Reply | None = first
            while one is not None:
                if isinstance(one, Piece):
                    if is_first:
                        metrics.first_words(self._milliseconds())
                        is_first = False
                    yield dialect.piece(one.text)
                elif isinstance(one, Pause):
                    yield events.BEAT
                else:
                    self._ended(one)
                    yield dialect.whole(one.body)
                one = next(rest, None)
        except GeneratorExit:
            # Nobody listens any longer; what was asked is answered, kept and counted all the same.
            for one in rest:
                if isinstance(one, Reply):
                    self._ended(one)
            raise
        except ChatError as error:
            self._ended(self.refused(error))
            yield dialect.failed(error, self._request_id)
        except Exception as error:  # noqa: BLE001 -- the border: a stream that breaks off must say so
            self._ended(self.failed(error))
            yield dialect.failed(ChatError(_OURS), self._request_id)

    def _ended(self, reply: Reply) -> None:
        if reply.answer is not None:
            self._seen.update(metrics.fields(reply.answer))
            metrics.answered(reply.answer)
        log.event("request_answered", status=reply.status, duration_ms=self._milliseconds(), **self._seen)

    def _response(self, status: int, headers: Mapping[str, str], parts: Iterator[bytes]) -> StreamedReply:
        own = {"x-request-id": self._request_id}
        if self._origin is not None:
            own["access-control-allow-origin"] = self._origin
            own["access-control-expose-headers"] = "idempotent-replayed,retry-after,x-request-id"
            own["vary"] = "origin"
        return StreamedReply(status=status, headers={**headers, **own}, parts=parts)

    def _milliseconds(self) -> int:
        return round((time.monotonic() - self._started) * 1000)
