"""
Asks one of several models, and the next where it fails before it has said a word.

After the first word there is no way back: what was told is told, so the failure is told too.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..shared import log
from . import metrics
from .breaker import Allowance, Breaker, Outcome, Turn
from .choosing import Speeds, ordered
from .errors import BusyError, ChatError, NotTakenError, TooSlowError, UpstreamError
from .model import Completion
from .named_models import Choice, NamedModel
from .ports import Answers, Tell

WHOLE_SECONDS = 28.0
"""Whoever waits for a whole answer is given up on after 30 s, so a second try must end before that."""

TRY_SECONDS = 20.0
"""Longest silence of a model."""

_MARGIN_SECONDS = 1.0


class Router:
    """
    The named models, with what this process knows of each.

    Args:
        models: Models in the order of the deployment, with who asks them.
        choice: Which is asked first.
        breaker: Makes the breaker of a model.
        allowance: Budget of second tries.
        speeds: Time to the first words.
        sleep: Waits, in seconds.
        now: A clock, in seconds.
    """

    def __init__(
        self,
        models: Sequence[tuple[NamedModel, Answers]],
        choice: Choice,
        *,
        breaker: Callable[[], Breaker] = Breaker,
        allowance: Allowance | None = None,
        speeds: Speeds | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._models = {one.name: one for one, _ in models}
        self._askers = {one.name: asker for one, asker in models}
        self._choice = choice
        self._breakers = {one.name: breaker() for one, _ in models}
        self._allowance = Allowance() if allowance is None else allowance
        self._speeds = Speeds() if speeds is None else speeds
        self._sleep = sleep
        self._now = now

    def among(self, names: Sequence[str]) -> Answers:
        """Return what asks one of *names*, and the next where it fails."""
        return _Among(self, tuple(names))

    def ask(
        self,
        names: Sequence[str],
        request: Mapping[str, Any],
        seconds_left: Callable[[], float],
        tell: Tell | None,
    ) -> Completion:
        """
        Return the answer of the first of *names* that gives one.

        Args:
            names: Models that may answer; one that is alone is asked twice.
            request: Parameters of Converse.
            seconds_left: Time until the function is stopped.
            tell: Is told the model's words as they come; None where the answer comes whole.

        Raises:
            ChatError: None of them answered; the last failure.
        """
        self._allowance.earn()
        began = self._now()
        failure: ChatError | None = None
        failed = 0
        tries = self._tries(names, request, is_told=tell is not None)
        for name in tries:
            if not self._is_in_time(began, seconds_left, is_whole=tell is None):
                failure = failure or TooSlowError("too little time is left to ask a model: try again")
                break
            if failed and not self._allowance.take():
                break
            turn = self._breakers[name].enter()
            if turn is None:
                continue
            if failed:
                metrics.fell_back()
                self._sleep(random.uniform(0.05, 0.3))  # noqa: S311 -- jitter
            heard = _Heard(tell, self._now)
            try:
                made = self._one(name, turn, request, seconds_left, heard)
            except (BusyError, UpstreamError, TooSlowError) as error:
                if heard.first_at is not None or (len(names) == 1 and isinstance(error, BusyError)):
                    raise
                failure, failed = error, failed + 1
                continue
            return replace(made, model=name, fallbacks=failed)
        raise failure or self._all_rest(names)

    def _one(
        self,
        name: str,
        turn: Turn,
        request: Mapping[str, Any],
        seconds_left: Callable[[], float],
        heard: _Heard,
    ) -> Completion:
        outcome = Outcome.UNKNOWN
        try:
            made = self._askers[name].converse(request, seconds_left, heard.teller)
            outcome = Outcome.WELL
            self._speeds.add(name, heard.tell is not None, (heard.first_at or self._now()) - heard.began)
            return made
        except (BusyError, UpstreamError, TooSlowError) as error:
            outcome = Outcome.UNKNOWN if isinstance(error, NotTakenError) else Outcome.FAILED
            log.event("model_failed", "WARNING", model=name, code=error.code)
            raise
        finally:
            if self._breakers[name].ended(turn, outcome):
                metrics.breaker_opened()
                log.event("breaker_opened", "WARNING", model=name)

    def _tries(self, names: Sequence[str], request: Mapping[str, Any], *, is_told: bool) -> list[str]:
        found = ordered(
            self._choice,
            [self._models[name] for name in names],
            request=request,
            is_told=is_told,
            speeds=self._speeds,
        )
        return [one.name for one in found] * (2 if len(names) == 1 else 1)

    def _is_in_time(self, began: float, seconds_left: Callable[[], float], *, is_whole: bool) -> bool:
        if seconds_left() < TRY_SECONDS + _MARGIN_SECONDS:
            return False
        return not is_whole or self._now() - began <= WHOLE_SECONDS - TRY_SECONDS

    def _all_rest(self, names: Sequence[str]) -> ChatError:
        error = UpstreamError("the models have failed lately and are left alone for a while: try again")
        error.retry_after_seconds = 1 + int(min(self._breakers[name].seconds_to_probe for name in names))
        return error


@dataclass(frozen=True, slots=True)
class _Among:
    router: Router
    names: tuple[str, ...]

    def converse(
        self, request: Mapping[str, Any], seconds_left: Callable[[], float], tell: Tell | None = None
    ) -> Completion:
        return self.router.ask(self.names, request, seconds_left, tell)


class _Heard:
    """Whom a model tells its words, and when it told the first."""

    def __init__(self, tell: Tell | None, now: Callable[[], float]) -> None:
        self.tell = tell
        self._now = now
        self.began = now()
        self.first_at: float | None = None

    @property
    def teller(self) -> Tell | None:
        return None if self.tell is None else self._hear

    def _hear(self, text: str) -> None:
        if self.first_at is None:
            self.first_at = self._now()
        if self.tell is not None:
            self.tell(text)
