"""What holds for every model on every group of machines."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from genai_layers.catalog import Precision, ServedModel, groups, instances, layout, models
from genai_layers.catalog.errors import SizingError

MACHINES = st.sampled_from(list(instances.find(min_efa_interfaces=1, bare_metal=False)))
MODELS = st.sampled_from(list(models.every().values()))
COUNTS = st.integers(2, groups.MOST_MACHINES)
NEVER = groups.MOST_MACHINES + 1


def needed(model: ServedModel, machine: instances.InstanceType, length: int, concurrency: int) -> int:
    """Return the machines that it takes, or one more than are looked at."""
    try:
        return groups.fit(model, machine, length, concurrency=concurrency).machines
    except SizingError:
        return NEVER


@given(model=MODELS, machine=MACHINES, more=st.integers(0, 2 * 10**12), concurrency=st.integers(1, 256))
def test_a_bigger_model_never_needs_fewer_machines(
    model: ServedModel, machine: instances.InstanceType, more: int, concurrency: int
) -> None:
    """More parameters of the same shape."""
    plain = replace(model, checkpoint_bytes=None)
    bigger = replace(plain, parameters=plain.parameters + more)

    assert needed(bigger, machine, 2048, concurrency) >= needed(plain, machine, 2048, concurrency)


@given(model=MODELS, machine=MACHINES, concurrency=st.integers(1, 256), more=st.integers(0, 256))
def test_more_requests_never_need_fewer_machines(
    model: ServedModel, machine: instances.InstanceType, concurrency: int, more: int
) -> None:
    """Each of them keeps its own cache."""
    few, many = concurrency, concurrency + more

    assert needed(model, machine, 2048, many) >= needed(model, machine, 2048, few)


@given(model=MODELS, machine=MACHINES, machines=COUNTS)
def test_a_group_never_takes_more_than_its_machines_have(
    model: ServedModel, machine: instances.InstanceType, machines: int
) -> None:
    """Every device belongs to one stage, and weights and caches stay inside them."""
    group = groups.lay_out(model, machine, machines, 4096, Precision.BF16)
    devices = machine.accelerator_count * machine.accelerator.cores * machines

    assert group.tensor_parallel * group.pipeline_parallel == devices
    if group.concurrency:
        used = group.stages.weights_mib + group.concurrency * group.stages.kv_mib_per_request
        assert used <= machine.accelerator_memory_mib * machines * layout.MEMORY_UTILIZATION + machines


@given(model=MODELS, machine=MACHINES, machines=st.integers(2, groups.MOST_MACHINES - 1))
def test_another_machine_never_lowers_concurrency_while_there_are_layers_for_it(
    model: ServedModel, machine: instances.InstanceType, machines: int
) -> None:
    """A stage of fewer layers leaves more room."""
    fewer = groups.lay_out(model, machine, machines, 4096, Precision.BF16)
    more = groups.lay_out(model, machine, machines + 1, 4096, Precision.BF16)

    assert more.pipeline_parallel > model.layers or more.concurrency >= fewer.concurrency
