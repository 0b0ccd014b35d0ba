"""What a fleet of tasks refuses, in the words that it uses."""

from __future__ import annotations

import dataclasses

import pytest
from container_estate import container_fleet, tools

from genai_layers.inference import Capacity, ContainerImage, FleetError, HostImage, Sglang, TextEmbeddings, Vllm

pytestmark = pytest.mark.synth


def refusal(estate, **changed) -> str:
    """Return why a fleet with *changed* props is refused."""
    with pytest.raises(FleetError) as caught:
        container_fleet(estate, **changed)
    return str(caught.value)


@pytest.mark.parametrize("engine", [Sglang(), TextEmbeddings()], ids=lambda engine: engine.name)
def test_an_engine_that_reads_a_copy_needs_an_image_that_makes_one(estate, engine):
    """No image of AWS is known to hold the tools, so none is guessed."""
    message = refusal(estate, engine=engine)

    assert f"{engine.name} has no image known to hold python3 and the AWS CLI" in message
    assert "give one as tools_image" in message


def test_tools_of_another_architecture_are_refused(estate):
    """They run on the same machine as the engine."""
    message = refusal(estate, tools_image=tools(estate, architecture="arm64"))

    assert "tools_image is arm64 and the machine_image is x86_64" in message


def test_tools_by_a_tag_that_moves_are_refused(estate):
    """What runs beside the engine is as fixed as the engine."""
    moving = ContainerImage.private(estate.repository, "latest")

    assert "tools_image: image version 'latest'" in refusal(estate, tools_image=moving)


def test_a_machine_image_without_the_ecs_agent_is_refused(estate):
    """Such a machine never joins the cluster, and the deploy waits for hours."""
    message = refusal(estate, machine_image=HostImage.nvidia())

    assert "the deep learning base image for NVIDIA, which has no ECS agent" in message
    assert "HostImage.ecs(" in message


def test_an_image_newer_than_the_driver_of_the_ecs_image_is_refused(estate):
    """The ECS-optimized image has an older driver than the deep learning image."""
    newer = dataclasses.replace(Vllm().image, cuda="13.2")

    assert "built for CUDA 13.2" in refusal(estate, engine=Vllm(image=newer))


def test_types_with_different_numbers_of_accelerators_are_refused(estate):
    """One task definition asks for one number of them."""
    message = refusal(
        estate, engine=TextEmbeddings(), tools_image=tools(estate), instance_types=["g6.xlarge", "g6.12xlarge"]
    )

    assert "g6.12xlarge" in message


def test_what_any_fleet_refuses_is_refused_here_in_the_same_list(estate):
    """One reading, one list: bounds, transport, capacity and tools together."""
    message = refusal(
        estate,
        engine=Sglang(),
        min_machines=3,
        max_machines=1,
        plaintext_reason=None,
        capacity=Capacity.reserved("abc"),
    )

    for part in ("min_machines is 3", "no certificate is given", "reservation 'abc'", "tools_image"):
        assert part in message
