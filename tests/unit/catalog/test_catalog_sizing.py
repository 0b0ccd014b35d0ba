"""Does it fit, how many at once, and what to change when it does not."""

from __future__ import annotations

import pytest

from genai_layers.catalog import Precision, SizingError, UnknownInstanceTypeError, UnknownModelError, models, sizing


def test_llama_8b_fits_one_l4() -> None:
    """The smallest useful machine serves a few requests of 8,192 tokens."""
    fit = sizing.fit("llama-3.1-8b", "g6.xlarge")

    assert fit.tensor_parallel == 1
    assert 1 <= fit.concurrency <= 5
    assert fit.weights_mib + fit.kv_cache_mib < fit.instance.accelerator_memory_mib


def test_llama_70b_spreads_over_four_l40s() -> None:
    """A model larger than a device is divided."""
    fit = sizing.fit("llama-3.1-70b", "g6e.12xlarge", 8192)

    assert (fit.tensor_parallel, fit.replicas) == (4, 1)


def test_a_neuron_machine_is_divided_by_cores() -> None:
    """Inferentia2 has two cores a device, and 24 cores hold three copies over eight."""
    fit = sizing.fit("llama-3.1-70b", "inf2.48xlarge", 4096)

    assert fit.tensor_parallel in (8, 16)
    assert fit.devices_used <= 24


def test_the_degree_divides_the_heads() -> None:
    """Phi-4 has 40 query and 10 key-value heads: four devices cannot share them."""
    fit = sizing.fit("phi-4", "g6e.12xlarge")

    assert sizing.degrees(fit.model, fit.instance) == (1, 2)
    assert fit.replicas * fit.tensor_parallel == 4


def test_a_degree_can_be_chosen() -> None:
    """A wish that is possible is kept."""
    assert sizing.fit("llama-3.1-8b", "g6.12xlarge", tensor_parallel=2).tensor_parallel == 2


def test_an_impossible_degree_is_refused_with_the_possible_ones() -> None:
    """Three devices cannot share 32 heads."""
    with pytest.raises(SizingError, match=r"tensor_parallel=3 is not possible.*use one of 1, 2, 4"):
        sizing.fit("llama-3.1-8b", "g6.12xlarge", tensor_parallel=3)


def test_refuses_a_model_that_does_not_fit_with_machines_that_do() -> None:
    """The message has both sizes and what to choose."""
    with pytest.raises(SizingError) as refusal:
        sizing.fit("llama-3.1-70b", "g6.xlarge")

    assert "'g6.xlarge' has 22.4 GiB" in str(refusal.value)
    assert "'llama-3.1-70b' in bf16 needs" in str(refusal.value)
    for name in refusal.value.alternatives:
        assert sizing.fit("llama-3.1-70b", name).concurrency >= 1


def test_every_way_out_that_the_message_offers_works() -> None:
    """Shorter requests, smaller weights and other machines all do what is promised."""
    with pytest.raises(SizingError) as refusal:
        sizing.fit("llama-3.1-8b", "g6.xlarge", 32768, concurrency=4)
    message = str(refusal.value)
    shorter = int(message.split("lower max_model_len to ")[1].split(" ")[0])

    assert sizing.fit("llama-3.1-8b", "g6.xlarge", shorter, concurrency=4).concurrency >= 4
    with pytest.raises(SizingError):
        sizing.fit("llama-3.1-8b", "g6.xlarge", shorter + 1024, concurrency=4)
    for name in refusal.value.alternatives:
        assert sizing.fit("llama-3.1-8b", name, 32768, concurrency=4).concurrency >= 4


def test_smaller_weights_are_offered_where_they_help() -> None:
    """Qwen3 14B fits an L4 in 8 bits only."""
    with pytest.raises(SizingError, match="serve fp8 or int8 or int4"):
        sizing.fit("qwen3-14b", "g6.xlarge")

    assert sizing.fit("qwen3-14b", "g6.xlarge", precision="fp8").concurrency >= 1


def test_all_faults_come_together() -> None:
    """A context too long and a format that the device lacks are said at once."""
    with pytest.raises(SizingError, match=r"beyond the context of model.*131072.*T4, which does not serve bf16"):
        sizing.fit("llama-3.1-8b", "g4dn.xlarge", 200_000)


def test_no_length_below_one() -> None:
    """A request has at least one token."""
    with pytest.raises(SizingError, match="at least 1 token"):
        sizing.fit("llama-3.1-8b", "g6.xlarge", 0)


def test_unknown_names_keep_their_own_errors() -> None:
    """A sizing question with a wrong name says which name."""
    with pytest.raises(UnknownModelError):
        sizing.fit("llama-9", "g6.xlarge")
    with pytest.raises(UnknownInstanceTypeError):
        sizing.fit("llama-3.1-8b", "g9.xlarge")


def test_the_cheapest_machine_is_cheaper_than_every_other_that_fits() -> None:
    """Cheapest means by the hour, on demand, in that region."""
    chosen = sizing.cheapest("llama-3.1-8b", region="us-east-1")
    price = sizing.usd_per_hour(chosen.instance, "us-east-1")
    assert price is not None

    for fit in sizing.candidates("llama-3.1-8b"):
        other = sizing.usd_per_hour(fit.instance, "us-east-1")
        assert other is None or other >= price


def test_no_price_in_a_region_is_an_error_not_a_guess() -> None:
    """Prices of another region are not used."""
    with pytest.raises(SizingError, match="a price in 'eu-west-3' for none of them"):
        sizing.cheapest("llama-3.1-8b", region="eu-west-3")


def test_what_no_machine_holds_is_said() -> None:
    """Thousands of long requests need more than one machine."""
    with pytest.raises(SizingError, match="fits no single machine"):
        sizing.cheapest("llama-3.1-405b", region="us-east-1", concurrency=10_000)


def test_attestable_machines_can_be_asked_for() -> None:
    """Machines without NitroTPM are left out."""
    names = {fit.instance.name for fit in sizing.candidates("llama-3.1-70b", nitro_tpm=True)}

    assert "p5.48xlarge" in names
    assert "p4d.24xlarge" not in names


def test_a_model_of_ones_own_can_be_sized() -> None:
    """The catalog is not the limit."""
    own = models.ServedModel(
        id="mine", repository="me/mine", parameters=3_000_000_000, active_parameters=3_000_000_000, layers=28,
        hidden_size=3072, attention_heads=24, kv_heads=8, head_dim=128, context=8192, licence="mine",
    )  # fmt: skip

    assert sizing.fit(own, "g6.xlarge").precision is Precision.BF16
