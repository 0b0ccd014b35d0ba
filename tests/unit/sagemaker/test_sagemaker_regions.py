"""Regions that have it, partitions that write it otherwise, and regions that are refused."""

from __future__ import annotations

import json

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_ecr as ecr
from sagemaker_estate import ACCEPTED, LLAMA, Estate, Rendered

from genai_layers import testing
from genai_layers.catalog.errors import RegionError
from genai_layers.foundation.nag import attach_checks
from genai_layers.platform.sagemaker import (
    HostedModel,
    HostingImage,
    JumpStartError,
    JumpStartModel,
    Machines,
    PrivateHub,
    admit_jumpstart,
)

pytestmark = pytest.mark.synth

GOV = "us-gov-west-1"


@pytest.mark.parametrize("region", ["us-west-2", "eu-central-1", "ap-northeast-1"])
def test_a_model_is_served_in(region: str) -> None:
    """Image and files are those of the region."""
    estate = Estate(region=region)
    estate.endpoint(machines=Machines(instance_types=["ml.g5.4xlarge"])).add_model(
        "Llama", JumpStartModel.of(estate.stack, LLAMA, eula=ACCEPTED)
    )

    text = json.dumps(estate.template())

    assert f".dkr.ecr.{region}." in text
    assert f"s3://jumpstart-private-cache-prod-{region}/" in text
    assert "us-east-1" not in text.replace(f".{region}.", "")


def test_a_region_without_inference_components_is_refused_and_a_dedicated_endpoint_is_not() -> None:
    """Paris has endpoints and no components; the message names regions that have both."""
    estate = Estate(region="eu-west-3")

    with pytest.raises(RegionError, match=r"'eu-west-3' lacks AWS::SageMaker::InferenceComponent: choose eu-"):
        estate.endpoint()

    estate.dedicated()
    assert testing.resources(estate.template(), "AWS::SageMaker::Endpoint")


def test_govcloud_serves_a_pretrained_model_on_a_dedicated_endpoint_and_is_clean() -> None:
    """Its partition is in every ARN, and its own account holds the image."""
    app = testing.app()
    attach_checks(app)
    estate = Estate(app=app, region=GOV)
    admit_jumpstart(estate.network.s3_endpoint)
    estate.dedicated(
        machines=Machines(instance_types=["ml.g5.4xlarge"]),
        model=JumpStartModel.of(estate.stack, LLAMA, eula=ACCEPTED),
    )

    template = estate.template()

    text = json.dumps(template)
    gateways = testing.resources(template, "AWS::EC2::VPCEndpoint").values()
    statements = [
        each for gate in gateways for each in gate["Properties"].get("PolicyDocument", {}).get("Statement", [])
    ]
    (door,) = (statement for statement in statements if statement.get("Sid") == "JumpStart")
    assert door["Condition"] == {"StringEquals": {"aws:PrincipalAccount": testing.ACCOUNT}}
    assert "arn:aws:" not in text
    assert "442386744353.dkr.ecr.us-gov-west-1." in text
    assert "jumpstart-private-cache-prod-us-gov-west-1" in text


def test_govcloud_has_no_components_and_no_hub_but_a_registry_of_its_own() -> None:
    """Each refusal names what is missing; a dedicated endpoint stands on the containers of the region."""
    estate = Estate(region=GOV)

    with pytest.raises(RegionError, match="lacks AWS::SageMaker::InferenceComponent"):
        estate.endpoint()
    with pytest.raises(RegionError, match="lacks AWS::SageMaker::Hub"):
        PrivateHub(estate.stack, "Hub", description="x", allowed_models=[LLAMA])
    estate.dedicated()
    assert "442386744353.dkr.ecr.us-gov-west-1." in str(estate.template())


def test_an_image_of_our_own_is_served_in_govcloud() -> None:
    """The registry of the region may lack the newest image, which no page says."""
    estate = Estate(region=GOV)
    repository = ecr.Repository.from_repository_name(estate.stack, "Images", "vllm")
    image = HostingImage.private(repository, "0.27.1-gpu", cuda="13.0")

    estate.dedicated(model=HostedModel(name="llama", image=image, artifacts=estate.files("llama")))
    (variant,) = Rendered(template=estate.template(), estate=estate).one("AWS::SageMaker::EndpointConfig")[
        "ProductionVariants"
    ]

    assert variant["InferenceAmiVersion"] == "al2023-ami-sagemaker-inference-gpu-4-1"


def test_a_pretrained_model_needs_a_region_that_is_known_and_says_so() -> None:
    """A token is no region: the message says what to write."""
    with pytest.raises(JumpStartError, match=r"the stack has no region.*give the stack env=Environment\(region="):
        JumpStartModel.of(Stack(App(), "Anywhere"), LLAMA, eula=ACCEPTED)


def test_a_pretrained_model_is_refused_where_jumpstart_is_not() -> None:
    """Isolated partitions have no bucket of it."""
    with pytest.raises(JumpStartError, match="'us-iso-east-1' has no JumpStart"):
        JumpStartModel.of(testing.stack(region="us-iso-east-1"), LLAMA, eula=ACCEPTED)
