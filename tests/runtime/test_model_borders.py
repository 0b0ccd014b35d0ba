"""The borders to machines of ours and to SageMaker: who answers there, who is believed, and what fails how."""

from __future__ import annotations

import io
import json
import ssl
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import EventStreamError
from botocore.response import StreamingBody
from botocore.stub import Stubber

from genai_layers.runtime.chat import bedrock
from genai_layers.runtime.chat.errors import BusyError, ChatError, NotTakenError, TooSlowError, UpstreamError
from genai_layers.runtime.chat.fleet import Fleet
from genai_layers.runtime.chat.judge import Judge
from genai_layers.runtime.chat.model import Caller, Stop
from genai_layers.runtime.chat.sagemaker import SageMakerEndpoint
from genai_layers.runtime.chat.self_hosted import SelfHosted
from tests.runtime.bedrock_clients import made
from tests.runtime.fakes import SETTINGS
from tests.runtime.routed import FakeGuardrail, Machines, Secrets, events, fleet, hosted, whole

REQUEST = bedrock.converse_request(SETTINGS, Caller(user="ada"), question="How much leave has Ada?", found=[])


@pytest.mark.parametrize(
    ("status", "expected"),
    [(429, BusyError), (503, UpstreamError), (504, TooSlowError), (400, NotTakenError), (404, UpstreamError)],
)
def test_a_fleet_that_refuses_is_told_apart(
    certificates: Path, guardrail: FakeGuardrail, status: int, expected: type[ChatError]
) -> None:
    """By what the caller can do about it."""
    with fleet(Machines(status), certificates) as url, pytest.raises(ChatError) as caught:
        hosted(url, certificates, guardrail).converse(REQUEST, lambda: 60.0)

    assert type(caught.value) is expected


def test_a_key_that_was_changed_is_read_anew_once(certificates: Path, guardrail: FakeGuardrail) -> None:
    """And kept otherwise, one read for the process."""
    secrets = Secrets("old", "k3y")
    with fleet(Machines(), certificates) as url:
        model = hosted(url, certificates, guardrail, secrets)
        model.converse(REQUEST, lambda: 60.0)
        model.converse(REQUEST, lambda: 60.0)

    assert secrets.reads == 2


def test_a_certificate_that_nobody_vouches_for_is_not_believed(certificates: Path, guardrail: FakeGuardrail) -> None:
    """Neither an unknown authority nor another name; and plain HTTP is no address of a fleet."""
    machines = Machines()
    with fleet(machines, certificates) as url:
        border = Fleet(url, "arn", secrets=lambda: Secrets(), context=ssl.create_default_context())
        with pytest.raises(UpstreamError):
            list(border.send(b"{}", is_streamed=False))
        with pytest.raises(UpstreamError):
            hosted(url.replace("localhost", "127.0.0.1"), certificates, guardrail).converse(REQUEST, lambda: 60.0)

    assert machines.requests == []
    with pytest.raises(ValueError, match="begins with https"):
        Fleet("http://models.internal", "arn")


@pytest.mark.parametrize(
    "raw",
    [
        b"data: {\n\n",
        b'data: {"choices": 1}\n\n',
        b'data: {"error": {}}\n\n',
        b"",
        b"".join(list(events("cut off"))[:2]),
    ],
)
def test_a_stream_that_breaks_off_is_no_answer(certificates: Path, guardrail: FakeGuardrail, raw: bytes) -> None:
    """Half of an answer is not told as one."""
    told: list[str] = []
    with fleet(Machines(raw), certificates) as url, pytest.raises(UpstreamError):
        hosted(url, certificates, guardrail).converse(REQUEST, lambda: 60.0, told.append)

    assert told == []


def test_an_answer_that_outlasts_the_function_is_given_up(certificates: Path, guardrail: FakeGuardrail) -> None:
    """While there is time to say so."""
    with fleet(Machines(), certificates) as url, pytest.raises(TooSlowError):
        hosted(url, certificates, guardrail).converse(REQUEST, lambda: 0.5, lambda _: None)


@pytest.fixture(scope="module")
def sagemaker() -> Any:
    return made("sagemaker-runtime")


def _on_sagemaker(client: Any, guardrail: FakeGuardrail, component: str | None = None) -> SelfHosted:
    border = SageMakerEndpoint("llama", component=component, runtime=lambda: client)
    return SelfHosted(border, Judge(SETTINGS, guardrail))


def test_an_endpoint_of_sagemaker_answers_whole(sagemaker: Any, guardrail: FakeGuardrail) -> None:
    """Its request passes the service's own validation, the inference component in it."""
    raw = json.dumps(whole("28 days.", reason="length")).encode()
    with Stubber(sagemaker) as stub:
        stub.add_response("invoke_endpoint", {"Body": StreamingBody(io.BytesIO(raw), len(raw))})
        answer = _on_sagemaker(sagemaker, guardrail, "part").converse(REQUEST, lambda: 60.0)

    assert (answer.text, answer.stop) == ("28 days.", Stop.LENGTH)
    assert guardrail.judged("OUTPUT") == ["28 days."]


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("ValidationError", 400, UpstreamError),
        ("ModelError", 424, UpstreamError),
        ("ServiceUnavailable", 503, UpstreamError),
        ("ThrottlingException", 429, BusyError),
    ],
)
def test_an_endpoint_that_fails_is_told_apart(
    sagemaker: Any, guardrail: FakeGuardrail, code: str, status: int, expected: type[ChatError]
) -> None:
    """One without a copy at the moment says so as a fault of the request."""
    with Stubber(sagemaker) as stub:
        stub.add_client_error("invoke_endpoint", code, http_status_code=status)
        with pytest.raises(expected):
            _on_sagemaker(sagemaker, guardrail).converse(REQUEST, lambda: 60.0)


class _Streaming:
    """Answers InvokeEndpointWithResponseStream, which a Stubber cannot."""

    def __init__(self, *parts: bytes, error: Exception | None = None) -> None:
        self._parts, self._error = parts, error

    def invoke_endpoint_with_response_stream(self, **_: Any) -> dict[str, Any]:
        def body() -> Any:
            for part in self._parts:
                yield {"PayloadPart": {"Bytes": part}}
            if self._error:
                raise self._error

        return {"Body": body()}


def test_parts_of_a_stream_are_cut_anywhere(guardrail: FakeGuardrail) -> None:
    """SageMaker cuts where it likes, in the middle of a line and of a letter."""
    raw = b"".join(events("Größe: 28 days."))
    parts = [raw[start : start + 7] for start in range(0, len(raw), 7)]

    answer = _on_sagemaker(_Streaming(*parts), guardrail).converse(REQUEST, lambda: 60.0, lambda _: None)

    assert answer.text == "Größe: 28 days."


def test_a_stream_of_sagemaker_that_fails_is_a_failure(guardrail: FakeGuardrail) -> None:
    """Told as one of the model."""
    error = EventStreamError({"Error": {"Code": "ModelStreamError"}}, "InvokeEndpointWithResponseStream")

    with pytest.raises(UpstreamError):
        _on_sagemaker(_Streaming(b"data: ", error=error), guardrail).converse(REQUEST, lambda: 60.0, lambda _: None)
