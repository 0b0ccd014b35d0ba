"""Serving images: one version each, and where their registry is."""

from __future__ import annotations

import re

import pytest

from genai_layers.catalog import RegionError, UnknownImageError, images, training_images


def test_the_default_is_the_newest_vllm_for_nvidia_on_ec2() -> None:
    """EC2 listens on 8000; no other image of the platform is newer."""
    image = images.vllm()

    assert (image.platform, image.port, image.vendor) == ("ec2", 8000, "nvidia")
    same = [item for item in images.every() if item.framework == "vLLM" and item.platform == "ec2"]
    assert all(image.version >= item.version for item in same if item.architecture == "x86_64")


def test_no_image_has_a_tag_that_names_no_version() -> None:
    """A tag that moves with every release is never given."""
    assert all(re.search(r"\d+\.\d+", image.tag) for image in images.every())


def test_sagemaker_has_another_image_and_another_port() -> None:
    """Its contract is 8080."""
    image = images.vllm("sagemaker")

    assert image.port == 8080
    assert "sagemaker" in image.tag


def test_cuda_13_needs_turing_or_newer() -> None:
    """A V100 cannot run it."""
    assert images.vllm().cuda == "13.0"
    assert images.vllm().min_compute_capability == "7.5"


@pytest.mark.parametrize(
    ("region", "address"),
    [
        ("us-east-1", "763104351884.dkr.ecr.us-east-1.amazonaws.com/vllm:"),
        ("il-central-1", "780543022126.dkr.ecr.il-central-1.amazonaws.com/vllm:"),
        ("us-gov-west-1", "442386744353.dkr.ecr.us-gov-west-1.amazonaws.com/vllm:"),
        ("us-gov-east-1", "446045086412.dkr.ecr.us-gov-east-1.amazonaws.com/vllm:"),
        ("cn-north-1", "727897471807.dkr.ecr.cn-north-1.amazonaws.com.cn/vllm:"),
    ],
)
def test_the_registry_follows_the_region_and_partition(region: str, address: str) -> None:
    """Account and domain differ by region."""
    assert images.vllm().uri(region).startswith(address)


def test_text_embeddings_live_in_another_registry() -> None:
    """TEI has its own accounts."""
    assert images.find("TEI", platform="sagemaker").uri("us-east-1").startswith("683313688378.")


def test_a_region_without_a_registry_is_refused() -> None:
    """Copying the image is the way out."""
    with pytest.raises(RegionError, match=r"'eusc-de-east-1' has no registry.*copy the image"):
        images.registry_account("eusc-de-east-1")


def test_what_there_is_not_is_refused_with_what_there_is() -> None:
    """Neuron images of vLLM are for SageMaker only."""
    with pytest.raises(UnknownImageError, match=r"choose one of.*sagemaker/neuron/x86_64"):
        images.vllm("ec2", vendor="neuron")
    with pytest.raises(UnknownImageError, match="choose a framework of"):
        images.find("llama.cpp")
    with pytest.raises(UnknownImageError, match=r"version '0\.1': there are versions"):
        images.vllm(version="0.1")


def test_a_version_can_be_kept() -> None:
    """An upgrade of the catalog does not upgrade who pins."""
    assert images.vllm(version="0.26.0").tag.startswith("0.26.0-")


def test_only_public_images_have_a_public_address() -> None:
    """TEI is not in the public registry."""
    assert images.vllm().public_uri.startswith("public.ecr.aws/deep-learning-containers/vllm:")
    with pytest.raises(UnknownImageError, match="not in the public registry"):
        _ = images.find("TEI", platform="sagemaker").public_uri


def test_the_images_that_train_are_newest_first_and_name_one_version() -> None:
    """A pipeline that names none gets the newest, and a refresh of the catalog moves it."""
    newest = training_images.find("pytorch-training-neuronx", vendor="neuron")

    assert newest.neuron_sdk == "2.30.0"
    assert all(re.search(r"\d+\.\d+\.\d+", image.tag) for image in training_images.every())


def test_a_training_image_that_there_is_not_is_refused_with_what_there_is() -> None:
    """A family, a version or an accelerator that the catalog has not."""
    with pytest.raises(UnknownImageError, match=r"'pytorch-training' 1\.0 for nvidia: choose one of "):
        training_images.find("pytorch-training", version="1.0")
