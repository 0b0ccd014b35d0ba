"""Free ports on the loopback interface."""

from __future__ import annotations

import contextlib
import errno
import random
import socket

LOOPBACK = "127.0.0.1"

_SERVERS = range(15_000, 30_000)
"""Below the ports from which Linux (32768) and macOS (49152) take one for each outgoing connection, so that no
connection takes a port between its choice here and the start of the server."""

_random = random.SystemRandom()


class NoFreePortError(OSError):
    """Something listens on every port that was tried."""


def free_ports(count: int) -> list[int]:
    """
    Ports that nobody listens on just now, all different.

    Args:
        count: How many.

    Returns:
        list[int]: The ports; each was free while all the others were held.

    Raises:
        NoFreePortError: There are fewer.
    """
    with contextlib.ExitStack() as held:
        ports: list[int] = []
        for port in _random.sample(_SERVERS, 1_000):
            if len(ports) == count:
                break
            listener = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            try:
                listener.bind((LOOPBACK, port))
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
                continue
            ports.append(port)
        if len(ports) < count:
            raise NoFreePortError(f"{count} free ports are wanted and {len(ports)} were found: stop other servers")
        return ports
