"""Every engine of the stack on every machine of the catalog: its pods fit their nodes, or the fix is named."""

from __future__ import annotations

import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_s3 as s3

from genai_layers import testing
from genai_layers.catalog import instances
from genai_layers.catalog.accelerators import Vendor
from genai_layers.inference import ContainerImage, FleetError, Vllm, VllmNeuron
from genai_layers.inference.eks.kubernetes_faults import type_faults, without_unsupported
from genai_layers.inference.eks.nodes import auto_mode_image, engine_pool
from genai_layers.inference.eks.pod import Pod
from genai_layers.inference.eks.stack_values import stack_values
from genai_layers.inference.fleet_plan import plan
from genai_layers.inference.weights import Weights

pytestmark = pytest.mark.synth

WORDS = ("choose", "use ", "lower", "serve it", "leave out")


@pytest.fixture(scope="module")
def estate():
    """Return the engines, and weights for them."""
    stack = testing.stack()
    repository = ecr.Repository.from_repository_name(stack, "Repository", "cache/neuron/vllm")
    neuron = ContainerImage.private(repository, "0.16.0-neuronx-py312-sdk2.31.1-ubuntu24.04", vendor=Vendor.NEURON)
    bucket = s3.Bucket.from_bucket_name(stack, "Weights", "weights")
    return [Vllm(), VllmNeuron(image=neuron)], Weights(bucket=bucket, prefix="qwen")


def decide(engine, weights, *machines):
    """Return what a fleet of these types would be."""
    return plan(
        "Fleet",
        region="us-east-1",
        model="qwen2.5-1.5b",
        weights=weights,
        instance_types=machines,
        max_model_len=512,
        precision=None,
        engine=engine,
        host=auto_mode_image(engine.vendor),
        capacity=None,
        scaling=None,
        other_faults=type_faults(machines[:1]),
    )


def tried(engine, weights, *machines):
    """Return the same, or why there is none."""
    try:
        return decide(engine, weights, *machines), ()
    except FleetError as error:
        return None, error.faults


@pytest.mark.parametrize("machine", sorted(instances.every()))
def test_a_machine_is_taken_with_pods_that_fill_it_or_refused_with_the_fix(estate, machine):
    """One pod asks for every accelerator of its node, and leaves it room to live."""
    engines, weights = estate
    for engine in engines:
        decided, faults = tried(engine, weights, machine)
        assert all(any(word in fault for word in WORDS) for fault in faults), faults
        if decided is None:
            continue
        pod = Pod(
            decided=decided,
            region="us-east-1",
            fleet="fleet",
            tools_image="tools:1.0",
            api_key="secret",
            log_group="log",
            stop_seconds=300,
        )
        values = stack_values(
            pod, name="fleet", image="vllm:1.0", files="files", priority_class="p", min_machines=1, max_machines=2
        )
        (model,) = values["servingEngineSpec"]["modelSpec"]
        type_, fit = instances.get(machine), decided.serving.fit
        (resource, limit), *others = engine_pool("fleet", decided, max_machines=2, stop_seconds=300)["spec"][
            "limits"
        ].items()
        asked = model["resources"]["requests"]

        assert others == []
        assert int(asked[resource]) == type_.accelerator_count
        assert int(limit) == 3 * type_.accelerator_count
        assert int(asked["memory"].removesuffix("Mi")) <= type_.memory_mib * 0.6
        assert int(asked["cpu"].removesuffix("m")) <= type_.vcpus * 500
        assert model["vllmConfig"]["tensorParallelSize"] == fit.tensor_parallel


def test_both_engines_have_machines(estate):
    """The allowed half of the matrix is not empty for either."""
    engines, weights = estate

    assert decide(engines[0], weights, "g6.xlarge").ready.grace_seconds > 0
    assert decide(engines[1], weights, "inf2.xlarge").ready.grace_seconds > 0


def test_a_machine_that_the_driver_does_not_start_is_left_out_of_those_that_are_chosen(estate):
    """Whoever names none gets what starts; where nothing is left, the fleet says so itself."""
    engines, weights = estate
    unsupported = next(
        name
        for name in sorted(instances.every())
        if name.startswith("g7.") and tried(engines[0], weights, "g6.xlarge", name)[0] is not None
    )

    both = without_unsupported(decide(engines[0], weights, "g6.xlarge", unsupported))

    assert [type_.name for type_ in both.placement.types] == ["g6.xlarge"]
