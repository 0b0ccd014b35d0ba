"""Pre-trained models: which resolve, what they ask, and what is refused."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sagemaker_estate import ACCEPTED, LLAMA, Estate, Rendered

from genai_layers import testing
from genai_layers.catalog import jumpstart, ml_instances
from genai_layers.catalog.jumpstart import JumpStartImage, JumpStartSpec, JumpStartVariant
from genai_layers.platform.sagemaker import EulaAcceptance, JumpStartError, JumpStartModel, Machines, PrivateHub

pytestmark = pytest.mark.synth

QWEN = "huggingface-llm-qwen2-5-7b-instruct"
BGE = "huggingface-sentencesimilarity-bge-large-en-v1-5"
DIFFUSION = "huggingface-txt2imgneuron-stabilityai-stable-diffusion-xl-base-1-0"
PACKAGE = "arn:aws:sagemaker:us-east-1:865070037744:model-package/acme-1"


def refused(**props) -> str:
    """Return the message of the refusal."""
    given = {"model_id": LLAMA, "eula": ACCEPTED, **props}
    with pytest.raises(JumpStartError) as caught:
        JumpStartModel.of(testing.stack(), **given)
    return str(caught.value)


def spec(**props) -> JumpStartSpec:
    """Return a specification of our own."""
    given = {
        "model_id": "acme-chat",
        "version": "1.0.0",
        "default_instance_type": "ml.g5.2xlarge",
        "variants": {"ml.g5.2xlarge": JumpStartVariant(image="djl-inference:0.36.0-lmi18.0.0-cu128")},
        "artifact_key": "acme/chat/v1/",
        **props,
    }
    return JumpStartSpec(**given)


@pytest.mark.parametrize("model_id", sorted({name for name, _ in jumpstart.every()}))
def test_every_model_of_the_catalog_resolves_on_every_type_it_names(model_id: str) -> None:
    """No entry of the list throws: image, files and driver are there."""
    entry = jumpstart.get(model_id)

    model = JumpStartModel.of(testing.stack(), model_id, eula=ACCEPTED if entry.eula_key else None)

    assert entry.faults() == ()
    assert entry.instance_types[0] == entry.default_instance_type
    for name in entry.instance_types:
        placement = model.on(ml_instances.get(name))
        assert placement.image.bind(testing.stack()).uri
        assert placement.image.faults() == []


def test_a_version_that_names_an_image_is_taken_where_the_newest_does_not() -> None:
    """The public hub has 2.6.0 of this model, which throws; 2.2.4 is the last that says what it runs in."""
    assert jumpstart.get(LLAMA).version == "2.2.4"


def test_a_model_with_a_licence_is_refused_until_somebody_accepts_it() -> None:
    """The message names the licence and what to write."""
    message = refused(eula=None)

    assert "has a licence (fmhMetadata/eula/llama3_1Eula.txt) that somebody must accept" in message
    assert "eula=EulaAcceptance(accepted_by=..., accepted_on=...)" in message


def test_an_acceptance_names_a_person_and_a_day() -> None:
    """An audit must be able to ask."""
    message = refused(eula=EulaAcceptance(accepted_by=" ", accepted_on="yesterday"))

    assert "eula accepted_by is ' ': name the person" in message
    assert "eula accepted_on is 'yesterday': give the day as 2026-11-25" in message


def test_a_model_without_a_licence_accepts_nothing(estate: Estate) -> None:
    """No acceptance lands where none is asked."""
    estate.endpoint(machines=Machines(instance_types=["ml.g5.12xlarge"])).add_model(
        "Qwen", JumpStartModel.of(estate.stack, QWEN)
    )

    model = Rendered(template=estate.template(), estate=estate).one("AWS::SageMaker::Model")
    source = model["PrimaryContainer"]["ModelDataSource"]["S3DataSource"]

    assert "ModelAccessConfig" not in source
    assert source["S3Uri"].startswith("s3://jumpstart-cache-prod-us-east-1/")


def test_inferentia_is_refused_early_with_the_types_that_serve_the_model(estate: Estate) -> None:
    """It fails at synth and not after half an hour."""
    assert re.search(
        rf"'{LLAMA}' is not served on ml.inf2.8xlarge: choose ml.g5.4xlarge, ml.g5.12xlarge",
        refused(instance_types=("ml.inf2.8xlarge",)),
    )
    endpoint = estate.endpoint(machines=Machines(instance_types=["ml.inf2.8xlarge"]))
    with pytest.raises(ValueError, match=r"is not served on ml.inf2.8xlarge: choose ml.g5.4xlarge"):
        endpoint.add_model("Llama", JumpStartModel.of(estate.stack, LLAMA, eula=ACCEPTED))


def test_a_model_for_neuron_is_served_on_inferentia(estate: Estate) -> None:
    """With its own image, and as many cores as the type has."""
    model = JumpStartModel.of(estate.stack, DIFFUSION)
    placement = model.on(ml_instances.get("ml.inf2.48xlarge"))

    assert placement.environment["NEURON_RT_NUM_CORES"] == "24"
    assert placement.accelerators == 12


def test_a_model_runs_in_the_image_of_its_machine() -> None:
    """The same model has one image for GPUs and one for processors."""
    model = JumpStartModel.of(testing.stack(), BGE)

    on_gpu, on_cpu = (model.on(ml_instances.get(name)).image for name in ("ml.g5.2xlarge", "ml.c6i.xlarge"))

    assert "-gpu-" in on_gpu.version
    assert "-cpu-" in on_cpu.version


def test_what_differs_by_machine_makes_a_model_for_each(estate: Estate) -> None:
    """One GPU of one type and eight of another are told to the container."""
    machines = Machines(instance_types=["ml.g5.12xlarge", "ml.g5.48xlarge"])
    estate.endpoint(machines=machines).add_model("Qwen", JumpStartModel.of(estate.stack, QWEN))

    seen = Rendered(template=estate.template(), estate=estate)
    told = [
        each["Properties"]["PrimaryContainer"]["Environment"]["SM_NUM_GPUS"]
        for each in seen.all("AWS::SageMaker::Model").values()
    ]
    specifications = seen.one("AWS::SageMaker::InferenceComponent")["Specifications"]

    assert sorted(told) == ["4", "8"]
    taken = [each["ComputeResourceRequirements"]["NumberOfAcceleratorDevicesRequired"] for each in specifications]
    assert taken == [4, 8]
    assert specifications[0]["ModelName"] != specifications[1]["ModelName"]


def test_an_unknown_id_or_version_is_refused_with_the_closest() -> None:
    """And with the way out: a specification of one's own."""
    assert "choose one like meta-textgeneration-llama-3-1-8b-instruct" in refused(
        model_id="meta-textgeneration-llama-3-1-8b-instuct"
    )
    assert "has no version '9.9.9' in the catalog: choose 2.2.4, or give a spec of your own" in refused(version="9.9.9")


