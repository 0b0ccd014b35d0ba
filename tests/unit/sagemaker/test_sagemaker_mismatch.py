"""Container, driver and machine that do not belong together are refused with what does."""

from __future__ import annotations

import re

import pytest
from aws_cdk import aws_ecr as ecr
from refusals import own_image, refused, types
from sagemaker_estate import Estate

from genai_layers import testing
from genai_layers.catalog import images
from genai_layers.catalog.accelerators import Vendor
from genai_layers.platform.sagemaker import (
    HostedModel,
    HostingImage,
    engines,
)

pytestmark = pytest.mark.synth


def estate_repository(estate: Estate) -> ecr.IRepository:
    """Return a repository of ours."""
    return ecr.Repository.from_repository_name(estate.stack, "Ours", "ours")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ml.p2.xlarge", "'ml.p2.xlarge' runs on the Xen hypervisor"),
        ("ml.p3.2xlarge", "'ml.p3.2xlarge' runs on the Xen hypervisor"),
        ("g5.2xlarge", "'g5.2xlarge' is a name of EC2, and SageMaker has its own: choose ml.g5.2xlarge"),
        (
            "ml.g5.2xlrage",
            "'ml.g5.2xlrage' is not a type that SageMaker runs for hosting: choose one like ml.g5.2xlarge",
        ),
        ("ml.trn2.3xlarge", "choose one like"),
        ("ml.p6e-gb200.36xlarge", "its memory, NitroTPM and enclave facts were not found"),
    ],
)
def test_a_machine_that_does_not_exist_or_is_not_nitro_is_refused_with_those_that_are(
    estate: Estate, name: str, message: str
) -> None:
    """No service refuses a wrong type before minutes have passed."""
    assert message in refused(lambda: estate.endpoint(machines=types(name)))


def test_a_gpu_container_on_neuron_is_refused_with_the_machines_that_fit(estate: Estate) -> None:
    """And the other way round."""
    on_neuron = estate.endpoint("Neuron", machines=types("ml.inf2.8xlarge"))
    on_gpu = estate.endpoint("Gpu", machines=types("ml.g5.2xlarge"))
    neuron = engines.neuron("llama", estate.files("llama"))

    first = refused(lambda: on_neuron.add_model("Llama", estate.llama()))
    second = refused(lambda: on_gpu.add_model("Llama", neuron))

    assert re.search(r"'ml.inf2.8xlarge' carries Inferentia2 .* is built for nvidia: choose ml.g4dn.xlarge", first)
    assert re.search(r"'ml.g5.2xlarge' carries A10G .* is built for neuron: choose ml.trn1.2xlarge|ml.inf2", second)


def test_a_container_for_cpu_on_a_gpu_is_refused(estate: Estate) -> None:
    """The GPU would be paid and idle."""
    model = HostedModel(name="small", image=own_image(estate, vendor=None))

    assert "carries A10G and the image '1.0' is built for CPU" in refused(
        lambda: estate.endpoint(machines=types("ml.g5.2xlarge")).add_model("Small", model)
    )


def test_a_gpu_newer_than_the_cuda_of_its_container_is_refused(estate: Estate) -> None:
    """Old containers have no code for it, and say so only when they start."""
    old = HostedModel(name="old", image=own_image(estate, cuda="12.4"))

    message = refused(lambda: estate.endpoint(machines=types("ml.p6-b200.48xlarge")).add_model("Old", old))

    assert "has compute capability 10.0, which CUDA 12.8 is the first to know; the image has 12.4" in message
    assert "choose ml.g4dn.xlarge" in message


def test_the_first_inferentia_is_refused_for_containers_of_today(estate: Estate) -> None:
    """Their Neuron SDK has left it behind."""
    model = engines.neuron("llama", estate.files("llama"))

    assert "first-generation Inferentia" in refused(
        lambda: estate.endpoint(machines=types("ml.inf1.xlarge")).add_model("Llama", model)
    )


def test_a_driver_too_old_for_the_container_is_refused_with_those_that_serve_it(estate: Estate) -> None:
    """CUDA 13 does not start on a driver of CUDA 12.2."""
    endpoint = estate.endpoint(machines=types("ml.g5.2xlarge", host_image="al2-ami-sagemaker-inference-gpu-2-1"))

    message = refused(lambda: endpoint.add_model("Llama", estate.llama()))

    assert "has driver 535 (nvidia, CUDA 12.2)" in message
    assert "needs CUDA 13.0: choose al2023-ami-sagemaker-inference-gpu-4-1" in message


def test_an_arm_container_on_an_x86_machine_is_refused(estate: Estate) -> None:
    """No GPU machine of SageMaker hosting is arm64."""
    model = HostedModel(name="arm", image=own_image(estate, architecture="arm64", vendor=None))

    assert "is x86_64 and the image '1.0' is arm64: choose ml.c8g.medium, ml.c6g.large" in refused(
        lambda: estate.endpoint(machines=types("ml.c6i.xlarge")).add_model("Arm", model)
    )


def test_an_image_for_ec2_and_a_tag_that_moves_are_refused(estate: Estate) -> None:
    """SageMaker asks on another port; a tag that moves changes what runs without a deploy."""
    files = estate.files("llama")
    endpoint = estate.endpoint()
    moving = HostedModel(name="moving", image=HostingImage.private(estate_repository(estate), "latest"))

    assert "is made for ec2: take the one of platform 'sagemaker'" in refused(
        lambda: endpoint.add_model("Ec2", engines.vllm("llama", files, image=HostingImage.aws(images.vllm())))
    )
    assert "image version 'latest' moves with every push" in refused(lambda: endpoint.add_model("Moving", moving))


def test_types_of_two_makers_or_more_than_five_are_refused(estate: Estate) -> None:
    """A model has one container."""
    six = [f"ml.g5.{size}xlarge" for size in (2, 4, 8, 12, 16, 24)]

    assert "carry accelerators of several makers" in refused(
        lambda: estate.endpoint("A", machines=types("ml.g5.2xlarge", "ml.inf2.8xlarge"))
    )
    assert "name 1 to 5 different types" in refused(lambda: estate.endpoint("B", machines=types(*six)))
    assert "instance_types are none" in refused(lambda: estate.endpoint("C", machines=types()))


def test_what_an_image_is_built_for_is_what_its_tag_says() -> None:
    """The catalog row and the tag agree."""
    assert HostingImage.aws(images.vllm("sagemaker")).vendor is Vendor.NVIDIA
    assert HostingImage.aws(images.vllm("sagemaker", vendor=Vendor.NEURON)).cuda is None
    assert testing.REGION in images.vllm("sagemaker").uri(testing.REGION)
