"""Images of private registries: what is pulled, and the one repository that must be readable."""

from __future__ import annotations

import pytest
from aws_cdk import aws_ecr as ecr

from genai_layers import testing
from genai_layers.foundation import BoundImage, version_faults

pytestmark = pytest.mark.synth

DIGEST = f"sha256:{'a1' * 32}"


@pytest.mark.parametrize("version", ["0.27.1-gpu", "1.4", DIGEST])
def test_a_version_that_stays_is_accepted(version: str) -> None:
    """A tag with a number, or the digest of the very bytes."""
    assert version_faults(version) == []


@pytest.mark.parametrize("version", ["latest", "stable", "sha256:short"])
def test_a_version_that_moves_is_refused_with_what_to_give_instead(version: str) -> None:
    """A tag without a number, or half a digest."""
    (fault,) = version_faults(version)

    assert f"{version!r} moves with every push: give a tag that names one version" in fault


def test_a_tag_follows_a_colon_and_a_digest_an_at_sign() -> None:
    """The registry takes no other form; the account is the one of the registry, the region that of the stack."""
    stack = testing.stack(region="eu-west-1")

    tagged, pinned = (BoundImage.in_account(stack, "763104351884", "vllm", each) for each in ("0.27.1", DIGEST))

    assert stack.resolve(tagged.uri)["Fn::Join"][1][-1] == "/vllm:0.27.1"
    assert stack.resolve(pinned.uri)["Fn::Join"][1][-1] == f"/vllm@{DIGEST}"
    assert stack.resolve(tagged.registry)["Fn::Join"][1][0] == "763104351884.dkr.ecr.eu-west-1."
    assert stack.resolve(tagged.repository_arn) == "arn:aws:ecr:eu-west-1:763104351884:repository/vllm"


def test_an_image_of_a_repository_of_ours_is_read_from_there_only() -> None:
    """The registry that is logged in to is the one of the repository."""
    stack = testing.stack()
    repository = ecr.Repository.from_repository_name(stack, "Repository", "trainer")

    image = BoundImage.in_repository(repository, "1.4.2")

    assert stack.resolve(image.uri)["Fn::Join"][1][-1].endswith("/trainer:1.4.2")
    assert image.repository_arn == repository.repository_arn
    assert stack.resolve(image.registry)["Fn::Select"][0] == 0
