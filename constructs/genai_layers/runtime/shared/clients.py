"""Clients of AWS services, made once a process and when first needed, bounded in time and in tries."""

from __future__ import annotations

from functools import cache
from typing import Any

CONNECT_SECONDS = 2.0
"""Longest wait for a connection."""
READ_SECONDS = 60.0
"""Longest wait for a response, unless told otherwise."""
ATTEMPTS = 4
"""Calls at most, the first included; between them a wait that grows, with jitter (botocore's standard mode)."""


@cache
def client(service: str, *, seconds: float = READ_SECONDS, attempts: int = ATTEMPTS) -> Any:
    """
    Return the client of a service, the same one whenever it is asked for.

    Args:
        service: Name of the service, as botocore calls it.
        seconds: Wait for a response, in seconds.
        attempts: Calls at most, the first included.
    """
    # botocore is half of a cold start, so what is refused before it needs AWS does without.
    from botocore.config import Config

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=seconds,
        retries={"mode": "standard", "total_max_attempts": attempts},
    )
    return _session().create_client(service, config=config)


@cache
def _session() -> Any:
    import botocore.session

    return botocore.session.get_session()


def refusal() -> Any:
    """Return the class of what a service refuses with, for an `except` that looks it up only when it is needed."""
    from botocore.exceptions import ClientError

    return ClientError


def failures(*more: type[Exception]) -> tuple[type[Exception], ...]:
    """
    Return the classes of all that a call can fail with, for an `except` that looks them up only when they are needed.

    Args:
        *more: Further classes.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    return (BotoCoreError, ClientError, *more)
