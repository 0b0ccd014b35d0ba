"""Images of one's own: looked into, named for good, and pulled by the fleet that names them."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from inference_estate import Estate, fill, only

from genai_layers import testing
from genai_layers.foundation import EncryptionKey
from genai_layers.foundation.nag import attach_checks, synthesize
from genai_layers.inference import EngineRepository, Vllm

pytestmark = pytest.mark.synth

REPOSITORY = "AWS::ECR::Repository"


def test_images_are_scanned_encrypted_and_named_for_good() -> None:
    """Under the owner's key, and kept when the stack goes."""
    estate = Estate()
    EngineRepository(estate.stack, "Images", key=estate.key.key)

    template = testing.template(estate.stack)
    made = only(template, REPOSITORY)

    assert made["ImageScanningConfiguration"] == {"ScanOnPush": True}
    assert made["ImageTagMutability"] == "IMMUTABLE"
    assert made["EncryptionConfiguration"]["EncryptionType"] == "KMS"
    assert "Key" in made["EncryptionConfiguration"]["KmsKey"]["Fn::GetAtt"][0]
    assert {item["DeletionPolicy"] for item in testing.resources(template, REPOSITORY).values()} == {"Retain"}
    assert "RepositoryName" not in made


def test_a_repository_that_goes_takes_its_images_along() -> None:
    """A destroy that stops at an image leaves half a stack."""
    estate = Estate()
    EngineRepository(estate.stack, "Images", key=estate.key.key, removal_policy=cdk.RemovalPolicy.DESTROY)

    assert only(testing.template(estate.stack), REPOSITORY)["EmptyOnDelete"] is True


def test_a_fleet_pulls_from_it_and_from_nowhere_else() -> None:
    """The machine's role names the one repository, and the boot names the one version."""
    estate = Estate()
    images = EngineRepository(estate.stack, "Images", key=estate.key.key)
    estate.fleet(engine=Vllm(image=images.image("0.27.1-own", cuda="13.0")))

    template = testing.template(estate.stack)
    (name,) = testing.resources(template, REPOSITORY)
    pulls = [
        statement["Resource"]
        for kind in ("AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::ManagedPolicy")
        for resource in testing.resources(template, kind).values()
        for document in _documents(resource["Properties"])
        for statement in document["Statement"]
        if "ecr:BatchGetImage" in statement["Action"]
    ]
    boot = str(fill(only(template, "AWS::EC2::LaunchTemplate")["LaunchTemplateData"]["UserData"]))

    assert pulls == [{"Fn::GetAtt": [name, "Arn"]}]
    assert "0.27.1-own" in boot


def test_no_check_has_anything_to_say_against_it() -> None:
    """All packs and our own rules, among them those about images."""
    app = testing.app()
    attach_checks(app)
    stack = testing.stack(app)
    key = EncryptionKey(stack, "Key", description="images")
    EngineRepository(stack, "Images", key=key.key)

    synthesize(app)


def _documents(properties: dict) -> list[dict]:
    inline = [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
    return [*inline, *([properties["PolicyDocument"]] if "PolicyDocument" in properties else [])]
