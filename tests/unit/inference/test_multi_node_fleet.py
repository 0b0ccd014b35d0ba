"""What a multi-node fleet is made of, who may do what, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from group_estate import LARGE, GroupEstate, launch_data
from inference_estate import ACCOUNT, fill
from test_inference_policy import answers

from genai_layers import testing
from genai_layers.catalog import groups, regions
from genai_layers.catalog.accelerators import Vendor
from genai_layers.cost import fleets
from genai_layers.inference import Capacity, FleetError, HostImage, IModelEndpoint
from genai_layers.inference.engines import ContainerImage
from genai_layers.inference.multi_node import MultiNodeFleet, VllmNodes

pytestmark = pytest.mark.synth

Templates = dict[str, testing.Template]
MACHINE = f"arn:aws:iam::{ACCOUNT}:role/Machine"


def scaling_groups(template: testing.Template) -> list[dict[str, Any]]:
    """Return the Auto Scaling groups with their references filled in."""
    return [fill(each) for each in testing.resources(template, "AWS::AutoScaling::AutoScalingGroup").values()]


@pytest.mark.parametrize(
    ("variant", "efa", "first_card_has_efa"), [("h100", 32, True), ("a100", 4, True), ("b300", 16, False)]
)
def test_every_card_that_can_have_an_efa_has_one(
    group_templates: Templates, variant: str, efa: int, first_card_has_efa: bool
) -> None:
    """An ENA interface first, then EFA-only ones, on the places that the EC2 user guide names."""
    cards = launch_data(group_templates[variant])["NetworkInterfaces"]
    places = [(each["NetworkCardIndex"], each["DeviceIndex"]) for each in cards[1:]]

    assert cards[0]["InterfaceType"] == "interface"
    assert (cards[0]["NetworkCardIndex"], cards[0]["DeviceIndex"]) == (0, 0)
    assert {each["InterfaceType"] for each in cards[1:]} == {"efa-only"}
    assert len(places) == len(set(places)) == efa
    assert ((0, 1) in places) is first_card_has_efa
    assert all(device == 0 for card, device in places if card)


def test_interfaces_carry_the_group_and_the_template_names_none_beside(group_templates: Templates) -> None:
    """EC2 refuses a template that names security groups twice."""
    data = launch_data(group_templates["h100"])

    assert "SecurityGroupIds" not in data
    assert len({tuple(each["Groups"]) for each in data["NetworkInterfaces"]}) == 1


def test_the_group_is_open_to_itself_and_its_door_only(group_templates: Templates) -> None:
    """EFA needs all traffic both ways; nobody else gets more than two ports."""
    template = group_templates["h100"]
    (own,) = launch_data(template)["NetworkInterfaces"][0]["Groups"]
    ways = {"In": "SourceSecurityGroupId", "E": "DestinationSecurityGroupId"}
    for kind, other in (("Ingress", ways["In"]), ("Egress", ways["E"])):
        rules = [
            fill(each["Properties"]) for each in testing.resources(template, f"AWS::EC2::SecurityGroup{kind}").values()
        ]
        mine = [rule for rule in rules if rule["GroupId"] == own]
        assert [rule[other] for rule in mine if rule["IpProtocol"] == "-1"] == [own]
    ports = {
        rule["Properties"].get("FromPort")
        for rule in testing.resources(template, "AWS::EC2::SecurityGroupIngress").values()
        if fill(rule["Properties"])["GroupId"] == own
    }
    assert ports == {None, 8000, 8001}


def test_each_group_is_as_large_as_a_copy_in_one_subnet_and_close_together(group_templates: Templates) -> None:
    """Neither more nor fewer machines than the ranks of the engine."""
    made = scaling_groups(group_templates["h100"])

    assert len(made) == 2
    for group in made:
        assert (group["Properties"]["MinSize"], group["Properties"]["MaxSize"]) == ("2", "2")
        assert len(group["Properties"]["VPCZoneIdentifier"]) == 1
        assert group["Properties"]["TargetGroupARNs"]
    assert len({group["Properties"]["PlacementGroup"] for group in made}) == 2
    places = testing.resources(group_templates["h100"], "AWS::EC2::PlacementGroup").values()
    assert [place["Properties"]["Strategy"] for place in places] == ["cluster", "cluster"]


def test_groups_are_updated_one_after_the_other(group_templates: Templates) -> None:
    """A whole group at once, since half of one answers nothing, and the next only then."""
    resources = testing.resources(group_templates["h100"], "AWS::AutoScaling::AutoScalingGroup")
    first, second = sorted(resources)

    assert first in resources[second]["DependsOn"]
    for group in resources.values():
        rolling = group["UpdatePolicy"]["AutoScalingRollingUpdate"]
        assert (rolling["MaxBatchSize"], rolling["MinInstancesInService"]) == (2, 0)


def test_a_machine_is_given_up_by_ec2_or_by_itself(group_templates: Templates) -> None:
    """Never because its neighbour was lost: that makes all of them silent."""
    (group, _) = scaling_groups(group_templates["h100"])

    assert group["Properties"]["HealthCheckType"] == "EC2"
    assert launch_data(group_templates["h100"])["InstanceInitiatedShutdownBehavior"] == "terminate"


def test_a_capacity_block_keeps_its_machines_close_itself(group_templates: Templates) -> None:
    """The launch template names block and type, and no placement group stands in the way."""
    template = group_templates["block"]
    data = launch_data(template)

    assert data["InstanceMarketOptions"] == {"MarketType": "capacity-block"}
    assert data["InstanceType"] == "p5.48xlarge"
    assert not testing.resources(template, "AWS::EC2::PlacementGroup")


def test_reservations_made_in_a_placement_group_are_used_there(group_templates: Templates) -> None:
    """A reservation in a placement group holds machines of that group only."""
    (group,) = scaling_groups(group_templates["reserved"])

    assert group["Properties"]["PlacementGroup"] == "reserved-here"
    assert group["Properties"]["CapacityReservationSpecification"]["CapacityReservationTarget"] == {
        "CapacityReservationIds": ["cr-0123456789abcdef0"]
    }


def test_machines_are_private_encrypted_and_one_hop_from_their_metadata(group_templates: Templates) -> None:
    """As every other machine of this layer."""
    for template in group_templates.values():
        data = launch_data(template)
        assert data["MetadataOptions"]["HttpTokens"] == "required"
        assert data["MetadataOptions"]["HttpPutResponseHopLimit"] == 1
        assert all(disk["Ebs"]["Encrypted"] and disk["Ebs"]["KmsKeyId"] for disk in data["BlockDeviceMappings"])
        assert "KeyName" not in data


def test_a_machine_may_count_machines_and_change_none(group_templates: Templates) -> None:
    """Nothing is tagged, registered or stopped through the API."""
    found = answers(
        group_templates["h100"],
        "FleetNodesRole",
        MACHINE,
        [
            ("ec2:DescribeInstances", "*", {}),
            ("ec2:TerminateInstances", f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/i-1", {}),
            ("ec2:CreateTags", f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/i-1", {}),
            ("autoscaling:SetDesiredCapacity", "*", {}),
        ],
    )

    assert found == [True, False, False, False]


def test_it_has_the_face_of_every_fleet_and_the_cost_of_all_its_machines(group_templates: Templates) -> None:
    """What watches, prices or calls a fleet need not know how many machines stand behind it."""
    fleet = GroupEstate().group(instance_type="p5.48xlarge")

    assert isinstance(fleet, IModelEndpoint)
    assert fleet.endpoint.model_id == LARGE
    assert fleet.time_to_ready.grace_seconds >= fleet.time_to_ready.total_seconds
    found = fleets({"Stack": group_templates["h100"]})
    assert [(each.instance_type, each.machines, each.model) for each in found] == [("p5.48xlarge", 2, LARGE)] * 2


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"instance_type": "g6e.xlarge"}, "instance_type 'g6e.xlarge' has no EFA interface"),
        ({"instance_type": "trn1.32xlarge"}, "carries Trainium, and vLLM over several machines needs"),
        ({"instance_type": "p9.48xlarge"}, "instance_type 'p9.48xlarge' is not an accelerated Nitro type"),
        ({"model": "llama-3.1-8b"}, "fits no group of up to 16 machines"),
        ({"model": "llama-3.1-8b", "instance_type": "p5.48xlarge"}, "serve it with AcceleratorFleet"),
        ({"model": "nobody-knows-it"}, "model 'nobody-knows-it' is not in the catalog"),
        ({"capacity": Capacity.spot()}, "one machine that is taken away stops its whole group"),
        ({"groups": -1}, "groups is -1: choose 0 or more"),
        ({"instance_type": "p5.48xlarge", "machines": 1}, "machines=1 is no group: choose 2 to 16"),
        ({"weights_prefix": "/x"}, "weights_prefix is '/x'"),
        ({"engine": VllmNodes(image=ContainerImage.private(None, "0.10.2"))}, "needs 0.18 or newer"),  # type: ignore[arg-type]
        ({"machine_image": HostImage.nvidia("arm64")}, "choose another of the two"),
        ({"max_model_len": 10**6, "instance_type": "p5.48xlarge"}, "is beyond the context"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_change(changed: dict[str, Any], reason: str) -> None:
    """In the user's words, with the alternatives."""
    with pytest.raises(FleetError) as caught:
        GroupEstate().group(**changed)

    assert reason in str(caught.value)


