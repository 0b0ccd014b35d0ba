"""What a handler that answers piece by piece gives back."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass

MEDIA_TYPE = "application/vnd.awslambda.http-integration-response"
"""Says that a prelude comes before the body (API Gateway developer guide, response streaming, read 2026-11-25)."""

_END_OF_PRELUDE = b"\0" * 8


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamedReply:
    """
    The response to one request.

    Attributes:
        status: HTTP status.
        headers: Headers.
        parts: The body, piece by piece, each sent when it is made.
    """

    status: int
    headers: Mapping[str, str]
    parts: Iterator[bytes]

    def pieces(self) -> Generator[bytes]:
        """Return what goes to Lambda: status and headers first, then the body."""
        prelude = json.dumps({"statusCode": self.status, "headers": dict(self.headers)}, separators=(",", ":"))
        yield prelude.encode() + _END_OF_PRELUDE
        yield from (part for part in self.parts if part)
