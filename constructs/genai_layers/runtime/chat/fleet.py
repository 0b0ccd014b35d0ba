"""The border to a fleet of ours: HTTP under TLS to its load balancer, with the API key of its secret."""

from __future__ import annotations

import http.client
import random
import ssl
import threading
from collections.abc import Callable, Generator
from contextlib import closing
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from ..shared import log
from .aws import client, translated
from .errors import BusyError, NotTakenError, TooSlowError, UpstreamError

CONNECT_SECONDS = 2.0
SILENCE_SECONDS = 20.0
"""Longest wait for the next bytes."""

_PATH = "/v1/chat/completions"
_BYTES = 16_384


class Fleet:
    """
    Where the machines of a fleet are asked.

    Args:
        url: Root of its API without a closing slash; https and nothing else.
        secret: Secret that holds the API key.
        secrets: Makes the client of secretsmanager, when the first key is needed.
        context: Whose certificates are believed. Default: those of the system.

    Raises:
        ValueError: The address is not one of https.
    """

    def __init__(
        self,
        url: str,
        secret: str,
        *,
        secrets: Callable[[], Any] | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname:
            raise ValueError("the address of a fleet begins with https: the API key and people's words travel there")
        self._host, self._port, self._path = parts.hostname, parts.port or 443, parts.path.rstrip("/") + _PATH
        self._secret = secret
        self._secrets = secrets or _secrets
        self._context = context
        self._key: str | None = None
        self._lock = threading.Lock()

    def send(self, body: bytes, *, is_streamed: bool) -> Generator[bytes]:
        """
        Send *body* and return the answer as it comes.

        Args:
            body: A request of the chat completions protocol.
            is_streamed: Whether the answer comes as events.

        Raises:
            ChatError: The fleet did not answer, or refused.
        """
        connection = http.client.HTTPSConnection(
            self._host, self._port, timeout=CONNECT_SECONDS, context=self._context or _system()
        )
        try:
            # The response outlives the connection that it came on, and is closed by itself.
            with closing(connection), closing(self._asked(connection, body, is_streamed)) as response:
                _check(response.status)
                while chunk := response.read1(_BYTES):
                    yield chunk
        except TimeoutError as error:
            raise TooSlowError("the model took too long: ask for less, or try again") from error
        except (OSError, http.client.HTTPException) as error:
            log.event("fleet_failed", "WARNING", error_type=type(error).__name__)
            raise UpstreamError("the model could not be reached: try again") from error

    def _asked(
        self, connection: http.client.HTTPSConnection, body: bytes, is_streamed: bool
    ) -> http.client.HTTPResponse:
        for is_last in (False, True):
            connection.connect()
            connection.sock.settimeout(SILENCE_SECONDS)
            connection.request(
                "POST",
                self._path,
                body=body,
                headers={
                    "authorization": f"Bearer {self._api_key(is_anew=is_last)}",
                    "content-type": "application/json",
                    "accept": "text/event-stream" if is_streamed else "application/json",
                },
            )
            response = connection.getresponse()
            # A key that was changed since it was read is read anew, once.
            if response.status != http.HTTPStatus.UNAUTHORIZED or is_last:
                break
            response.close()
            connection.close()
        return response

    def _api_key(self, *, is_anew: bool) -> str:
        with self._lock:
            if self._key is None or is_anew:
                with translated("the API key of the model"):
                    self._key = str(self._secrets().get_secret_value(SecretId=self._secret)["SecretString"])
            return self._key


def _check(status: int) -> None:
    if status == http.HTTPStatus.OK:
        return
    log.event("fleet_failed", "WARNING", status=status)
    if status == http.HTTPStatus.TOO_MANY_REQUESTS:
        raise BusyError("the model is busy: try again", retry_after_seconds=random.randint(2, 6))  # noqa: S311
    if status in (http.HTTPStatus.REQUEST_TIMEOUT, http.HTTPStatus.GATEWAY_TIMEOUT):
        raise TooSlowError("the model took too long: ask for less, or try again")
    if status in (http.HTTPStatus.BAD_REQUEST, http.HTTPStatus.REQUEST_ENTITY_TOO_LARGE):
        raise NotTakenError("the model does not take this request: ask for less")
    raise UpstreamError("the model failed: try again")


@cache
def _system() -> ssl.SSLContext:
    """Return the one context, since reading the system's certificates takes longer than a handshake."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


@cache
def _secrets() -> Any:
    return client("secretsmanager", seconds=4, attempts=2)
