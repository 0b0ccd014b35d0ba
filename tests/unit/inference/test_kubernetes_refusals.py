"""What a fleet of pods refuses, in the words that it uses."""

from __future__ import annotations

import dataclasses

import pytest
from inference_estate import EMBEDDINGS, Estate
from kubernetes_estate import kubernetes_fleet, model_cluster, repository, tools

from genai_layers.catalog import images, instances
from genai_layers.inference import (
    Capacity,
    ContainerImage,
    FleetError,
    Scaling,
    Sglang,
    TextEmbeddings,
    Vllm,
)
from genai_layers.inference.eks import Chart, Keda
from genai_layers.inference.eks.kubernetes_faults import type_faults
from genai_layers.inference.errors import ClusterError

pytestmark = pytest.mark.synth


@pytest.fixture(scope="module")
def shared():
    """Return one estate with one cluster, since a refusal makes nothing."""
    estate = Estate()
    return estate, model_cluster(estate)


@pytest.fixture
def refusal(shared, request):
    """Return a way to hear why a fleet with changed props is refused."""
    estate, cluster = shared
    numbers = iter(range(100))

    def heard(**changed) -> str:
        with pytest.raises(FleetError) as caught:
            kubernetes_fleet(estate, f"{request.node.name}{next(numbers)}", cluster, **changed)
        return str(caught.value)

    return heard


@pytest.mark.parametrize(
    ("engine", "model"), [(Sglang(), "llama-3.1-8b"), (TextEmbeddings(), EMBEDDINGS)], ids=["sglang", "embeddings"]
)
def test_an_engine_that_is_not_of_the_stack_is_refused(refusal, engine, model):
    """The chart starts `vllm serve` and nothing else."""
    message = refusal(engine=engine, model=model, max_model_len=512)

    assert f"{engine.name} is not what the vLLM production stack runs" in message
    assert "or serve with an AcceleratorFleet or a ContainerFleet" in message


def test_an_image_for_another_architecture_is_refused(refusal):
    """Auto Mode has no accelerator with arm64 that the catalog knows."""
    image = ContainerImage.aws(images.vllm(architecture="arm64"))

    assert "the image is arm64" in refusal(engine=Vllm(image=image))


def test_an_image_newer_than_the_driver_is_refused(refusal):
    """Nobody gives Auto Mode another driver."""
    newer = dataclasses.replace(Vllm().image, cuda="13.2")

    message = refusal(engine=Vllm(image=newer))

    assert "built for CUDA 13.2" in message
    assert "the image of EKS Auto Mode for nvidia" in message


@pytest.mark.parametrize("machine", sorted(name for name in instances.every() if name.startswith("g7.")))
def test_a_machine_that_the_driver_does_not_start_is_refused(machine):
    """A node of it would never join, and be replaced for ever."""
    (fault,) = type_faults((machine,))

    assert f"instance_type '{machine}' does not start under the driver of EKS Auto Mode" in fault


def test_a_share_on_demand_is_refused(refusal):
    """A node pool knows ways to buy, and no shares of them."""
    message = refusal(capacity=Capacity.spot(on_demand_machines=1))

    assert "capacity keeps 1 machines and 0 percent on demand" in message
    assert "choose Capacity.spot() or Capacity.on_demand()" in message


@pytest.mark.parametrize("scaling", [Scaling.on_requests(90), Scaling.on_load(time_to_first_token=2.0)])
def test_figures_that_keda_cannot_read_are_refused(refusal, scaling):
    """It reads gauges of an engine; anything else would be followed by nobody."""
    assert "which KEDA does not read from an engine: use Scaling.on_load()" in refusal(scaling=scaling)


def test_tools_by_a_tag_that_moves_are_refused(refusal, shared):
    """What runs beside the engine is as fixed as the engine."""
    moving = ContainerImage.private(repository(shared[0], "mirror/python"), "latest")

    assert "tools_image: image version 'latest'" in refusal(tools_image=moving)


def test_tools_of_another_architecture_are_refused(refusal, shared):
    """They run on the same node as the engine."""
    assert "tools_image is arm64 and the image is x86_64" in refusal(tools_image=tools(shared[0], architecture="arm64"))


@pytest.mark.parametrize(
    ("name", "version", "said"),
    [
        ("charts/vllm-stack", "0.2.0", "whose values may differ from those written for 0.1.12: choose a version 0.1.x"),
        ("charts/vllm-stack", "latest", "give one version such as '1.2.3'"),
        ("charts/other", "0.1.12", "name one that ends with 'vllm-stack'"),
    ],
)
def test_a_chart_that_may_mean_something_else_is_refused(refusal, shared, name, version, said):
    """A value that a chart does not know is passed over without a word."""
    chart = Chart.production_stack(repository(shared[0], name), version)

    assert said in refusal(chart=chart)


def test_the_chart_of_keda_is_held_to_the_same(shared):
    """Its images carry its version, too."""
    estate, _ = shared
    keda = Keda(
        chart=Chart.keda(repository(estate, "charts/keda"), "2.14.0"),
        operator=repository(estate, "mirror/keda"),
        metrics_server=repository(estate, "mirror/keda"),
    )

    with pytest.raises(ClusterError, match=r"choose a version 2\.20\.x"):
        model_cluster(estate, "Other", keda=keda)


def test_types_with_different_numbers_of_accelerators_are_refused(refusal):
    """Every pod of a release asks for one number of them."""
    message = refusal(model="qwen2.5-1.5b", instance_types=["g6.12xlarge", "g6.48xlarge"])

    assert "g6.48xlarge" in message


def test_what_any_fleet_refuses_is_refused_here_in_the_same_list(refusal):
    """One reading, one list: bounds, transport, capacity and engine together."""
    message = refusal(
        engine=Sglang(),
        min_machines=3,
        max_machines=1,
        plaintext_reason=None,
        capacity=Capacity.reserved("abc"),
    )

    for part in ("min_machines is 3", "no certificate is given", "reservation 'abc'", "production stack runs"):
        assert part in message
