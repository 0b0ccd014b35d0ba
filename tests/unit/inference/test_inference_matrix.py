"""Every engine on every machine of the catalog: it is either placed, or refused with what to change."""

from __future__ import annotations

import itertools

import pytest
from aws_cdk import aws_ecr as ecr
from inference_estate import EMBEDDINGS

from genai_layers import testing
from genai_layers.catalog import images, instances, models, sizing
from genai_layers.catalog.accelerators import Vendor
from genai_layers.inference import Capacity, ContainerImage, HostImage, Sglang, TextEmbeddings, Vllm, VllmNeuron
from genai_layers.inference.compatibility import image_faults
from genai_layers.inference.placement import DEFAULT_TYPES, PlacementRequest

pytestmark = pytest.mark.synth

WORDS = ("choose", "use ", "lower", "serve it", "leave out")


@pytest.fixture(scope="module")
def engines():
    """Return every engine, with an image machine for each."""
    repository = ecr.Repository.from_repository_name(testing.stack(), "Repository", "cache/neuron/vllm")
    neuron = ContainerImage.private(repository, "0.16.0-neuronx-py312-sdk2.31.1-ubuntu24.04", vendor=Vendor.NEURON)
    arm = ContainerImage.aws(images.vllm(architecture="arm64"))
    return {
        "vllm": (Vllm(), HostImage.nvidia(), "qwen2.5-1.5b"),
        "vllm-arm64": (Vllm(image=arm), HostImage.nvidia("arm64"), "qwen2.5-1.5b"),
        "vllm-neuron": (VllmNeuron(image=neuron), HostImage.neuron(), "qwen2.5-1.5b"),
        "sglang": (Sglang(), HostImage.nvidia(), "qwen2.5-1.5b"),
        "embeddings": (TextEmbeddings(), HostImage.nvidia(), EMBEDDINGS),
    }


def request(engine, host, model, types=(), **changed) -> PlacementRequest:
    """Return a request that differs from the simplest one in *changed*."""
    props = {
        "model": models.get(model) if isinstance(model, str) else model,
        "instance_types": types,
        "max_model_len": 512,
        "precision": None,
        "engine": engine,
        "host": host,
        "capacity": Capacity.on_demand(),
        "region": "us-east-1",
    }
    return PlacementRequest(**{**props, **changed})


@pytest.mark.parametrize("machine", sorted(instances.every()))
def test_a_machine_is_taken_or_refused_with_the_fix(engines, machine):
    """No combination falls through to a machine that never answers, and no message leaves the reader alone."""
    for engine, host, model in engines.values():
        faults: list[str] = []

        placement = request(engine, host, model, [machine]).place(faults)

        assert (placement is None) == bool(faults)
        assert all(any(word in fault for word in WORDS) for fault in faults), faults
        if placement is not None:
            (type_,) = placement.types
            assert type_.accelerator.vendor is engine.vendor
            assert type_.architecture == host.architecture == engine.image.architecture
            assert placement.first.concurrency >= 1


def test_every_engine_has_machines(engines):
    """The allowed half of the matrix is not empty for any of them."""
    for name, (engine, host, model) in engines.items():
        taken = [
            machine for machine in instances.every() if request(engine, host, model, [machine]).place([]) is not None
        ]

        # No image for arm64 serves 16-bit brain floats on the one GPU that comes with it.
        assert bool(taken) == (name != "vllm-arm64"), name


def test_no_engine_runs_on_the_image_of_another_vendor(engines):
    """Every engine against every machine image."""
    for (engine, _, _), host in itertools.product(engines.values(), (HostImage.nvidia(), HostImage.neuron())):
        assert bool(image_faults(engine, host)) == (
            engine.vendor is not host.vendor or engine.image.architecture != host.architecture
        )


@pytest.mark.parametrize("model", ["llama-3.1-8b", "llama-3.1-70b", "qwen3-0.6b", "mixtral-8x7b"])
@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "ap-northeast-1"])
def test_the_default_machines_share_a_layout_and_begin_with_the_cheapest(engines, model, region):
    """Nobody has to name a type to get a fleet that survives a shortage."""
    engine, host, _ = engines["vllm"]

    placement = request(engine, host, model, region=region).place([])

    assert placement is not None
    assert 1 <= len(placement.fits) <= DEFAULT_TYPES
    assert len({(fit.tensor_parallel, fit.replicas) for fit in placement.fits}) == 1
    prices = [sizing.usd_per_hour(fit.instance, "us-east-1") for fit in placement.fits]
    assert prices == sorted(prices)
    assert not any(fit.instance.bare_metal for fit in placement.fits)


def test_a_longer_context_never_needs_a_smaller_machine(engines):
    """The price of the default machine grows with what it has to hold."""
    engine, host, _ = engines["vllm"]
    prices = []
    for length in (2048, 16384, 65536, 131072):
        placement = request(engine, host, "llama-3.1-8b", max_model_len=length).place([])
        assert placement is not None
        prices.append(sizing.usd_per_hour(placement.first.instance, "us-east-1"))

    assert prices == sorted(prices)


@pytest.mark.parametrize(
    ("capacity", "usage_class"),
    [(Capacity.spot(), "spot"), (Capacity.capacity_block("cr-0123456789abcdef0"), "capacity-block")],
)
def test_the_default_machines_can_be_bought_as_asked(engines, capacity, usage_class):
    """A type that is not on spot offer is not in a spot fleet."""
    engine, host, _ = engines["vllm"]

    placement = request(engine, host, "llama-3.1-8b", capacity=capacity).place([])

    assert placement is not None
    assert all(usage_class in type_.usage_classes for type_ in placement.types)


def test_an_attested_fleet_takes_only_machines_with_a_tpm(engines):
    """The default leaves the others out, and a named one is refused."""
    engine, host, _ = engines["vllm"]
    faults: list[str] = []

    placement = request(engine, host, "llama-3.1-8b", attestable=True).place([])
    refused = request(engine, host, "llama-3.1-8b", ["p4d.24xlarge"], attestable=True).place(faults)

    assert placement is not None
    assert all(type_.attestable for type_ in placement.types)
    assert refused is None
    assert "cannot boot an attestable image, which needs NitroTPM and UEFI: choose g6.2xlarge" in faults[0]
