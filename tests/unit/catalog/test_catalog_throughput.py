"""The roofline stays near the one public measurement, and a measured figure replaces it."""

from __future__ import annotations

import pytest

from genai_layers.catalog import sizing, throughput


@pytest.mark.parametrize(("concurrency", "tokens_per_second"), [(1, 75), (8, 495)])
def test_is_within_a_factor_of_two_of_a_public_measurement(concurrency: int, tokens_per_second: int) -> None:
    """vLLM 0.23, Llama 3.1 8B in BF16 on one A100 40 GB, 1024 tokens in and 128 out."""
    fit = sizing.fit("llama-3.1-8b", "p4d.24xlarge", 2048, tensor_parallel=1)

    load = throughput.estimate(fit, input_tokens=1024, output_tokens=128, concurrency=concurrency * fit.replicas)

    assert tokens_per_second / 2 < load.output_tokens_per_second / fit.replicas < tokens_per_second * 2


def test_says_that_it_is_an_estimate_and_what_it_rests_on() -> None:
    """Nobody takes the number for a measurement."""
    load = throughput.estimate(sizing.fit("llama-3.1-8b", "g6.xlarge"))

    assert not load.is_measured
    assert load.assumptions[0] == "roofline estimate, not a measurement"
    assert any("1024 input and 256 output" in item for item in load.assumptions)


def test_more_in_flight_gives_more_tokens_until_the_cache_is_full() -> None:
    """Batching pays, and stops where the memory ends."""
    fit = sizing.fit("llama-3.1-8b", "g6.xlarge")
    alone, full = throughput.estimate(fit, concurrency=1), throughput.estimate(fit)

    assert full.tokens_per_second > 2 * alone.tokens_per_second
    assert throughput.estimate(fit, concurrency=10_000) == full


def test_a_mixture_of_experts_is_faster_than_a_dense_model_of_its_size() -> None:
    """Only the active parameters are computed."""
    experts, dense = sizing.fit("qwen3-30b-a3b", "p5.4xlarge"), sizing.fit("qwen3-32b", "p5.4xlarge")

    assert (
        throughput.estimate(experts, concurrency=1).tokens_per_second
        > 2 * throughput.estimate(dense, concurrency=1).tokens_per_second
    )


def test_a_measured_figure_stands_as_it_is() -> None:
    """The user's own number is not corrected."""
    load = throughput.measured(500, input_tokens=1000, output_tokens=250, source="bench of 2026-11-02")

    assert load.is_measured
    assert load.output_tokens_per_second == 500
    assert load.input_tokens_per_second == 2000
    assert "bench of 2026-11-02" in load.assumptions[0]


def test_refuses_numbers_that_mean_nothing_all_at_once() -> None:
    """Zero tokens are no load."""
    fit = sizing.fit("llama-3.1-8b", "g6.xlarge")

    with pytest.raises(ValueError, match="input_tokens=0 must be above 0; concurrency=-1 must be above 0"):
        throughput.estimate(fit, input_tokens=0, concurrency=-1)
