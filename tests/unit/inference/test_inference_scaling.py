"""What makes a fleet grow, what makes it shrink, and how its machines are bought."""

from __future__ import annotations

import pytest
from inference_estate import only

from genai_layers import testing

pytestmark = pytest.mark.synth

POLICY = "AWS::AutoScaling::ScalingPolicy"
GROUP = "AWS::AutoScaling::AutoScalingGroup"


def followed(template):
    """Return what each policy follows: metric, target, and whether it only ever grows the fleet."""
    found = {}
    for policy in testing.resources(template, POLICY).values():
        tracking = policy["Properties"]["TargetTrackingConfiguration"]
        metric = tracking.get("CustomizedMetricSpecification", tracking.get("PredefinedMetricSpecification"))
        name = metric.get("MetricName", metric.get("PredefinedMetricType"))
        found[name] = (tracking["TargetValue"], tracking.get("DisableScaleIn", False))
    return found


def test_a_fleet_follows_what_its_engine_says_of_itself(templates):
    """It grows as soon as requests wait, and shrinks when the cache is far from full."""
    assert followed(templates["plain"]) == {
        "vllm:num_requests_waiting": (1, True),
        "vllm:kv_cache_usage_perc": (0.7, False),
    }
    assert followed(templates["sglang"]) == {
        "sglang:num_queue_reqs": (1, True),
        "sglang:token_usage": (0.7, False),
    }


def test_an_engine_without_a_cache_shrinks_when_nobody_waits(templates):
    """Else its fleet would never shrink."""
    assert followed(templates["embeddings"]) == {"te_queue_size": (1, False)}


def test_the_time_to_the_first_token_only_ever_grows_a_fleet(templates):
    """A short prompt is fast on a busy machine too, so speed says nothing about idleness."""
    assert followed(templates["latency"])["vllm:time_to_first_token_seconds"] == (2, True)


def test_an_engine_that_tells_nothing_is_followed_by_its_requests(templates):
    """The load balancer counts for it."""
    assert followed(templates["custom"]) == {"ALBRequestCountPerTarget": (60, False)}
    assert followed(templates["requests"]) == {"ALBRequestCountPerTarget": (90, False)}


def test_scaling_reads_what_the_agent_of_this_fleet_publishes(templates):
    """Two fleets of one account never follow each other."""
    names = set()
    for variant in ("plain", "spot"):
        for policy in testing.resources(templates[variant], POLICY).values():
            metric = policy["Properties"]["TargetTrackingConfiguration"]["CustomizedMetricSpecification"]
            (dimension,) = metric["Dimensions"]
            assert metric["Namespace"] == "GenAiLayers/Inference"
            assert dimension["Name"] == "Fleet"
            names.add(dimension["Value"])

    assert len(names) == 2


def test_spot_machines_come_from_the_fullest_pools_and_are_replaced_early(templates):
    """One machine is never spot, and a warning brings the replacement before the loss."""
    group = only(templates["spot"], GROUP)
    distribution = group["MixedInstancesPolicy"]["InstancesDistribution"]

    assert distribution["SpotAllocationStrategy"] == "price-capacity-optimized"
    assert distribution["OnDemandBaseCapacity"] == 1
    assert distribution["OnDemandPercentageAboveBaseCapacity"] == 0
    assert group["CapacityRebalance"] is True


def test_reservations_are_used_first_and_do_not_stand_in_the_way(templates):
    """A full reservation is no reason to have no machine."""
    assert only(templates["reserved"], GROUP)["CapacityReservationSpecification"] == {
        "CapacityReservationPreference": "capacity-reservations-first",
        "CapacityReservationTarget": {"CapacityReservationIds": ["cr-0123456789abcdef0"]},
    }


def test_a_capacity_block_is_named_in_the_template_without_a_mixed_policy(templates):
    """EC2 refuses blocks in a mixed instances group."""
    group = only(templates["block"], GROUP)
    data = only(templates["block"], "AWS::EC2::LaunchTemplate")["LaunchTemplateData"]

    assert "MixedInstancesPolicy" not in group
    assert data["InstanceType"] == "p5.48xlarge"
    assert data["InstanceMarketOptions"] == {"MarketType": "capacity-block"}
    assert data["CapacityReservationSpecification"]["CapacityReservationTarget"] == {
        "CapacityReservationId": "cr-0123456789abcdef0"
    }
