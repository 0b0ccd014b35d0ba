"""Where what serves may go: over TLS alone, and to a list of places where one is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from attested_estate import fleet as attested_fleet
from aws_cdk import aws_ec2 as ec2
from container_estate import container_fleet
from enclave_estate import broker
from group_estate import GroupEstate

from genai_layers import testing
from genai_layers.inference.ecs import ManagedInstances

pytestmark = pytest.mark.synth

LISTED = {"pl-63a5400a", "10.0.0.0/16"}
MAKES: Mapping[str, Callable[..., Any]] = {
    "machines": lambda estate, **changed: estate.fleet(**changed),
    "attested": attested_fleet,
    "tasks": container_fleet,
    "tasks, managed": lambda estate, **changed: container_fleet(
        estate, managed_instances=ManagedInstances(reason="a look at the ways out, public weights"), **changed
    ),
    "groups": lambda estate, **changed: estate.group(**changed),
    "broker": broker,
}


def ways_out(template: testing.Template) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield group, place and rule of every way out of a security group of what serves."""
    beside = [rule["Properties"] for rule in testing.resources(template, "AWS::EC2::SecurityGroupEgress").values()]
    for name, group in testing.resources(template, "AWS::EC2::SecurityGroup").items():
        if name.startswith("Network"):
            continue
        own = [rule for rule in beside if rule["GroupId"]["Fn::GetAtt"][0] == name]
        for rule in (*group["Properties"].get("SecurityGroupEgress", ()), *own):
            # The load balancer reaches machines by their group, and machines joined by EFA each other.
            if "DestinationSecurityGroupId" not in rule:
                yield name, rule.get("CidrIp") or rule["DestinationPrefixListId"], rule


@pytest.mark.parametrize("name", sorted(MAKES))
def test_a_list_of_places_is_all_that_is_open(name: str) -> None:
    """With a list no security group of machines or tasks leads anywhere else."""
    estate = GroupEstate()
    MAKES[name](estate, egress=[ec2.Peer.prefix_list("pl-63a5400a"), ec2.Peer.ipv4("10.0.0.0/16")])

    found = list(ways_out(testing.template(estate.stack)))

    assert {place for _, place, _ in found} == LISTED
    # Tasks and the machines under them have a group each.
    assert len({group for group, _, _ in found}) == (2 if name.startswith("tasks") else 1)


@pytest.mark.parametrize("name", sorted(MAKES))
def test_without_a_list_the_way_out_is_tls_alone(name: str) -> None:
    """In isolated subnets that reaches S3 and the endpoints of the network, and no other port is open anywhere."""
    estate = GroupEstate()
    MAKES[name](estate)

    found = list(ways_out(testing.template(estate.stack)))

    assert {place for _, place, _ in found} == {"0.0.0.0/0"}
    assert {(rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) for _, _, rule in found} == {("tcp", 443, 443)}
