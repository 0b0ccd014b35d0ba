"""Wait until a server answers."""

from __future__ import annotations

import ssl
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

from tools.local_cloud.errors import CloudNotReadyError

if TYPE_CHECKING:
    from tools.local_cloud.processes import Server

_PATIENCE_SECONDS = 60.0
_POLL_SECONDS = 0.1


def wait_until_healthy(server: Server, url: str) -> None:
    """
    Return as soon as *url* answers with success.

    Raises:
        CloudNotReadyError: The process ended, or a minute passed; the message ends with its log.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if not server.is_running():
            raise CloudNotReadyError(f"{server.name} ended while it was starting:\n{server.last_words()}")
        if _answers(url):
            return
        time.sleep(_POLL_SECONDS)
    raise CloudNotReadyError(
        f"{server.name} did not answer at {url} within {_PATIENCE_SECONDS:.0f} s:\n{server.last_words()}"
    )


def _answers(url: str) -> bool:
    # The certificate is the emulator's own and made a moment ago; clients proper verify it.
    trusting = ssl.create_default_context()
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    try:
        with urllib.request.urlopen(url, timeout=2, context=trusting) as answer:  # noqa: S310 (loopback)
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
