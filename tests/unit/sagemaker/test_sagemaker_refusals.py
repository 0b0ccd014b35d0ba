"""What is refused before a deploy, with the words that say what to do instead."""

from __future__ import annotations

import pytest
from aws_cdk import App, Duration, Stack
from aws_cdk import aws_ecr as ecr
from refusals import refused, types
from sagemaker_estate import IDLE, Estate

from genai_layers.platform.sagemaker import (
    Artifacts,
    Copies,
    DataCapture,
    Instances,
    Mailbox,
    Rollout,
    Routing,
    ScheduledBounds,
    engines,
)

pytestmark = pytest.mark.synth


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
