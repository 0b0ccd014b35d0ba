"""What a fleet refuses, in the words that it uses."""

from __future__ import annotations

import dataclasses

import aws_cdk as cdk
import pytest
from inference_estate import REASON

from genai_layers.catalog import images, models
from genai_layers.catalog.accelerators import Precision, Vendor
from genai_layers.inference import (
    Capacity,
    ContainerImage,
    FleetError,
    HostImage,
    Scaling,
    Sglang,
    TextEmbeddings,
    Vllm,
)

pytestmark = pytest.mark.synth


def refusal(estate, **changed) -> str:
    """Return why a fleet with *changed* props is refused."""
    with pytest.raises(FleetError) as caught:
        estate.fleet(**changed)
    return str(caught.value)


@pytest.mark.parametrize(
    ("instance_type", "reason"),
    [
        ("p2.xlarge", "runs on the Xen hypervisor, not on the Nitro System"),
        ("m7i.large", "is not an accelerated Nitro type of the catalog"),
        ("ml.g6.xlarge", "is a SageMaker name"),
    ],
)
def test_a_type_that_is_unknown_or_not_nitro_is_refused_with_types_that_fit(estate, instance_type, reason):
    """The message says why, and which types serve this very model."""
    message = refusal(estate, instance_types=[instance_type])

    assert f"instance_type {instance_type!r} {reason}" in message
    assert "with this model and engine choose g6.xlarge or g6.2xlarge or g5.xlarge" in message


def test_a_model_that_does_not_fit_is_refused_with_numbers_and_what_to_change(estate):
    """GiB there are, GiB it needs at the asked length, larger types, and the length that would do."""
    message = refusal(estate, instance_types=["g6.xlarge"], max_model_len=131072)

    assert "instance_type 'g6.xlarge' has 22.4 GiB of accelerator memory" in message
    assert "needs 31.0 GiB" in message
    assert "at max_model_len=131072" in message
    assert "choose g6e.xlarge or g6e.2xlarge or g6e.4xlarge, or lower max_model_len to 29696 or less" in message


def test_a_model_that_fits_no_machine_at_all_is_refused(estate):
    """The way out is named: shorter requests, a smaller format, or several machines."""
    huge = dataclasses.replace(models.get("llama-3.1-405b"), id="huge", parameters=2_000_000_000_000)

    message = refusal(estate, model=huge)

    assert "model 'huge' fits no x86_64 machine of the catalog with vLLM" in message
    assert "lower max_model_len, choose weights in fp8 or int8 or int4 or mxfp4 or another engine" in message


def test_all_faults_come_at_once(estate):
    """One synth shows everything that is to be put right."""
    with pytest.raises(FleetError) as caught:
        estate.fleet(
            model="llama-9",
            weights_prefix="/llama/",
            min_machines=3,
            max_machines=2,
            plaintext_reason="because",
            request_timeout=cdk.Duration.hours(2),
            capacity=Capacity.reserved("my-reservation"),
            scaling=Scaling.on_load(cache_use=1.5),
        )

    assert len(caught.value.faults) == 7
    assert str(caught.value).startswith("fleet 'Stack/Fleet' cannot be built:\n  - ")
    for word in ("llama-9", "'/llama/'", "min_machines is 3", "'because'", "7200 seconds", "my-reservation", "1.5"):
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"plaintext_reason": None}, "no certificate is given: give a certificate, or say in plaintext_reason why"),
        ({"domain_name": "models.example.com"}, "there is no certificate for it"),
        ({"min_machines": -1}, "choose 0 <= min_machines <= max_machines"),
        ({"max_machines": 0, "min_machines": 0}, "and 1 <= max_machines"),
        ({"weights_prefix": "llama/*"}, "name a folder without a slash at either end"),
        ({"scaling": Scaling()}, "scaling follows nothing"),
        ({"scaling": Scaling.on_requests(0)}, "scaling has requests_per_minute=0: choose more than 0"),
        ({"instance_types": ["g6.xlarge", "g6.xlarge"]}, "names g6.xlarge more than once"),
        ({"capacity": Capacity.spot(on_demand_percent=100)}, "choose 0 to 99, or Capacity.on_demand()"),
        ({"capacity": Capacity.reserved(only=True)}, "may only use reservations and names none"),
    ],
)
def test_a_prop_that_cannot_be_met_is_named_with_what_is_allowed(estate, changed, reason):
    """The message speaks in the caller's prop names."""
    assert reason in refusal(estate, **changed)


def test_a_certificate_needs_the_name_in_it_and_leaves_no_room_for_plain_text(estate):
    """Nobody could verify it against the load balancer's own name, and both at once contradict each other."""
    message = refusal(estate, certificate=estate.certificate, plaintext_reason=REASON)

    assert "both certificate and plaintext_reason are given" in message
    assert "a certificate is given and no domain_name" in message


def test_types_that_need_another_layout_do_not_go_into_one_fleet(estate):
    """All machines start with the same arguments, so the model must sit on all of them alike."""
    message = refusal(estate, instance_types=["g6.xlarge", "g6e.12xlarge"])

    assert "g6.xlarge 1 x 1, g6e.12xlarge 1 x 4" in message
    assert "name types with the same number of devices" in message


