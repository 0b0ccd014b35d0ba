"""What fails at Amazon Bedrock, told apart by what the caller can do about it."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from genai_layers.runtime.chat import bedrock
from genai_layers.runtime.chat.aws import Bedrock, client
from genai_layers.runtime.chat.errors import BusyError, ChatError, TooSlowError, UpstreamError
from genai_layers.runtime.chat.model import Caller
from tests.runtime.bedrock_clients import RESPONSE, Stubs
from tests.runtime.fakes import SETTINGS

REQUEST = bedrock.converse_request(SETTINGS, Caller(user="ada"), question="How much leave?", found=[])


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("ThrottlingException", 429, BusyError),
        ("ServiceQuotaExceededException", 400, BusyError),
        ("ModelTimeoutException", 408, TooSlowError),
        ("ModelErrorException", 424, UpstreamError),
        ("ServiceUnavailableException", 503, UpstreamError),
        ("SomethingNew", 503, UpstreamError),
    ],
)
def test_an_error_of_aws_becomes_one_of_ours(stubs: Stubs, code: str, status: int, expected: type[ChatError]) -> None:
    """Each says when to come back."""
    adapter, converse, _ = stubs
    converse.add_client_error("converse", code, http_status_code=status)

    with pytest.raises(expected) as caught:
        adapter.converse(REQUEST, lambda: 21.5)

    assert 1 <= (caught.value.retry_after_seconds or 0) <= 6


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException", "ResourceNotFoundException"])
def test_a_mistake_of_ours_passes_through(stubs: Stubs, code: str) -> None:
    """It is no trouble of the caller's, and coming back would not help."""
    adapter, converse, _ = stubs
    converse.add_client_error("converse", code, http_status_code=400)

    with pytest.raises(ClientError):
        adapter.converse(REQUEST, lambda: 28.0)


def test_tries_once_more_where_the_model_fails_at_once(stubs: Stubs) -> None:
    """A failure that came quickly leaves time for a second try."""
    adapter, converse, _ = stubs
    converse.add_client_error("converse", "InternalServerException", http_status_code=500)
    converse.add_response("converse", RESPONSE)

    assert adapter.converse(REQUEST, lambda: 27.0).text == "28 days [1]."


def test_does_not_try_again_what_was_throttled(stubs: Stubs) -> None:
    """A throttle that is answered with another call at once only lasts longer."""
    adapter, converse, _ = stubs
    converse.add_client_error("converse", "ThrottlingException", http_status_code=429)

    with pytest.raises(BusyError):
        adapter.converse(REQUEST, lambda: 28.0)


def test_does_not_begin_what_it_cannot_finish(stubs: Stubs) -> None:
    """With too little time left the caller is told, instead of being cut off."""
    adapter, _, _ = stubs

    with pytest.raises(TooSlowError, match="too little time is left"):
        adapter.converse(REQUEST, lambda: 20.5)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ReadTimeoutError(endpoint_url="https://x"), TooSlowError),
        (ConnectTimeoutError(endpoint_url="https://x"), TooSlowError),
        (EndpointConnectionError(endpoint_url="https://x"), UpstreamError),
    ],
)
def test_a_network_that_fails_is_told_from_one_that_is_slow(error: Exception, expected: type[ChatError]) -> None:
    """Both pass by themselves."""

    class Broken:
        def retrieve(self, **_: Any) -> None:
            raise error

    adapter = Bedrock(SETTINGS, runtime=Broken(), agent_runtime=Broken())

    with pytest.raises(expected):
        adapter.retrieve("leave", None)


def test_the_waits_fit_into_the_function(monkeypatch: pytest.MonkeyPatch) -> None:
    """One connection attempt of a second, and a read time that the caller of the client chose."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")

    made = client("bedrock-runtime", seconds=20, attempts=1)

    config = made.meta.config
    assert (config.connect_timeout, config.read_timeout) == (1, 20)
    assert config.retries == {"mode": "standard", "total_max_attempts": 1}
