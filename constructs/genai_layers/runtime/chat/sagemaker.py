"""The border to an endpoint of Amazon SageMaker whose container speaks the chat completions protocol."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import cache
from typing import Any

from .aws import MODEL_SECONDS, client, translated

# An endpoint or a component that has no machine at the moment says so as a fault of the request.
_ASLEEP = frozenset({"ValidationError"})
_BYTES = 16_384


class SageMakerEndpoint:
    """
    Where an endpoint is asked.

    Args:
        name: Its name.
        component: Inference component on it. Default: it has none.
        runtime: Makes the client of sagemaker-runtime, when the first question comes.
    """

    def __init__(self, name: str, *, component: str | None = None, runtime: Callable[[], Any] | None = None) -> None:
        self._target = {
            "EndpointName": name,
            "ContentType": "application/json",
            **({} if component is None else {"InferenceComponentName": component}),
        }
        self._runtime = runtime or _runtime

    def send(self, body: bytes, *, is_streamed: bool) -> Generator[bytes]:
        """
        Send *body* and return the answer as it comes.

        Args:
            body: A request of the chat completions protocol.
            is_streamed: Whether the answer comes as events.

        Raises:
            ChatError: The endpoint did not answer, or refused.
        """
        with translated("the model", failed=_ASLEEP):
            runtime = self._runtime()
            if not is_streamed:
                answer = runtime.invoke_endpoint(**self._target, Body=body)["Body"]
                while chunk := answer.read(_BYTES):
                    yield chunk
                return
            for event in runtime.invoke_endpoint_with_response_stream(**self._target, Body=body)["Body"]:
                if "PayloadPart" in event:
                    yield event["PayloadPart"]["Bytes"]


@cache
def _runtime() -> Any:
    return client("sagemaker-runtime", seconds=MODEL_SECONDS, attempts=1)
