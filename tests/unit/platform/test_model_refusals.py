"""What is no model here: ids that are refused, and models that leave a warning."""

from __future__ import annotations

import pytest
from aws_cdk.assertions import Annotations, Match

from genai_layers import testing
from genai_layers.catalog.errors import RegionError
from genai_layers.platform import FoundationModel, InferenceProfile, ModelError

pytestmark = pytest.mark.synth

LITE = "amazon.nova-lite-v1:0"
GLOBAL = "amazon.nova-2-lite-v1:0"


def test_a_profile_of_another_partition_is_refused():
    """A commercial profile cannot be used from GovCloud."""
    with pytest.raises(RegionError, match="serves partition 'aws', and region 'us-gov-west-1'"):
        InferenceProfile.of(testing.stack(region="us-gov-west-1"), f"us.{LITE}")


def test_a_region_without_bedrock_is_refused():
    """China has no Bedrock."""
    with pytest.raises(RegionError, match="region 'cn-north-1' lacks"):
        FoundationModel.of(testing.stack(region="cn-north-1"), LITE)


def test_a_profile_id_is_no_foundation_model_and_the_other_way_round():
    """Each refusal says what to write instead."""
    stack = testing.stack()

    with pytest.raises(ModelError, match=r"use InferenceProfile.of\(scope, 'us.amazon.nova-lite-v1:0'\)"):
        FoundationModel.of(stack, f"us.{LITE}")
    with pytest.raises(ModelError, match=r"use FoundationModel.of\(scope, 'amazon.nova-lite-v1:0'\)"):
        InferenceProfile.of(stack, LITE)


def test_a_misspelt_model_is_refused_with_the_closest():
    """A typing error is found at synth, not on the first request."""
    with pytest.raises(ModelError, match=r"'amazon.nova-lit-v1:0' is not in the catalog: choose one like"):
        FoundationModel.of(testing.stack(), "amazon.nova-lit-v1:0")


def test_a_model_newer_than_the_catalog_takes_a_reason_and_leaves_a_warning():
    """The catalog is a snapshot; who knows better says why, and the price is unknown."""
    stack = testing.stack()
    model = FoundationModel.of(stack, "acme.brandnew-v1:0", unlisted_reason="Announced on 2026-11-24, model card read")

    assert model.price is None
    Annotations.from_stack(stack).has_warning("*", Match.string_like_regexp("acme.brandnew-v1:0 is not in the"))
    with pytest.raises(ModelError, match="says too little"):
        FoundationModel.of(stack, "acme.brandnew-v1:0", unlisted_reason="new")


def test_a_model_whose_end_is_announced_warns_with_date_and_successor():
    """Whether the day has come is not asked, since a synth reads no clock."""
    stack = testing.stack()
    FoundationModel.of(stack, "anthropic.claude-sonnet-4-5-20250929-v1:0")

    Annotations.from_stack(stack).has_warning(
        "*", Match.string_like_regexp("end of life on 2027-04-08 .*: move to anthropic.claude-sonnet-5-5")
    )


def test_a_geography_is_named_where_several_hold_the_region():
    """Tokyo lies in Japan and in the Asia-Pacific geography, and only the caller knows which is meant."""
    with pytest.raises(ModelError, match=r"several geographies hold ap-northeast-1 .* known are apac, jp"):
        InferenceProfile.geographic(testing.stack(region="ap-northeast-1"), GLOBAL)
    with pytest.raises(ModelError, match="no geography holds sa-east-1"):
        InferenceProfile.geographic(testing.stack(region="sa-east-1"), LITE)
