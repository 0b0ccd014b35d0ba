"""Regions, partitions, features and zones."""

from __future__ import annotations

import pytest

from genai_layers.catalog import Confidence, RegionError, UnknownPriceError, instances, prices, regions


@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-west-1", "aws"), ("us-gov-east-1", "aws-us-gov"), ("cn-north-1", "aws-cn"), ("eusc-de-east-1", "aws-eusc"),
     ("eu-west-9", "aws")],
)  # fmt: skip
def test_knows_the_partition_of_a_region_also_of_a_new_one(region: str, partition: str) -> None:
    """The form of the name decides."""
    assert regions.partition(region) == partition


def test_what_has_not_the_form_of_a_region_is_refused() -> None:
    """A zone is not a region."""
    with pytest.raises(RegionError, match="'us-east-1a' has not the form"):
        regions.partition("us-east-1a")


def test_a_feature_is_named_either_way() -> None:
    """CloudFormation's name and the short one mean the same."""
    assert regions.supports("us-east-1", "AWS::Bedrock::Guardrail")
    assert regions.supports("us-east-1", "bedrock:Guardrail")


def test_a_region_without_the_feature_is_refused_with_regions_that_have_it() -> None:
    """Neighbours come first, and every one offered has what was asked."""
    with pytest.raises(RegionError, match="region 'eu-west-3' lacks sagemaker:InferenceComponent") as refusal:
        regions.require("eu-west-3", "bedrock:Guardrail", "sagemaker:InferenceComponent")

    assert refusal.value.alternatives[0].startswith("eu-")
    assert all(regions.supports(item, "sagemaker:InferenceComponent") for item in refusal.value.alternatives)


def test_a_partition_without_the_feature_says_so() -> None:
    """There is nowhere to move to inside GovCloud."""
    with pytest.raises(RegionError, match="no region of partition 'aws-us-gov' has it"):
        regions.require("us-gov-west-1", "bedrock:AutomatedReasoningPolicy")


def test_what_the_region_has_is_let_through() -> None:
    """Silence means yes."""
    regions.require("us-east-1", "bedrock:Guardrail", "bedrock:KnowledgeBase", "s3vectors:Index")


def test_unknown_names_are_refused_with_the_nearest() -> None:
    """Neither a region nor a feature is guessed."""
    with pytest.raises(RegionError, match="'us-east-9' is not in the catalog: choose us-east-"):
        regions.supports("us-east-9", "bedrock:Guardrail")
    with pytest.raises(RegionError, match="choose one like bedrock:Guardrail"):
        regions.supports("us-east-1", "bedrock:Guardrial")


def test_zones_are_ids_that_mean_the_same_in_every_account() -> None:
    """Zone ids of the region, fewer for a rare machine."""
    every = regions.zones("us-east-1")
    rare = regions.zones("us-east-1", "p6-b300.48xlarge")

    assert all(zone.startswith("use1-az") for zone in every)
    assert set(rare) < set(every)
    assert regions.zones("eu-west-3", "p5.48xlarge") == ()


def test_some_region_offers_each_machine() -> None:
    """A machine that no region had when the data was read would be a mistake; bare rarities aside."""
    nowhere = {name for name in instances.every() if not any(regions.zones(region, name) for region in regions.every())}

    assert nowhere <= {"dl2q.24xlarge", "p5e.48xlarge", "trn2.3xlarge", "trn2u.48xlarge"}


def test_a_price_of_another_region_is_never_used() -> None:
    """A regional price is refused elsewhere, with the regions that have one."""
    with pytest.raises(UnknownPriceError, match="no price of 'elb:network' in 'eu-west-1'") as refusal:
        prices.get("elb:network", "eu-west-1")

    assert refusal.value.alternatives == ("us-east-1",)


def test_a_price_of_the_whole_partition_holds_in_each_of_its_regions_only() -> None:
    """A KMS key costs the same in every commercial region, and in GovCloud nobody read it."""
    assert prices.get("kms:key", "eu-west-1").usd == 1
    assert prices.get("kms:key", "us-east-1").confidence is Confidence.DOCUMENTED
    assert prices.get("kms:key", "eu-west-1").confidence is Confidence.INFERRED
    with pytest.raises(UnknownPriceError):
        prices.get("kms:key", "us-gov-west-1")


def test_no_price_is_in_another_currency() -> None:
    """The price list of China is in yuan, so there is none."""
    with pytest.raises(UnknownPriceError):
        prices.get("ec2:g4dn.xlarge", "cn-north-1")


def test_an_unknown_line_leads_to_the_nearest() -> None:
    """A wrong name is not a free thing."""
    with pytest.raises(UnknownPriceError, match=r"choose one like ec2:g6\.xlarge"):
        prices.get("ec2:g6.xlrage", "us-east-1")


def test_accelerated_prices_are_the_current_ones() -> None:
    """P4 and P5 became cheaper in 2025; the older list is not used."""
    assert prices.get("ec2:p5.48xlarge", "us-east-1").usd < 60
    assert prices.get("ec2:p4d.24xlarge", "us-east-1").usd < 25
