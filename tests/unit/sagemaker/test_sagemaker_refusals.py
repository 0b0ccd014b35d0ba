"""What is refused before a deploy, with the words that say what to do instead."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from aws_cdk import App, Duration, Stack
from aws_cdk import aws_ecr as ecr
from sagemaker_estate import IDLE, Estate

from genai_layers import testing
from genai_layers.catalog import images
from genai_layers.catalog.accelerators import Vendor
from genai_layers.platform.sagemaker import (
    Artifacts,
    Copies,
    DataCapture,
    EndpointError,
    HostedModel,
    HostingImage,
    Instances,
    Machines,
    Mailbox,
    Rollout,
    Routing,
    ScheduledBounds,
    engines,
)

pytestmark = pytest.mark.synth


def types(*names: str, **props) -> Machines:
    """Return machines of some types."""
    return Machines(instance_types=names, **props)


def refused(make: Callable[[], object]) -> str:
    """Return the message of the refusal."""
    with pytest.raises(EndpointError) as caught:
        make()
    return str(caught.value)


def own_image(estate: Estate, **props) -> HostingImage:
    """Return an image of ours."""
    return HostingImage.private(ecr.Repository.from_repository_name(estate.stack, "Images", "serving"), "1.0", **props)


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


def test_all_faults_of_an_endpoint_come_together(estate: Estate) -> None:
    """One run shows them all."""
    machines = types(
        "g5.2xlarge",
        instances=Instances.between(1, 0),
        routing=Routing.prefix_aware(prefix_length=10),
        host_image="al2-ami",
        reservation_arn="mine",
    )

    message = refused(
        lambda: estate.endpoint(
            machines=machines,
            rollout=Rollout.canary(80),
            capture=DataCapture(bucket=estate.captures, sampling_percent=0, prefix="/a"),
            network_access_reason="because",
        )
    )

    for part in (
        "is a name of EC2",
        "instances are 1 to 0",
        "fewer than 2 stand in one availability zone",
        "prefix_length is 10: choose 1024 to 65536",
        "host_image is 'al2-ami': choose al2-ami-sagemaker-inference-gpu-2",
        "reservation_arn is 'mine'",
        "canary has 80 percent: choose 1 to 50",
        "goes in batches: use Rollout.rolling",
        "sampling_percent is 0: choose 1 to 100",
        "prefix is '/a'",
        "network_access_reason is 'because'",
    ):
        assert part in message, part


def test_one_machine_needs_a_reason_that_says_something(estate: Estate) -> None:
    """The default outlives the loss of a zone; less is a decision of somebody."""
    message = refused(lambda: estate.endpoint(machines=types("ml.g5.2xlarge", instances=Instances.single(reason="ok"))))

    assert "instances are at least 1" in message
    assert "at least 20 characters on why that is safe" in message


def test_a_dedicated_endpoint_cannot_scale_to_zero_and_says_what_can(estate: Estate) -> None:
    """Only inference components and queues can be without a machine."""
    machines = types("ml.g5.2xlarge", instances=Instances.scale_to_zero(reason=IDLE))

    assert "use ModelEndpoint, whose models are inference components, or AsyncEndpoint" in refused(
        lambda: estate.dedicated(machines=machines)
    )


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


def estate_repository(estate: Estate) -> ecr.IRepository:
    """Return a repository of ours."""
    return ecr.Repository.from_repository_name(estate.stack, "Ours", "ours")


def test_a_copy_that_is_larger_than_the_machine_is_refused(estate: Estate) -> None:
    """It would never be placed, and the deploy would wait for hours."""
    endpoint = estate.endpoint(machines=types("ml.g5.2xlarge"))

    assert "takes 4 accelerators a copy and ml.g5.2xlarge has 1" in refused(
        lambda: endpoint.add_model("Wide", estate.llama(accelerators=4))
    )
    assert "is guaranteed 99999 MiB a copy and ml.g5.2xlarge has 32768" in refused(
        lambda: endpoint.add_model("Large", estate.llama(), memory_mib=99_999)
    )
    assert "has up to 9 copies and 4 x ml.g5.2xlarge hold 4" in refused(
        lambda: endpoint.add_model("Many", estate.llama(), copies=Copies.on_concurrency(2, 9))
    )


def test_copies_of_none_on_machines_that_stay_are_refused(estate: Estate) -> None:
    """They would save nothing, and the first request would still fail."""
    assert "which cost all the same" in refused(
        lambda: estate.endpoint().add_model("Llama", estate.llama(), copies=Copies.on_concurrency(0, 2))
    )


def test_copies_and_schedules_that_contradict_themselves_are_refused(estate: Estate) -> None:
    """All at once."""
    bad = ScheduledBounds(name="night", expression="every night", minimum=2, maximum=1)
    copies = Copies(minimum=3, maximum=2, concurrency=0).at(bad, bad)

    message = refused(
        lambda: estate.endpoint().add_model("L", estate.llama(), copies=copies, startup_timeout=Duration.hours(2))
    )

    for part in ("copies are 3 to 2", "per_copy=0", "'every night'", "bounds 2 to 1", "is there twice", "is 7200"):
        assert part in message, part


def test_adapters_need_a_container_that_takes_them_and_one_archive(estate: Estate) -> None:
    """Both are said."""
    component = estate.endpoint().add_model("Llama", estate.llama())

    message = refused(lambda: component.add_adapter("Legal", Artifacts.folder(estate.weights, "legal")))

    assert "takes no adapters: serve it with engines.lmi(..., max_adapters=...)" in message
    assert "SageMaker takes adapters as one .tar.gz" in message


def test_an_endpoint_without_a_model_does_not_synthesize(estate: Estate) -> None:
    """It would cost its machines and answer nobody."""
    estate.endpoint()

    with pytest.raises(RuntimeError, match=r"the endpoint serves nothing: call add_model"):
        estate.template()


def test_files_whose_place_makes_no_sense_are_refused(estate: Estate) -> None:
    """A slash in front is a key that nobody wrote."""
    message = refused(lambda: estate.endpoint().add_model("L", engines.vllm("l", estate.files("/llama"))))

    assert "artifacts are at '/llama/'" in message


@pytest.mark.parametrize("memory", [512, 2000, 6145, 8192])
def test_a_memory_size_that_does_not_exist_is_refused_with_those_that_do(estate: Estate, memory: int) -> None:
    """No schema knows the steps."""
    assert f"memory_mib is {memory}: choose 1024, 2048, 3072, 4096, 5120, 6144" in refused(
        lambda: estate.serverless(memory_mib=memory)
    )


def test_a_serverless_endpoint_takes_no_gpu_container(estate: Estate) -> None:
    """There are processors only, and the concurrency has bounds."""
    message = refused(lambda: estate.serverless(model=estate.llama(), max_concurrency=201, warm_concurrency=300))

    assert "serverless endpoints have x86_64 processors only" in message
    assert "max_concurrency is 201: choose 1 to 200" in message
    assert "warm_concurrency is 300" in message


def test_a_mailbox_with_one_folder_for_all_is_refused(estate: Estate) -> None:
    """Answers would be read as requests."""
    mailbox = Mailbox(bucket=estate.mail, requests="a", answers="a", failures="/f")

    message = refused(lambda: estate.asynchronous(mailbox=mailbox, backlog_per_machine=0, concurrency_per_machine=5000))

    for part in ("name three different ones", "'/f'", "backlog_per_machine is 0", "choose 1 to 1000"):
        assert part in message, part


def test_an_image_of_aws_needs_a_region_and_says_so() -> None:
    """The registry differs by it; nothing is guessed."""
    stack = Stack(App(), "Anywhere")
    estate = Estate()
    model = estate.llama()

    from genai_layers.platform.sagemaker.hosting import model_faults

    assert any(
        "the stack has no region, and the registry of AWS's images differs" in each
        for each in model_faults(stack, model)
    )


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