def test_a_stack_without_a_region_is_refused():
    """Registry, offers and log delivery differ by region and are decided at synth."""
    from inference_estate import Estate

    estate = Estate(region=cdk.Aws.REGION)

    assert "the stack has no region" in refusal(estate)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (
            {"instance_types": ["inf2.8xlarge"]},
            "instance_type 'inf2.8xlarge' carries Inferentia2 and vLLM needs an accelerator of nvidia",
        ),
        (
            {"instance_types": ["g4dn.xlarge"]},
            "carries T4, which does not serve bf16 weights: use fp16 or int8 or int4",
        ),
        (
            {"machine_image": HostImage.neuron()},
            "vLLM runs on accelerators of nvidia and the machine_image is made for neuron",
        ),
        (
            {"machine_image": HostImage.nvidia("arm64")},
            "the image is x86_64 and the machine_image is arm64: choose another of the two",
        ),
        (
            {"machine_image": HostImage.pinned({"us-east-1": "ami-0123456789abcdef0"}, cuda="12.4")},
            "the image is built for CUDA 13.0 and the driver of the pinned image runs 12.4 at most",
        ),
        (
            {"machine_image": HostImage.pinned({"us-east-1": "ami-newest"})},
            "machine_image has 'ami-newest' for 'us-east-1': give an id of the form ami-0123456789abcdef0",
        ),
        (
            {"machine_image": HostImage.pinned({}, cuda="13.2")},
            "machine_image names no image id and no ssm_parameter",
        ),
        (
            {"engine": TextEmbeddings(), "instance_types": ["g6.12xlarge"]},
            "Text Embeddings Inference uses one GPU and 'g6.12xlarge' has 4",
        ),
        (
            {"engine": TextEmbeddings(), "scaling": Scaling.on_load()},
            "scaling follows the use of a key-value cache, which Text Embeddings Inference does not tell",
        ),
        (
            {
                "instance_types": ["p6-b200.48xlarge"],
                "engine": Sglang(image=ContainerImage.aws(images.vllm(architecture="arm64", version="0.10.2"))),
            },
            "is x86_64 and the image is arm64",
        ),
        (
            {"capacity": Capacity.spot(), "instance_types": ["trn2u.48xlarge"]},
            "carries Trainium2 and vLLM needs an accelerator of nvidia",
        ),
        (
            {"capacity": Capacity.capacity_block("cr-0123456789abcdef0"), "instance_types": ["g6.xlarge"]},
            "instance_type 'g6.xlarge' is not offered as capacity-block, only as on-demand, spot",
        ),
        (
            {
                "capacity": Capacity.capacity_block("cr-0123456789abcdef0"),
                "instance_types": ["p5.48xlarge", "p5en.48xlarge"],
            },
            "a capacity block holds one instance_type and the fleet has 2",
        ),
    ],
)
def test_what_does_not_belong_together_is_refused_with_the_fix(estate, changed, reason):
    """Engine, image, driver, machine image, machine and the way to buy it are compared before anything is made."""
    assert reason in refusal(estate, **changed)


def test_an_image_whose_tag_moves_is_refused(estate):
    """A machine that starts tomorrow must run what runs today."""
    moving = ContainerImage.private(estate.repository, "latest", cuda="13.0")

    message = refusal(estate, engine=Vllm(image=moving))

    assert "image version 'latest' moves with every push: give a tag that names one version" in message


def test_an_image_is_taken_by_digest_where_the_very_bytes_matter(estate):
    """A digest names the same bytes in every region."""
    digest = "sha256:" + "0123456789abcdef" * 4

    fleet = estate.fleet(engine=Vllm(image=ContainerImage.aws(images.vllm(), digest=digest)))

    assert fleet.fit.instance.accelerator.vendor is Vendor.NVIDIA


def test_a_generation_too_old_for_the_image_is_refused(estate):
    """CUDA 13 left the V100 behind, and the driver would only say so on a running machine."""
    message = refusal(estate, instance_types=["p3dn.24xlarge"], precision=Precision.FP16)

    assert "instance_type 'p3dn.24xlarge' has compute capability 7.0 and the image's CUDA 13.0 needs 7.5" in message


def test_neuron_serves_only_the_models_that_its_library_knows(estate):
    """Any other would fail after a quarter of an hour of compiling."""
    message = refusal(estate, engine=estate.neuron(), model="gemma-2-9b", instance_types=["inf2.24xlarge"])

    assert "vLLM on Neuron does not serve model 'gemma-2-9b'" in message
    assert "or serve it on NVIDIA" in message


def test_the_first_inferentia_is_refused(estate):
    """Its accelerator runs none of the images."""
    message = refusal(estate, engine=estate.neuron(), model="llama-3.2-1b", instance_types=["inf1.24xlarge"])

    assert "vLLM on Neuron does not run on Inferentia of 'inf1.24xlarge': use an inf2, trn1 or trn2 type" in message
