"""Which of several models is asked first, which is left alone for a while, and how many second tries there are."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from genai_layers.runtime.chat import bedrock, breaker
from genai_layers.runtime.chat.breaker import Allowance, Breaker
from genai_layers.runtime.chat.choosing import MEMORY_SECONDS, Speeds
from genai_layers.runtime.chat.errors import UpstreamError
from genai_layers.runtime.chat.model import Caller
from genai_layers.runtime.chat.named_models import Choice
from genai_layers.runtime.chat.router import Router
from tests.runtime.fakes import SETTINGS, says
from tests.runtime.routed import Scripted, named

REQUEST = bedrock.converse_request(SETTINGS, Caller(user="ada"), question="How much leave?", found=[])
CHEAP = {"input_usd_per_million": Decimal("0.1"), "output_usd_per_million": Decimal("0.2")}
DEAR = {"input_usd_per_million": Decimal(3), "output_usd_per_million": Decimal(15)}
STREAM = {"accept": "text/event-stream"}


class _Time:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def _failed() -> UpstreamError:
    return UpstreamError("the model failed: try again")


def _router(choice: Choice, *models: Any, **options: Any) -> Router:
    return Router(models, choice, sleep=lambda _: None, **options)


def test_the_cheapest_is_asked_first() -> None:
    """One whose price nobody knows comes last."""
    ours, dear, cheap = Scripted(), Scripted(_failed()), Scripted(_failed())
    router = _router(
        Choice.CHEAPEST, (named("ours"), ours), (named("dear", **DEAR), dear), (named("cheap", **CHEAP), cheap)
    )

    made = router.among(["ours", "dear", "cheap"]).converse(REQUEST, lambda: 200.0)

    assert (made.model, made.fallbacks, dear.asked, cheap.asked) == ("ours", 2, 1, 1)


class _Slow:
    """A model that takes its time to the first word."""

    def __init__(self, time: _Time, seconds: float) -> None:
        self.time, self.seconds, self.asked = time, seconds, 0

    def converse(self, request: Any, seconds_left: Any, tell: Any = None) -> Any:
        self.asked += 1
        self.time.now += self.seconds
        if tell:
            tell("28 days.")
            self.time.now += 5
        return says("28 days.")


@pytest.mark.parametrize("tell", [None, lambda _: None])
def test_the_fastest_to_its_first_word_is_asked_first(tell: Any) -> None:
    """Each is measured first, the measurement moves, and is forgotten after a while."""
    time = _Time()
    slow, fast = _Slow(time, 3.0), _Slow(time, 0.2)
    speeds = Speeds(now=time)
    router = _router(Choice.FASTEST, (named("slow"), slow), (named("fast"), fast), speeds=speeds, now=time)
    asker = router.among(["slow", "fast"])

    for _ in range(4):
        asker.converse(REQUEST, lambda: 200.0, tell)
    assert (slow.asked, fast.asked) == (1, 3)
    assert speeds.of("fast", tell is not None) == pytest.approx(0.2)

    fast.seconds = 40.0
    asker.converse(REQUEST, lambda: 200.0, tell)
    assert asker.converse(REQUEST, lambda: 200.0, tell).model == "slow"
    time.now += MEMORY_SECONDS + 1
    assert speeds.of("slow", tell is not None) is None


def test_a_model_that_keeps_failing_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """Then one question in a while tries it, until it answers; each change is counted."""
    time = _Time()
    bad, good = Scripted(*[_failed() for _ in range(6)]), Scripted()
    router = _router(
        Choice.IN_ORDER,
        (named("bad"), bad),
        (named("good"), good),
        breaker=lambda: Breaker(now=time),
        allowance=Allowance(most=100),
    )
    asker = router.among(["bad", "good"])

    for _ in range(8):
        assert asker.converse(REQUEST, lambda: 200.0).model == "good"
    assert bad.asked == breaker.FAILURES
    written = capsys.readouterr().out
    assert written.count('"BreakersOpened":1') == 1
    assert written.count('"Fallbacks":1') == breaker.FAILURES

    time.now += breaker.REST_SECONDS
    asker.converse(REQUEST, lambda: 200.0)
    asker.converse(REQUEST, lambda: 200.0)
    assert bad.asked == breaker.FAILURES + 1
    time.now += breaker.REST_SECONDS
    assert [asker.converse(REQUEST, lambda: 200.0).model for _ in range(2)] == ["bad", "bad"]


def test_where_all_are_left_alone_the_caller_is_told_when_to_come_back() -> None:
    """At once, without asking anybody."""
    time = _Time()
    bad = Scripted(*[_failed() for _ in range(9)])
    router = _router(
        Choice.IN_ORDER, (named("bad"), bad), breaker=lambda: Breaker(now=time, failures=2), allowance=Allowance()
    )
    with pytest.raises(UpstreamError):
        router.among(["bad"]).converse(REQUEST, lambda: 200.0)

    with pytest.raises(UpstreamError, match="left alone") as caught:
        router.among(["bad"]).converse(REQUEST, lambda: 200.0)

    assert bad.asked == 2
    assert 1 <= (caught.value.retry_after_seconds or 0) <= 31
    assert UpstreamError.retry_after_seconds == 5


def test_second_tries_have_a_budget() -> None:
    """Where everything fails, asking twice makes it worse."""
    bad, good = Scripted(*[_failed() for _ in range(30)]), Scripted()
    router = _router(
        Choice.IN_ORDER,
        (named("bad"), bad),
        (named("good"), good),
        breaker=lambda: Breaker(failures=99),
        allowance=Allowance(most=2.0),
    )
    answered = 0
    for _ in range(20):
        try:
            answered += bool(router.among(["bad", "good"]).converse(REQUEST, lambda: 200.0))
        except UpstreamError:
            continue

    # Two that were there, and a tenth for each of twenty.
    assert answered == good.asked == 3
