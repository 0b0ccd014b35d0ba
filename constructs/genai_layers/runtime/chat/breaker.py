"""
Leaves a model alone that keeps failing, and bounds how often another is asked in its place.

What is remembered here is remembered by one process of the function: each finds out for itself.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

FAILURES = 5
WINDOW_SECONDS = 60.0
REST_SECONDS = 30.0


class Outcome(Enum):
    """How a call went; `UNKNOWN` says nothing about the model."""

    WELL = "well"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to one call; a probe is the one call that an open breaker lets through."""

    is_probe: bool


class Breaker:
    """
    Opens after many failures in a while, then lets one call through now and then until one goes well.

    Args:
        failures: Failures within the window that open it.
        window_seconds: How long a failure counts.
        rest_seconds: Pause before a probe, and between probes.
        now: A clock, in seconds.
    """

    def __init__(
        self,
        *,
        failures: int = FAILURES,
        window_seconds: float = WINDOW_SECONDS,
        rest_seconds: float = REST_SECONDS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most, self._window, self._rest, self._now = failures, window_seconds, rest_seconds, now
        self._lock = threading.Lock()
        self._failed: deque[float] = deque()
        self._probe_at: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether calls are kept away."""
        return self._probe_at is not None

    @property
    def seconds_to_probe(self) -> float:
        """Seconds until a call is let through; 0 where one would be now."""
        return 0.0 if self._probe_at is None else max(0.0, self._probe_at - self._now())

    def enter(self) -> Turn | None:
        """Return the right to a call, whose outcome is then told; None where the model rests."""
        with self._lock:
            if self._probe_at is None:
                return Turn(is_probe=False)
            now = self._now()
            if now < self._probe_at:
                return None
            # The next probe comes a rest later, whatever becomes of this one: a lost outcome closes nothing.
            self._probe_at = now + self._rest
            return Turn(is_probe=True)

    def ended(self, turn: Turn, outcome: Outcome) -> bool:
        """
        Take note of how a call went, and return whether that opened the breaker.

        Args:
            turn: The right to the call.
            outcome: How it went.
        """
        with self._lock:
            now = self._now()
            if turn.is_probe:
                if outcome is Outcome.WELL:
                    self._probe_at = None
                    self._failed.clear()
                return False
            if outcome is not Outcome.FAILED or self._probe_at is not None:
                return False
            self._failed.append(now)
            while now - self._failed[0] > self._window:
                self._failed.popleft()
            if len(self._failed) < self._most:
                return False
            self._probe_at = now + self._rest
            return True


class Allowance:
    """
    A budget of second tries: where everything fails, asking twice only makes it worse.

    Args:
        most: Second tries in a row.
        each: What every request adds; a tenth means one second try for ten requests.
    """

    def __init__(self, *, most: float = 10.0, each: float = 0.1) -> None:
        self._most, self._each = most, each
        self._left = most
        self._lock = threading.Lock()

    def earn(self) -> None:
        """Add what a request adds."""
        with self._lock:
            self._left = min(self._most, self._left + self._each)

    def take(self) -> bool:
        """Return whether a second try is allowed, and count it."""
        with self._lock:
            if self._left < 1:
                return False
            self._left -= 1
            return True
