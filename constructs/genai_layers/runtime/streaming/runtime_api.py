"""Lambda's runtime API: events in, responses out, a piece at a time."""

from __future__ import annotations

import base64
import http.client
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from .reply import MEDIA_TYPE, StreamedReply

_ROOT = "/2018-06-01/runtime"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """
    One event, and the context that a handler is given with it.

    Attributes:
        aws_request_id: Lambda's name for the invocation.
        deadline_ms: When the function is stopped, milliseconds since 1970.
        trace_id: Trace that the invocation belongs to; None where there is none.
        event: The event.
    """

    aws_request_id: str
    deadline_ms: int
    trace_id: str | None
    event: Mapping[str, Any]

    def get_remaining_time_in_millis(self) -> int:
        """Return the time until the function is stopped."""
        return max(0, self.deadline_ms - round(time.time() * 1000))


class RuntimeApi:
    """
    The runtime API of one execution environment.

    Args:
        address: Host and port, as Lambda gives them.
    """

    def __init__(self, address: str) -> None:
        self._address = address

    def next(self) -> Invocation:
        """Wait for an event and return it."""
        with closing(self._connection()) as connection:
            connection.request("GET", f"{_ROOT}/invocation/next")
            response = connection.getresponse()
            body = response.read()
            return Invocation(
                aws_request_id=response.headers["Lambda-Runtime-Aws-Request-Id"],
                deadline_ms=int(response.headers["Lambda-Runtime-Deadline-Ms"]),
                trace_id=response.headers.get("Lambda-Runtime-Trace-Id"),
                event=json.loads(body),
            )

    def respond(self, request_id: str, reply: StreamedReply) -> None:
        """
        Send a response as it is made.

        One that breaks off ends with the error's name in the trailers, so that whoever reads it is told that it is
        not whole.

        Args:
            request_id: Lambda's name for the invocation.
            reply: The response.

        Raises:
            OSError: Nobody reads the response any more.
        """
        with closing(self._connection()) as connection:
            connection.putrequest("POST", f"{_ROOT}/invocation/{request_id}/response")
            connection.putheader("Lambda-Runtime-Function-Response-Mode", "streaming")
            connection.putheader("Transfer-Encoding", "chunked")
            connection.putheader("Content-Type", MEDIA_TYPE)
            connection.putheader("Trailer", "Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body")
            connection.endheaders()
            trailers = b""
            with closing(reply.pieces()) as pieces:
                while True:
                    try:
                        piece = next(pieces, None)
                    except Exception as error:  # noqa: BLE001 -- the border: what breaks off is told in the trailers
                        trailers = _trailers(error)
                        break
                    if piece is None:
                        break
                    connection.send(b"%x\r\n%b\r\n" % (len(piece), piece))
            connection.send(b"0\r\n%b\r\n" % trailers)
            connection.getresponse().read()

    def fail(self, request_id: str, error: BaseException) -> None:
        """
        Tell that an invocation brought forth no response.

        Args:
            request_id: Lambda's name for the invocation.
            error: What was raised; its text stays here, since services repeat in it what they were sent.
        """
        self._tell(f"{_ROOT}/invocation/{request_id}/error", error)

    @contextmanager
    def telling_what_breaks_the_start(self) -> Iterator[None]:
        """Tell Lambda what was raised within, and pass it on: the process cannot serve."""
        try:
            yield
        except Exception as error:
            self._tell(f"{_ROOT}/init/error", error)
            raise

    def _tell(self, path: str, error: BaseException) -> None:
        body = json.dumps(_told(error)).encode()
        with closing(self._connection()) as connection:
            connection.request(
                "POST", path, body, {"Lambda-Runtime-Function-Error-Type": f"Runtime.{type(error).__name__}"}
            )
            connection.getresponse().read()

    def _connection(self) -> http.client.HTTPConnection:
        # Without a limit: an environment that waits for its next event is frozen, for hours if need be.
        return http.client.HTTPConnection(self._address, timeout=None)


def _told(error: BaseException) -> dict[str, object]:
    return {"errorType": type(error).__name__, "errorMessage": "see the log of the function", "stackTrace": []}


def _trailers(error: BaseException) -> bytes:
    body = base64.b64encode(json.dumps(_told(error)).encode())
    kind = type(error).__name__.encode()
    return b"Lambda-Runtime-Function-Error-Type: Runtime.%b\r\nLambda-Runtime-Function-Error-Body: %b\r\n" % (
        kind,
        body,
    )
