"""Real clients of Amazon Bedrock, stubbed: their request validation is part of what is tested."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import botocore.session
from botocore.exceptions import ParamValidationError
from botocore.stub import Stubber
from botocore.validate import ParamValidator

from genai_layers.runtime.chat.aws import Bedrock

Stubs = tuple[Bedrock, Stubber, Stubber]

RESPONSE = {
    "output": {"message": {"role": "assistant", "content": [{"text": "28 days "}, {"text": "[1]."}]}},
    "stopReason": "end_turn",
    "usage": {"inputTokens": 100, "outputTokens": 20, "totalTokens": 120},
    "metrics": {"latencyMs": 300},
}


class Events:
    """
    The events of a streamed answer, as botocore gives them.

    Args:
        pieces: The model's words.
        reason: Why it ended.
        trace: What the guardrail did.
        error: Raised after the pieces, in place of an end.
    """

    def __init__(
        self,
        *pieces: str,
        reason: str = "end_turn",
        trace: dict[str, Any] | None = None,
        error: Exception | None = None,
    ) -> None:
        self._events: list[dict[str, Any]] = [{"messageStart": {"role": "assistant"}}]
        self._events += [{"contentBlockDelta": {"delta": {"text": piece}, "contentBlockIndex": 0}} for piece in pieces]
        self._error = error
        if error is None:
            metadata = {"usage": RESPONSE["usage"], **({"trace": {"guardrail": trace}} if trace else {})}
            self._events += [{"messageStop": {"stopReason": reason}}, {"metadata": metadata}]
        self.is_closed = False

    def __iter__(self) -> Iterator[dict[str, Any]]:
        yield from self._events
        if self._error is not None:
            raise self._error

    def close(self) -> None:
        self.is_closed = True


class StreamingClient:
    """
    Answers ConverseStream with given events, which a Stubber cannot, after botocore has checked the request.

    Args:
        client: A real client of bedrock-runtime.
        events: The events.

    Attributes:
        requests: What was asked.
    """

    def __init__(self, client: Any, events: Events) -> None:
        self._shape = client.meta.service_model.operation_model("ConverseStream").input_shape
        self._events = events
        self.requests: list[dict[str, Any]] = []

    def converse_stream(self, **request: Any) -> dict[str, Any]:
        report = ParamValidator().validate(request, self._shape)
        if report.has_errors():
            raise ParamValidationError(report=report.generate_report())
        self.requests.append(request)
        return {"stream": self._events}


def made(service: str) -> Any:
    """Return a client that needs no account."""
    return botocore.session.get_session().create_client(
        service, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )
