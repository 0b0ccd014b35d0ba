"""What holds for every model and machine, not only for the ones that we thought of."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from genai_layers.catalog import Precision, ServedModel, instances, layout, models, sizing, throughput

MACHINES = st.sampled_from(list(instances.every().values()))
MODELS = st.sampled_from(list(models.every().values()))
LENGTHS = st.integers(min_value=1, max_value=131_072)
PRECISIONS = st.sampled_from(list(Precision))


def made(parameters: int, layers: int, kv_heads: int) -> ServedModel:
    return ServedModel(
        id="made", repository="made/made", parameters=parameters, active_parameters=parameters, layers=layers,
        hidden_size=4096, attention_heads=32, kv_heads=kv_heads, head_dim=128, context=1_000_000, licence="none",
    )  # fmt: skip


ANY_MODEL = st.builds(
    made, st.integers(10**8, 10**12), st.integers(8, 128), st.sampled_from([1, 2, 4, 8, 16, 32])
) | MODELS  # fmt: skip


@given(model=ANY_MODEL, more=st.integers(0, 10**12), length=LENGTHS, precision=PRECISIONS)
def test_a_bigger_model_never_needs_less_memory(
    model: ServedModel, more: int, length: int, precision: Precision
) -> None:
    """More parameters of the same shape."""
    bigger = replace(model, parameters=model.parameters + more, checkpoint_bytes=None)
    smaller = replace(model, checkpoint_bytes=None)

    assert sizing.memory_mib(bigger, length, precision) >= sizing.memory_mib(smaller, length, precision)


@given(model=ANY_MODEL, machine=MACHINES, length=LENGTHS, more=LENGTHS, precision=PRECISIONS)
def test_more_context_never_raises_concurrency(
    model: ServedModel, machine: instances.InstanceType, length: int, more: int, precision: Precision
) -> None:
    """Longer requests, at most as many of them."""
    shorter = layout.best(model, machine, length, precision)
    longer = layout.best(model, machine, length + more, precision)

    assert longer.concurrency <= shorter.concurrency


@given(model=ANY_MODEL, machine=MACHINES, more=st.integers(0, 10**12), length=LENGTHS)
def test_a_bigger_model_never_raises_concurrency(
    model: ServedModel, machine: instances.InstanceType, more: int, length: int
) -> None:
    """What the weights take, the cache lacks."""
    plain = replace(model, checkpoint_bytes=None)
    bigger = replace(plain, parameters=plain.parameters + more)

    assert (
        layout.best(bigger, machine, length, Precision.BF16).concurrency
        <= layout.best(plain, machine, length, Precision.BF16).concurrency
    )


@given(model=ANY_MODEL, machine=MACHINES, length=LENGTHS, precision=PRECISIONS)
def test_a_layout_never_takes_more_than_the_machine_has(
    model: ServedModel, machine: instances.InstanceType, length: int, precision: Precision
) -> None:
    """Weights of all copies, their caches and the engines' own memory stay inside the devices."""
    fit = layout.best(model, machine, length, precision)

    assert fit.devices_used <= machine.accelerator_count * machine.accelerator.cores
    if fit.concurrency:
        used = fit.replicas * fit.weights_mib + fit.kv_cache_mib
        assert used <= machine.accelerator_memory_mib * layout.MEMORY_UTILIZATION + fit.replicas
        assert fit.concurrency * fit.kv_mib_per_request <= fit.kv_cache_mib + fit.replicas


@given(model=MODELS, machine=MACHINES, batch=st.integers(1, 256), tokens=st.integers(1, 8192))
def test_a_larger_batch_never_takes_less_time(
    model: ServedModel, machine: instances.InstanceType, batch: int, tokens: int
) -> None:
    """A step for more requests is at least as long, and a step is never free."""
    fit = layout.best(model, machine, 8192, model.precision)
    alone = throughput.decode_seconds(fit, batch=batch, tokens_each=tokens)

    assert 0 < alone <= throughput.decode_seconds(fit, batch=batch + 1, tokens_each=tokens)
