"""The price of a million tokens, and where a machine of one's own pays."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from genai_layers.catalog import Confidence, UnknownPriceError, bedrock, sizing, throughput
from genai_layers.cost import (
    CostError,
    Mix,
    break_even,
    fleets,
    guardrail_per_million_tokens,
    per_million_tokens,
    token_paths,
)


def test_bedrock_is_mixed_in_the_proportions_of_the_request() -> None:
    """Four parts input to one part output."""
    price = per_million_tokens(
        bedrock.get("amazon.nova-lite-v1:0"), region="us-east-1", mix=Mix(input_tokens=800, output_tokens=200)
    )

    assert price.mixed_usd == Decimal("0.06") * Decimal("0.8") + Decimal("0.24") * Decimal("0.2")
    assert (price.input_usd, price.output_usd) == (Decimal("0.06"), Decimal("0.24"))


def test_an_embedding_has_no_output() -> None:
    """Every token goes in."""
    price = per_million_tokens(bedrock.get("amazon.titan-embed-text-v2:0"), region="us-east-1")

    assert price.output_usd is None
    assert price.mixed_usd == price.input_usd == Decimal("0.02")


def test_a_list_price_says_that_it_is_one() -> None:
    """The catalog has no price of that region itself."""
    price = per_million_tokens(bedrock.get("amazon.nova-lite-v1:0", "eu-west-1"), region="eu-west-1")

    assert any("the catalog has none of eu-west-1" in item for item in price.assumptions)


def test_a_model_without_a_token_price_is_refused() -> None:
    """A video model is not priced as zero."""
    with pytest.raises(CostError, match="has no price by input tokens"):
        per_million_tokens(bedrock.get("twelvelabs.pegasus-1-2-v1:0"), region="us-east-1")


def test_a_machine_costs_its_hour_over_the_tokens_of_an_hour() -> None:
    """A measured figure gives an exact price."""
    fit = sizing.fit("llama-3.1-8b", "g6.xlarge")
    served = throughput.measured(200, input_tokens=1024, output_tokens=256, source="ours")

    price = per_million_tokens(fit, region="us-east-1", served=served)

    assert price.mixed_usd == Decimal("0.8048") / (1000 * 3600) * 1_000_000
    assert price.confidence is Confidence.DOCUMENTED


def test_an_estimate_is_never_more_than_inferred() -> None:
    """A roofline is marked C however good the price is."""
    price = per_million_tokens(sizing.fit("llama-3.1-8b", "g6.xlarge"), region="us-east-1")

    assert price.confidence is Confidence.INFERRED
    assert "roofline estimate, not a measurement" in price.assumptions


def test_a_machine_without_a_price_in_the_region_is_refused() -> None:
    """No other region's price is used."""
    with pytest.raises(UnknownPriceError):
        per_million_tokens(sizing.fit("llama-3.1-8b", "g6.xlarge"), region="eu-west-3")


def test_a_guardrail_adds_more_than_a_small_model_costs() -> None:
    """Content and PII filters: 0.25 USD for 1,000 units, 4,000 units in a million tokens."""
    price = guardrail_per_million_tokens(["bedrock:guardrail-content", "bedrock:guardrail-pii"], region="us-east-1")

    assert price.mixed_usd == 1


def test_a_request_of_no_tokens_is_refused() -> None:
    """There is nothing to divide by."""
    with pytest.raises(CostError, match="0 input and 0 output tokens has no price"):
        Mix(input_tokens=0, output_tokens=0)


def test_finds_the_models_that_policies_name(platform_template: dict[str, Any]) -> None:
    """The id is in the ARN, whatever joins it; free filters of the guardrail are left out."""
    paths = token_paths({"Platform": platform_template}, "us-east-1")

    assert [model.id for model in paths.models] == ["amazon.nova-lite-v1:0"]
    assert paths.guardrails == {
        "Platform/Guardrail": ("bedrock:guardrail-content", "bedrock:guardrail-pii"),
    }


def test_a_profile_stands_for_the_model_that_its_policy_names_too() -> None:
    """A grant for a profile names both; the caller pays the profile's price."""
    arns = [
        "arn:x:bedrock:us-east-1:1:inference-profile/us.amazon.nova-lite-v1:0",
        "arn:x:bedrock:us-west-2::foundation-model/amazon.nova-lite-v1:0",
        "arn:x:bedrock:us-west-2::foundation-model/acme.unheard-of-v1:0",
    ]
    template = {"Resources": {"P": {"Type": "AWS::IAM::Policy", "Properties": {"Resource": arns}}}}

    paths = token_paths({"S": template}, "us-east-1")

    assert [model.id for model in paths.models] == ["us.amazon.nova-lite-v1:0"]
    assert paths.unknown == ("acme.unheard-of-v1:0",)


def test_finds_which_model_a_fleet_serves(fleet_template: dict[str, Any]) -> None:
    """The engine's own options say it, on the first of its machines."""
    (fleet,) = fleets({"Inference": fleet_template})

    assert (fleet.model, fleet.max_model_len, fleet.instance_type) == ("llama-3.1-8b", 4096, "g6.xlarge")


@pytest.mark.parametrize(
    "user_data",
    [
        "vllm serve --served-model-name mine --max-model-len 100",
        "vllm serve --served-model-name=mine --max-model-len=100",
        'args: ["--served-model-name", "mine", "--max-model-len", "100"]',
    ],
)
def test_reads_the_options_however_they_are_written(user_data: str) -> None:
    """A shell line, an equals sign or a list are the same."""
    template = {
        "Resources": {
            "I": {"Type": "AWS::EC2::Instance", "Properties": {"InstanceType": "g6.xlarge", "UserData": user_data}}
        }
    }

    (fleet,) = fleets({"S": template})

    assert (fleet.model, fleet.max_model_len) == ("mine", 100)


def test_break_even_is_where_both_cost_the_same() -> None:
    """At that load the tokens by the piece cost what the machine costs."""
    fit, model = sizing.fit("llama-3.1-8b", "g6e.xlarge"), bedrock.get("meta.llama3-1-8b-instruct-v1:0")

    point = break_even(fit, model, region="us-east-1")
    by_piece = per_million_tokens(model, region="us-east-1").mixed_usd

    assert point.tokens_per_month * by_piece / 1_000_000 == pytest.approx(point.machine_usd_per_month)
    assert point.is_reachable == (point.utilization <= 1)


def test_a_machine_that_cannot_serve_enough_never_pays() -> None:
    """A cheap model by the piece beats a large machine."""
    fit, model = sizing.fit("llama-3.1-8b", "g5.48xlarge"), bedrock.get("amazon.nova-micro-v1:0")
    slow = throughput.measured(100, source="ours")

    assert not break_even(fit, model, region="us-east-1", served=slow).is_reachable
