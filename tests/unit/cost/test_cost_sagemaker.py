"""What SageMaker costs while nobody asks, and beside EC2."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from genai_layers.catalog import bedrock, sizing
from genai_layers.catalog.errors import UnknownPriceError
from genai_layers.cost import Host, Report, break_even, hosting_premium, idle_floor
from genai_layers.cost.items import HOURS_PER_MONTH

NAME = {"Fn::Join": ["", ["Stack-Chat-1234-", {"Fn::Select": [0, {"Ref": "AWS::StackId"}]}]]}


def report(variant: dict[str, Any], **more: dict[str, Any]) -> Report:
    """Price an endpoint with one variant."""
    resources = {
        "Config": {"Type": "AWS::SageMaker::EndpointConfig", "Properties": {"ProductionVariants": [variant]}},
        "Endpoint": {
            "Type": "AWS::SageMaker::Endpoint",
            "Properties": {
                "EndpointName": NAME,
                "EndpointConfigName": {"Fn::GetAtt": ["Config", "EndpointConfigName"]},
            },
        },
        **more,
    }
    return idle_floor({"S": {"Resources": resources}}, "us-east-1")


def target(name: object, minimum: int) -> dict[str, Any]:
    """Make a scalable target of the machines of an endpoint."""
    return {
        "Type": "AWS::ApplicationAutoScaling::ScalableTarget",
        "Properties": {
            "ResourceId": {"Fn::Join": ["", ["endpoint/", name, "/variant/model"]]},
            "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
            "MinCapacity": minimum,
        },
    }


def test_of_several_types_the_one_that_is_taken_first_is_priced() -> None:
    """The others are for when it is sold out."""
    pools = [{"InstanceType": "ml.g5.2xlarge", "Priority": 2}, {"InstanceType": "ml.g6.2xlarge", "Priority": 1}]

    (line,) = report({"InitialInstanceCount": 2, "InstancePools": pools}).lines

    assert line.price.line == "sagemaker:ml.g6.2xlarge"
    assert line.what == "2 x ml.g6.2xlarge, the first of 2 types"


def test_an_endpoint_that_scales_to_zero_says_what_its_first_machine_costs() -> None:
    """It costs nothing idle, and a reader still sees the price of the first request."""
    managed = {"Status": "ENABLED", "MinInstanceCount": 0, "MaxInstanceCount": 2}

    found = report({"InstanceType": "ml.g5.2xlarge", "InitialInstanceCount": 1, "ManagedInstanceScaling": managed})

    assert found.usd_per_month == 0
    assert [(usage.what, usage.prices[0].usd) for usage in found.usage] == [
        ("no machine until asked, then ml.g5.2xlarge", Decimal("1.515"))
    ]


@pytest.mark.parametrize("name", [NAME, {"Fn::GetAtt": ["Endpoint", "EndpointName"]}], ids=["joined", "attribute"])
def test_scaling_of_machines_decides_what_is_left_when_nobody_asks(name: object) -> None:
    """An asynchronous endpoint starts with a machine and lets go of it."""
    variant = {"InstanceType": "ml.g5.2xlarge", "InitialInstanceCount": 2}

    at_zero = report(variant, Target=target(name, 0))
    at_one = report(variant, Target=target(name, 1))
    of_another = report(variant, Target=target("another", 0))

    assert at_zero.usd_per_month == 0
    assert at_one.usd_per_month == Decimal("1.515") * HOURS_PER_MONTH
    assert of_another.usd_per_month == 2 * Decimal("1.515") * HOURS_PER_MONTH


def test_warm_serverless_requests_are_listed_as_unpriced() -> None:
    """They are paid by the hour, and the catalog has no price of them."""
    found = report({"ServerlessConfig": {"MaxConcurrency": 5, "MemorySizeInMB": 2048, "ProvisionedConcurrency": 2}})

    assert [item.what for item in found.unpriced] == ["2 warm serverless requests"]


def test_copies_and_hubs_are_paid_through_nothing_of_their_own() -> None:
    """Machines are, and those are the endpoint's."""
    resources = {kind: {"Type": f"AWS::SageMaker::{kind}"} for kind in ("InferenceComponent", "Hub", "Pipeline")}

    assert idle_floor({"S": {"Resources": resources}}, "us-east-1") == Report()


def test_the_premium_of_sagemaker_is_shown_where_the_break_even_compares() -> None:
    """The same machine is dearer there, and the assumptions say by how much."""
    fit, model = sizing.fit("llama-3.1-8b", "g6e.2xlarge"), bedrock.get("amazon.nova-micro-v1:0")

    own = break_even(fit, model, region="us-east-1")
    hosted = break_even(fit, model, region="us-east-1", host=Host.SAGEMAKER)

    assert hosted.machine_usd_per_month / own.machine_usd_per_month == hosting_premium("g6e.2xlarge", "us-east-1").ratio
    assert "SageMaker takes 1.25 times the price of EC2 for g6e.2xlarge" in hosted.assumptions
    assert not any("SageMaker" in line for line in own.assumptions)


def test_a_premium_without_both_prices_is_refused() -> None:
    """Nothing is guessed."""
    with pytest.raises(UnknownPriceError):
        hosting_premium("g6.xlarge", "eu-central-2")
