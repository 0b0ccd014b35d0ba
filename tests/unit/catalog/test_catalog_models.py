"""What a model needs of memory."""

from __future__ import annotations

import pytest

from genai_layers.catalog import Precision, UnknownModelError, models

GIB = 1024**3


def test_llama_70b_takes_two_bytes_a_parameter_in_sixteen_bits() -> None:
    """131 GiB, which is what the published files weigh."""
    assert models.get("llama-3.1-70b").weight_bytes() / GIB == pytest.approx(131.4, abs=0.1)


def test_eight_bits_halve_the_weights() -> None:
    """FP8 is one byte a parameter."""
    model = models.get("llama-3.1-70b")

    assert model.weight_bytes(Precision.FP8) * 2 == model.weight_bytes(Precision.BF16)


def test_keys_and_values_of_llama_70b_take_320_kib_a_token() -> None:
    """2 x 80 layers x 8 heads x 128 x 2 bytes."""
    assert models.get("llama-3.1-70b").kv_bytes_per_token == 320 * 1024


def test_a_published_checkpoint_counts_as_it_is() -> None:
    """gpt-oss is published in MXFP4, with a measured size."""
    model = models.get("gpt-oss-120b")

    assert model.precision is Precision.MXFP4
    assert model.weight_bytes() == model.checkpoint_bytes
    assert model.weight_bytes(Precision.BF16) == 2 * model.parameters


def test_a_sliding_window_caps_what_its_layers_keep() -> None:
    """Beyond the window only the other layers grow."""
    model = models.get("gemma-3-27b")
    window = model.sliding_window
    assert window is not None

    growth = model.kv_bytes(4 * window) - model.kv_bytes(3 * window)

    full_layers = model.layers - model.sliding_layers
    assert growth == full_layers * window * 2 * model.kv_heads * model.head_dim * 2


def test_more_devices_than_heads_store_heads_twice() -> None:
    """Sixteen devices for eight heads keep each head on two."""
    model = models.get("llama-3.1-405b")

    assert model.kv_bytes(1, tensor_parallel=16) == 2 * model.kv_bytes(1, tensor_parallel=8)


def test_a_latent_cache_is_small_and_kept_by_every_device() -> None:
    """DeepSeek R1 keeps 576 values a layer and token, on each device."""
    model = models.get("deepseek-r1")

    assert model.kv_bytes(1) == 61 * 576 * 2
    assert model.kv_bytes(1, tensor_parallel=8) == 8 * model.kv_bytes(1)


def test_a_mixture_of_experts_passes_fewer_parameters_than_it_holds() -> None:
    """Active parameters decide speed, all of them decide memory."""
    for name in ("mixtral-8x7b", "qwen3-30b-a3b", "gpt-oss-20b", "deepseek-r1"):
        model = models.get(name)
        assert model.active_parameters < model.parameters


def test_every_model_says_its_licence() -> None:
    """Nobody serves weights without knowing the terms."""
    assert all(model.licence for model in models.every().values())


def test_finds_a_model_by_the_name_of_its_repository() -> None:
    """Both names are in use, in any case."""
    assert models.get("Meta-Llama/Llama-3.1-8B-Instruct").id == "llama-3.1-8b"


def test_an_unknown_model_leads_to_the_nearest_and_to_the_way_round() -> None:
    """The message names models and that one can be defined."""
    with pytest.raises(UnknownModelError, match=r"choose one like llama-3\.1-70b.*define your own ServedModel"):
        models.get("llama-3.1-70")
