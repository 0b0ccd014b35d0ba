"""
All of boto3: the clients, made once a process and when first needed, and what their errors mean.

Whoever waits for a whole answer hears nothing meanwhile, and CloudFront gives up after 30 s: so the model has 20,
and what comes before it is given up early enough to tell the caller. In a stream the model has them for each piece.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cache
from typing import Any

import botocore.session
from botocore import exceptions
from botocore.config import Config
from botocore.exceptions import ClientError

from ..shared import log
from . import bedrock, streaming
from .errors import BusyError, TooSlowError, UpstreamError
from .model import Completion, Passage
from .settings import ChatSettings

MODEL_SECONDS = 20
"""Longest wait for a model."""
MARGIN_SECONDS = 1.0
"""Left for the answer to be kept and sent."""

_BUSY = frozenset(
    {
        "ThrottlingException",
        "ModelNotReadyException",
        "ServiceQuotaExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "TransactionInProgressException",
    }
)
_FAILED = frozenset(
    {
        "InternalServerException",
        "InternalServerError",
        "ServiceUnavailableException",
        "ModelErrorException",
        "ModelStreamErrorException",
        "BadGatewayException",
        "DependencyFailedException",
        "InternalDependencyException",
        "InternalFailure",
        "InternalStreamFailure",
        "ModelError",
        "ModelStreamError",
        "ServiceUnavailable",
    }
)
_AGAIN = _FAILED | {"ModelNotReadyException"}


def client(service: str, *, seconds: float, attempts: int) -> Any:
    """
    Return a client.

    Args:
        service: Name of the service, as botocore calls it.
        seconds: Wait for a response, in seconds; for a connection it is one.
        attempts: Calls at most, the first included.
    """
    config = Config(
        connect_timeout=1, read_timeout=seconds, retries={"mode": "standard", "total_max_attempts": attempts}
    )
    return _session().create_client(service, config=config)


@cache
def _session() -> botocore.session.Session:
    """Return the one session: what it has read of AWS's own data serves every client."""
    return botocore.session.get_session()


def code_of(error: ClientError) -> str:
    """Return the code of an error, such as `ThrottlingException`; in a stream it begins with a small letter."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    return code[:1].upper() + code[1:]


@contextmanager
def translated(what: str, *, failed: frozenset[str] = frozenset()) -> Iterator[None]:
    """
    Turn errors of AWS into ours; one that only a mistake of ours can cause passes through.

    Args:
        what: What was asked, in the words of the message: `the model`.
        failed: Codes that this service gives for failures of its own. Default: none beside the usual.
    """
    try:
        yield
    except ClientError as error:
        code = code_of(error)
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        log.event("aws_call_failed", "WARNING", service_code=code[: log.LONGEST_VALUE], status=status)
        if code in _BUSY:
            # A spread, so that callers who were refused together do not come back together.
            raise BusyError(f"{what} is busy: try again", retry_after_seconds=random.randint(2, 6)) from error  # noqa: S311
        if code == "ModelTimeoutException":
            raise TooSlowError(f"{what} took too long: ask for less, or try again") from error
        if code in _FAILED | failed or status >= 500:
            raise UpstreamError(f"{what} failed: try again") from error
        raise
    except (exceptions.ReadTimeoutError, exceptions.ConnectTimeoutError) as error:
        raise TooSlowError(f"{what} took too long: ask for less, or try again") from error
    except (exceptions.HTTPClientError, exceptions.ConnectionError) as error:
        raise UpstreamError(f"{what} could not be reached: try again") from error


class Bedrock:
    """
    The knowledge base and the model.

    Args:
        settings: Settings of the function.
        runtime: Client of bedrock-runtime. Default: a new one.
        agent_runtime: Client of bedrock-agent-runtime. Default: a new one.
        sleep: Waits, in seconds.

    Attributes:
        runtime: Client of bedrock-runtime.
    """

    def __init__(
        self,
        settings: ChatSettings,
        *,
        runtime: Any | None = None,
        agent_runtime: Any | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self.runtime = runtime or client("bedrock-runtime", seconds=MODEL_SECONDS, attempts=1)
        self._agent_runtime = agent_runtime or client("bedrock-agent-runtime", seconds=4, attempts=2)
        self._sleep = sleep

    def retrieve(self, query: str, tenant: str | None) -> list[Passage]:
        """Return the passages nearest to *query* that *tenant* may read."""
        with translated("the knowledge base"):
            request = bedrock.retrieve_request(self._settings, query, tenant)
            return bedrock.passages(self._agent_runtime.retrieve(**request))

    def converse(
        self,
        request: Mapping[str, Any],
        seconds_left: Callable[[], float],
        tell: Callable[[str], None] | None = None,
    ) -> Completion:
        """
        Return what the model makes of *request*, tried once more where it fails at once and time allows.

        Args:
            request: Parameters of Converse.
            seconds_left: Time until the function is stopped.
            tell: Is told the model's words as they come. Default: the answer comes whole.

        Raises:
            TooSlowError: Too little time is left to ask.
        """
        return self._converse(request, seconds_left, tell, has_second_try=True)

    def converse_once(
        self,
        request: Mapping[str, Any],
        seconds_left: Callable[[], float],
        tell: Callable[[str], None] | None = None,
    ) -> Completion:
        """Return the same as `converse`, for a caller that has tries of its own."""
        return self._converse(request, seconds_left, tell, has_second_try=False)

    def _converse(
        self,
        request: Mapping[str, Any],
        seconds_left: Callable[[], float],
        tell: Callable[[str], None] | None,
        *,
        has_second_try: bool,
    ) -> Completion:
        if seconds_left() < MODEL_SECONDS + MARGIN_SECONDS:
            raise TooSlowError("too little time is left to ask the model: try again")
        call = self.runtime.converse if tell is None else self.runtime.converse_stream
        request = request if tell is None else streaming.request(request)
        with translated("the model"):
            try:
                response = call(**request)
            except ClientError as error:
                is_over = not has_second_try or seconds_left() < MODEL_SECONDS + 2 * MARGIN_SECONDS
                if is_over or code_of(error) not in _AGAIN:
                    raise
                self._sleep(random.uniform(0.1, 0.6))  # noqa: S311 -- jitter
                response = call(**request)
            if tell is None:
                return bedrock.completion(response)
            with closing(response["stream"]) as events:
                return streaming.completion(_in_time(events, seconds_left), tell)


def _in_time(events: Iterable[Any], seconds_left: Callable[[], float]) -> Iterator[Any]:
    for event in events:
        if seconds_left() < MARGIN_SECONDS:
            raise TooSlowError("the answer takes longer than the function may run: ask for less")
        yield event
