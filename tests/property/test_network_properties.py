"""What holds for every network, whatever its size."""

from __future__ import annotations

import ipaddress
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genai_layers.foundation.address_plan import MOST_ZONES, AddressPlan

# The room of the plan imports the CDK.
pytestmark = pytest.mark.synth


@st.composite
def networks(draw: st.DrawFn) -> ipaddress.IPv4Network:
    """A private range of /16 to /22."""
    prefix = draw(st.integers(16, 22))
    ten = int(ipaddress.IPv4Address("10.0.0.0"))
    start = draw(st.integers(0, 2 ** (prefix - 8) - 1)) << (32 - prefix)
    return ipaddress.IPv4Network((ten + start, prefix))


@given(network=networks())
def test_subnets_never_overlap_and_never_leave_the_network(network: ipaddress.IPv4Network) -> None:
    """Isolated, egress and public subnets of every zone, used or not."""
    plan = AddressPlan.of(str(network))
    subnets = [
        ipaddress.IPv4Network(place(zone))
        for place in (plan.isolated, plan.egress, plan.public)
        for zone in range(MOST_ZONES)
    ]

    assert all(subnet.subnet_of(network) for subnet in subnets)
    assert not any(one.overlaps(other) for one, other in combinations(subnets, 2))