def test_a_specification_of_ones_own_serves_what_the_catalog_lacks() -> None:
    """It passes the same checks."""
    model = JumpStartModel.of(testing.stack(), "acme-chat", spec=spec(is_gated=True, eula_key="e.txt"), eula=ACCEPTED)

    assert model.artifacts is not None
    assert model.artifacts.uri == "s3://jumpstart-private-cache-prod-us-east-1/acme/chat/v1/"
    assert model.artifacts.accept_eula


def test_all_faults_of_a_specification_come_together() -> None:
    """Image, machine, files and licence."""
    bad = spec(
        default_instance_type="ml.g5.4xlarge",
        variants={
            "ml.g5.2xlarge": JumpStartVariant(image="djl-inference"),
            "ml.inf2.8xlarge": JumpStartVariant(image="djl-inference:0.36.0-lmi18.0.0-cu128"),
            "ml.p3.2xlarge": JumpStartVariant(image="djl-inference:0.36.0-lmi18.0.0-cu128"),
        },
        artifact_key="acme/chat/v1",
        is_gated=True,
    )

    message = refused(model_id="another", spec=bad)

    for part in (
        "default_instance_type 'ml.g5.4xlarge', which is none of its variants",
        "image 'djl-inference' names no version",
        "serves ml.inf2.8xlarge (neuron) with image",
        "'ml.p3.2xlarge' runs on the Xen hypervisor",
        "give a folder with a closing slash, or a .tar.gz",
        "is gated and names no licence",
        "asked for is 'another'",
    ):
        assert part in message, part


def test_a_model_package_takes_no_variables_and_is_bound_to_its_regions(estate: Estate) -> None:
    """SageMaker refuses an environment beside a package."""
    package = spec(artifact_key=None, model_packages={"us-east-1": PACKAGE})
    estate.dedicated(
        model=JumpStartModel.of(estate.stack, "acme-chat", spec=package),
        machines=Machines(instance_types=["ml.g5.2xlarge"]),
    )

    model = Rendered(template=estate.template(), estate=estate).one("AWS::SageMaker::Model")

    assert model["PrimaryContainer"] == {"ModelPackageName": PACKAGE}
    with pytest.raises(JumpStartError, match="is not in region 'eu-west-1': choose us-east-1"):
        JumpStartModel.of(testing.stack(region="eu-west-1"), "acme-chat", spec=package)
    assert "those take no environment" in str(replace(package, environment={"A": "b"}).faults())


def test_a_private_hub_serves_the_models_of_its_list_only(estate: Estate) -> None:
    """The reference of the hub is what the files are read through."""
    hub = PrivateHub(estate.stack, "Hub", description="reviewed", allowed_models=[LLAMA])
    estate.endpoint(machines=Machines(instance_types=["ml.g5.4xlarge"])).add_model(
        "Llama", JumpStartModel.of(estate.stack, LLAMA, eula=ACCEPTED, hub=hub)
    )

    seen = Rendered(template=estate.template(), estate=estate)
    source = seen.one("AWS::SageMaker::Model")["PrimaryContainer"]["ModelDataSource"]["S3DataSource"]
    reference = seen.value(source["HubAccessConfig"]["HubContentArn"])

    assert reference.endswith(f"/ModelReference/{LLAMA}")
    with pytest.raises(JumpStartError, match=rf"does not hold '{QWEN}': choose one of {LLAMA}"):
        JumpStartModel.of(estate.stack, QWEN, hub=hub)


def test_a_hub_without_a_list_is_refused(estate: Estate) -> None:
    """Everything would be nothing."""
    with pytest.raises(JumpStartError, match="allowed_models is empty"):
        PrivateHub(estate.stack, "Hub", description="x", allowed_models=[])


def test_a_tag_says_what_an_image_is_built_for() -> None:
    """CUDA from its own word, the accelerator from the name."""
    image = JumpStartImage.of("huggingface-pytorch-tgi-inference:2.4.0-tgi3.0.1-gpu-py311-cu124-ubuntu22.04")

    assert (image.cuda, image.vendor) == ("12.4", "nvidia")
    assert JumpStartImage.of("huggingface-pytorch-inference:1.13.1-cpu-py39").vendor is None
    assert JumpStartImage.of("huggingface-pytorch-inference-neuronx:1.13.1-neuronx-py310").vendor == "neuron"
