"""What an API cannot be, said before it is deployed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from genai_layers.application.errors import ApiError
from genai_layers.application.firewall import FirewallLimits

_ORIGIN = re.compile(r"https://[A-Za-z0-9.-]+(:\d+)?")


def check(requests_per_second: int, burst: int, origins: Sequence[str], firewall: FirewallLimits | None) -> None:
    """
    Refuse what an API cannot be.

    Args:
        requests_per_second: Steady rate.
        burst: Requests let through at once.
        origins: Origins whose pages may call it.
        firewall: What a firewall lets through; None where there is none.

    Raises:
        ApiError: Names every fault.
    """
    faults = [] if firewall is None else firewall.faults()
    if requests_per_second < 1:
        faults.append(f"requests_per_second is {requests_per_second}: give at least 1")
    if burst < requests_per_second:
        faults.append(f"burst {burst} is below requests_per_second {requests_per_second}: give at least as many")
    faults += [
        f"allowed_origins holds {origin!r}: name each origin, as in 'https://chat.example.com'"
        for origin in origins
        if not _ORIGIN.fullmatch(origin)
    ]
    if faults:
        raise ApiError(faults)