def test_a_type_is_compared_with_the_zone() -> None:
    """The catalog knows where a type was offered."""
    every = regions.zones(testing.REGION)
    type_, offered = next(
        (name, zones)
        for name in groups.joinable(Vendor.NVIDIA)
        if (zones := regions.zones(testing.REGION, name)) and set(zones) < set(every)
    )
    missing = next(zone for zone in every if zone not in offered)

    with pytest.raises(FleetError, match=f"not offered in zone {missing}, only in {', '.join(offered)}"):
        GroupEstate().group(instance_type=type_, machines=16, zone_id=missing)
    GroupEstate().group(instance_type=type_, machines=16, zone_id=offered[0])


def test_all_faults_of_a_multi_node_fleet_come_together() -> None:
    """One synth shows everything that is wrong."""
    with pytest.raises(FleetError) as caught:
        GroupEstate().group(groups=-1, weights_prefix="/x", capacity=Capacity.spot(), instance_type="inf2.xlarge")

    assert len(caught.value.faults) >= 4


@pytest.mark.parametrize("type_", ["p4d.24xlarge", "p4de.24xlarge", "p5.48xlarge", "p5e.48xlarge", "p6-b200.48xlarge"])
def test_every_large_type_of_nvidia_serves(type_: str) -> None:
    """As many machines of it as the largest dense model of the catalog takes."""
    fleet: MultiNodeFleet = GroupEstate().group(instance_type=type_, machines=4)

    assert fleet.group.machines == 4
    assert fleet.group.pipeline_parallel == 4
