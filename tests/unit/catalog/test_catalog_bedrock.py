"""Bedrock models by the ids that requests name, and where profiles may go."""

from __future__ import annotations

from decimal import Decimal

import pytest

from genai_layers.catalog import RegionError, UnknownBedrockModelError, bedrock, regions


def test_a_geographic_profile_can_cost_more_than_the_model() -> None:
    """Cross-region is not free: Haiku 4.5 costs a tenth more in the us geography."""
    plain = bedrock.get("anthropic.claude-haiku-4-5-20251001-v1:0")
    profile = bedrock.get("us.anthropic.claude-haiku-4-5-20251001-v1:0")
    assert plain.input_usd_per_million is not None

    assert profile.input_usd_per_million == plain.input_usd_per_million * Decimal("1.1")
    assert profile.foundation_model_id == plain.id


def test_ids_without_date_or_version_are_known() -> None:
    """The shape of ids changed; nothing is decided by it."""
    assert bedrock.get("anthropic.claude-sonnet-5-5").provider == "anthropic"


def test_a_regional_price_is_used_where_there_is_one() -> None:
    """The answer says which region the price was read for."""
    local = bedrock.get("meta.llama3-8b-instruct-v1:0", "ap-south-1")
    listed = bedrock.get("meta.llama3-8b-instruct-v1:0")

    assert local.price_region == "ap-south-1"
    assert local.input_usd_per_million != listed.input_usd_per_million


def test_the_list_price_is_marked_as_such() -> None:
    """Without a regional price the answer does not claim to have one."""
    assert bedrock.get("amazon.nova-lite-v1:0", "eu-west-1").price_region is None
    assert bedrock.get("amazon.nova-lite-v1:0", "us-east-1").price_region == "us-east-1"


@pytest.mark.parametrize(
    ("name", "dimensions"),
    [("amazon.titan-embed-text-v2:0", (1024, 512, 256)), ("cohere.embed-v4:0", (1536, 1024, 512, 256))],
)
def test_an_embedding_model_says_which_lengths_it_gives(name: str, dimensions: tuple[int, ...]) -> None:
    """The default length comes first; an index has to match one of them."""
    model = bedrock.get(name)

    assert model.mode == "embedding"
    assert model.embedding_dimensions == dimensions


def test_every_embedding_model_has_a_length_or_no_price_by_tokens() -> None:
    """What a knowledge base may use has a known vector length."""
    without = [
        name
        for name in bedrock.ids(mode="embedding")
        if not bedrock.get(name).embedding_dimensions and bedrock.get(name).input_usd_per_million
    ]

    assert without == []


def test_a_reranker_is_priced_by_the_query() -> None:
    """Tokens say nothing about its price."""
    assert bedrock.get("cohere.rerank-v3-5:0").query_usd == Decimal("0.002")


def test_legacy_models_name_their_last_day() -> None:
    """At least the announced ones can be warned about."""
    dated = [name for name in bedrock.ids() if bedrock.get(name).end_of_life]

    assert len(dated) > 20
    assert bedrock.get("ai21.jamba-1-5-large-v1:0").end_of_life == "2026-11-26"


def test_an_unknown_id_leads_to_the_nearest() -> None:
    """A forgotten version is found."""
    with pytest.raises(UnknownBedrockModelError) as refusal:
        bedrock.get("amazon.nova-lite")

    assert "amazon.nova-lite-v1:0" in refusal.value.alternatives
    assert "choose one like" in str(refusal.value)


def test_a_profile_of_another_partition_is_refused() -> None:
    """A us profile cannot be called from GovCloud."""
    with pytest.raises(RegionError, match="serves partition 'aws', and region 'us-gov-west-1'"):
        bedrock.get("us.amazon.nova-lite-v1:0", "us-gov-west-1")


def test_every_profile_id_has_a_geography_with_regions_of_its_partition() -> None:
    """Destinations are real regions; only global has none."""
    for prefix, geography in bedrock.profiles.items():
        assert geography.is_global == (prefix == "global")
        assert bool(geography.regions) != geography.is_global
        assert all(regions.partition(region) == geography.partition for region in geography.regions)
        assert all(region in regions.every() for region in geography.regions)


def test_destinations_stay_in_the_geography() -> None:
    """An eu profile never leaves Europe; a plain model goes nowhere."""
    assert all(region.startswith("eu-") for region in bedrock.destinations("eu.amazon.nova-lite-v1:0"))
    assert bedrock.destinations("amazon.nova-lite-v1:0") == ()


def test_a_geography_is_not_taken_for_a_provider() -> None:
    """Every prefix of the table is either a provider or a known geography."""
    providers = {bedrock.get(name).provider for name in bedrock.ids()}

    assert providers.isdisjoint(bedrock.profiles)
    assert {"amazon", "anthropic", "meta", "mistral", "cohere"} <= providers
