"""The breaker, whatever happens in whatever order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from genai_layers.runtime.chat.breaker import Allowance, Breaker, Outcome

FAILURES, WINDOW, REST = 3, 10.0, 5.0

STEPS = st.lists(
    st.tuples(st.floats(0, 8, allow_nan=False), st.sampled_from([*Outcome, None])), min_size=1, max_size=60
)
"""Seconds that pass before a call, and how it ends; None for one whose end is never told."""


@given(steps=STEPS)
def test_the_breaker_is_open_when_and_only_when_it_failed_often_enough(
    steps: list[tuple[float, Outcome | None]],
) -> None:
    """Held against a model that remembers everything."""
    now = [0.0]
    breaker = Breaker(failures=FAILURES, window_seconds=WINDOW, rest_seconds=REST, now=lambda: now[0])
    failed: list[float] = []
    probe_at: float | None = None

    for seconds, outcome in steps:
        now[0] += seconds
        turn = breaker.enter()

        assert breaker.is_open == (probe_at is not None)
        assert (turn is None) == (probe_at is not None and now[0] < probe_at)
        if turn is None:
            assert 0 < breaker.seconds_to_probe <= REST
            continue
        assert turn.is_probe == (probe_at is not None)
        if turn.is_probe:
            probe_at = now[0] + REST
        opened = False if outcome is None else breaker.ended(turn, outcome)
        if turn.is_probe:
            assert not opened
            if outcome is Outcome.WELL:
                probe_at, failed = None, []
            continue
        if outcome is Outcome.FAILED:
            failed = [at for at in failed if now[0] - at <= WINDOW] + [now[0]]
        if outcome is Outcome.FAILED and len(failed) >= FAILURES:
            assert opened
            probe_at = now[0] + REST
        else:
            assert not opened


@given(calls=st.integers(1, 40))
def test_one_probe_a_rest_is_let_through_however_many_wait(calls: int) -> None:
    """Who comes at the same moment is kept away, and a late end of an older call changes nothing."""
    now = [0.0]
    breaker = Breaker(failures=1, rest_seconds=REST, now=lambda: now[0])
    before = [turn for turn in (breaker.enter(), breaker.enter()) if turn is not None]
    assert breaker.ended(before[0], Outcome.FAILED)
    now[0] += REST

    turns = [turn for turn in (breaker.enter() for _ in range(calls)) if turn is not None]

    assert [turn.is_probe for turn in turns] == [True]
    assert not breaker.ended(before[1], Outcome.WELL)
    assert breaker.is_open


@given(takes=st.lists(st.booleans(), max_size=300))
def test_second_tries_never_exceed_their_budget(takes: list[bool]) -> None:
    """Ten, and one for ten requests."""
    allowance = Allowance()
    requests = taken = 0
    for wants in takes:
        allowance.earn()
        requests += 1
        taken += wants and allowance.take()

    assert taken <= 10 + requests / 10
