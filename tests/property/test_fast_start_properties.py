"""What holds for the stated start of every model on every machine, whatever is prepared beforehand."""

from __future__ import annotations

from dataclasses import replace

from aws_cdk import Duration, Size
from hypothesis import given
from hypothesis import strategies as st

from genai_layers.catalog import Precision, instances, layout, models
from genai_layers.catalog.layout import Fit
from genai_layers.inference import FastStart, ServingEngine, Sglang, Vllm
from genai_layers.inference.readiness import slower_starts, time_to_ready, warm_start

FITS = st.builds(
    layout.best,
    st.sampled_from(list(models.every().values())),
    st.sampled_from(list(instances.every().values())),
    st.just(8192),
    st.just(Precision.BF16),
)
ENGINES = st.sampled_from([Vllm(), Sglang()])
RATES = st.none() | st.integers(100, 300)
WARM_UPS = st.none() | st.integers(1, 3600)


def prepared(*, image: bool, rate: int | None, snapshot: bool, warm_up: int | None) -> FastStart:
    """Return what a user might ask for; jsii is slow, so only here are its types made."""
    return FastStart(
        image_on_machine=image,
        initialization_rate=None if rate is None else Size.mebibytes(rate),
        data_snapshot="snap-0123456789abcdef0" if snapshot else None,
        data_size=Size.gibibytes(1000) if snapshot else None,
        warm_up=None if warm_up is None else Duration.seconds(warm_up),
        warm_machines=1,
    )


ASKED = st.builds(prepared, image=st.booleans(), rate=RATES, snapshot=st.booleans(), warm_up=WARM_UPS)


@given(engine=ENGINES, fit=FITS, asked=ASKED)
def test_what_is_accepted_never_makes_a_start_slower(engine: ServingEngine, fit: Fit, asked: FastStart) -> None:
    """What would is refused before anything is made."""
    if slower_starts(engine, [fit], asked):
        return

    start = time_to_ready(engine, fit, asked).total_seconds
    assert start <= time_to_ready(engine, fit).total_seconds
    assert warm_start(engine, fit, asked).total_seconds < start


@given(engine=ENGINES, fit=FITS, asked=ASKED, rate=st.integers(100, 300), more=st.integers(0, 200))
def test_a_higher_rate_never_makes_a_start_slower(
    engine: ServingEngine, fit: Fit, asked: FastStart, rate: int, more: int
) -> None:
    """Whatever lies on the snapshots."""
    slow = replace(asked, initialization_rate=Size.mebibytes(rate))
    fast = replace(asked, initialization_rate=Size.mebibytes(min(300, rate + more)))

    assert time_to_ready(engine, fit, fast).total_seconds <= time_to_ready(engine, fit, slow).total_seconds


@given(engine=ENGINES, fit=FITS, asked=ASKED)
def test_an_image_on_the_machine_never_makes_a_start_slower(engine: ServingEngine, fit: Fit, asked: FastStart) -> None:
    """Even at the slowest rate: what an engine reads of its image is less than a pull brings."""
    without = time_to_ready(engine, fit, replace(asked, image_on_machine=False)).total_seconds

    assert time_to_ready(engine, fit, replace(asked, image_on_machine=True)).total_seconds <= without


@given(engine=ENGINES, fit=FITS, asked=ASKED)
def test_every_start_names_a_part_and_what_each_was_reckoned_from(
    engine: ServingEngine, fit: Fit, asked: FastStart
) -> None:
    """The part that takes the longest is one of the four, and each has its sentence."""
    for start in (time_to_ready(engine, fit, asked), warm_start(engine, fit, asked)):
        assert [sentence.split(":")[0] for sentence in start.assumptions] == ["boot", "image", "weights", "warm-up"]
        assert start.dominated_by in {"boot", "image", "weights", "warm_up"}
        assert start.grace_seconds >= 2 * start.total_seconds
