"""Subnets never overlap, and a later zone or NAT gateway moves none of them."""

import ipaddress
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genai_layers.foundation.address_plan import MOST_ZONES, AddressPlan
from genai_layers.foundation.errors import NetworkError
from genai_layers.foundation.zones import zones

pytestmark = pytest.mark.synth


@given(prefix=st.integers(min_value=16, max_value=22), block=st.integers(min_value=0, max_value=63))
def test_subnets_lie_within_the_network_and_never_overlap(prefix: int, block: int) -> None:
    """For every size that is allowed, all eighteen places are inside and apart, and AWS takes their size."""
    network = list(ipaddress.IPv4Network("10.0.0.0/8").subnets(new_prefix=prefix))[block]
    plan = AddressPlan.of(str(network))

    places = [
        ipaddress.IPv4Network(place(zone))
        for place in (plan.isolated, plan.egress, plan.public)
        for zone in range(MOST_ZONES)
    ]

    assert all(place.subnet_of(network) for place in places)
    assert not any(one.overlaps(other) for one, other in itertools.combinations(places, 2))
    assert all(place.prefixlen <= 28 for place in places)


@pytest.mark.parametrize(
    ("cidr", "message"),
    [
        ("10.0.0.1/16", "cidr '10.0.0.1/16' is no IPv4 range (10.0.0.1/16 has host bits set)"),
        ("network", "cidr 'network' is no IPv4 range"),
        ("10.0.0.0/15", "cidr '10.0.0.0/15' is a /15: choose /16 to /22"),
        ("10.0.0.0/24", "cidr '10.0.0.0/24' is a /24: choose /16 to /22"),
        ("8.8.0.0/16", "cidr '8.8.0.0/16' is not private"),
    ],
)
def test_a_range_that_cannot_be_laid_out_is_refused(cidr: str, message: str) -> None:
    """The message has the value and what is allowed."""
    with pytest.raises(NetworkError) as error:
        AddressPlan.of(cidr)

    assert message in str(error.value)


def test_all_faults_of_a_range_are_told_at_once() -> None:
    """A public range of the wrong size is one message with both."""
    with pytest.raises(NetworkError, match=r"is a /8: .*; .*is not private"):
        AddressPlan.of("8.0.0.0/8")


@pytest.mark.parametrize(
    ("count", "ids", "message"),
    [
        (1, (), "zone_count is 1: choose 2 to 6"),
        (7, (), "zone_count is 7: choose 2 to 6"),
        (2, ("use1-az1",), "zone_ids names 1 zones: choose 2 to 6"),
        (2, ("use1-az1", "use1-az1"), "names a zone twice"),
        (2, ("us-east-1a", "use1-az1"), "zone_ids has 'us-east-1a', which is no zone id: take one such as use1-az4"),
    ],
)
def test_zones_that_do_not_work_are_refused(count: int, ids: tuple[str, ...], message: str) -> None:
    """Too few, too many, twice the same, or a name instead of an id."""
    with pytest.raises(NetworkError) as error:
        zones(count, ids)

    assert message in str(error.value)


def test_a_zone_of_another_region_is_refused() -> None:
    """The message says how the ids of the region look."""
    with pytest.raises(NetworkError, match=r"'use1-az4', which is not in region 'eu-west-1': .*like euw1-az"):
        zones(2, ("use1-az4", "euw1-az1"), "eu-west-1")


@pytest.mark.parametrize("id", ["use1-az4", "apne1-az1", "usgw1-az1", "cnn1-az1", "euc1-az3"])
def test_zone_ids_of_every_partition_are_taken(id: str) -> None:
    """The shape of an id differs a little from region to region."""
    first, _ = zones(2, (id, "use1-az1"))

    assert (first.id, first.name) == (id, None)
