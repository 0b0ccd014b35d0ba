"""A network is private, logged, cheap, and has exactly the doors that were asked for."""

import pytest

from genai_layers import testing
from genai_layers.foundation import NetworkError
from genai_layers.testing import ACCOUNT, Request
from tests.unit.foundation.networks import network, template_of

pytestmark = pytest.mark.synth

OTHER = "999988887777"


@pytest.fixture(scope="module")
def plain() -> testing.Template:
    """A network with its defaults."""
    return template_of()


def test_nothing_leads_to_the_internet(plain: testing.Template) -> None:
    """By default there is no gateway, no public subnet, no address and no route out."""
    kinds = {resource["Type"] for resource in plain["Resources"].values()}

    assert not kinds & {
        "AWS::EC2::EIP",
        "AWS::EC2::InternetGateway",
        "AWS::EC2::NatGateway",
        "AWS::EC2::Route",
    }


def test_every_connection_is_logged_and_encrypted(plain: testing.Template) -> None:
    """Flow logs take accepted and refused traffic, to a log group under our key."""
    (flow_log,) = testing.resources(plain, "AWS::EC2::FlowLog").values()
    group = plain["Resources"][flow_log["Properties"]["LogGroupName"]["Ref"]]

    assert flow_log["Properties"]["TrafficType"] == "ALL"
    assert "KmsKeyId" in group["Properties"]
    assert group["Properties"]["RetentionInDays"] == 365


@pytest.mark.tool
def test_only_the_flow_logs_of_our_account_use_the_role(plain: testing.Template) -> None:
    """The service may not be talked into writing for another account."""
    (role,) = (each for each in testing.resources(plain, "AWS::IAM::Role") if "FlowLogRole" in each)
    trust = testing.trust_of(plain, role)

    decisions = testing.evaluate(
        [
            Request(
                principal="vpc-flow-logs.amazonaws.com",
                action="sts:AssumeRole",
                resource=testing.Resolver(template=plain).arn(role),
                context={"aws:SourceAccount": account},
                resource_policy=trust,
            )
            for account in (ACCOUNT, OTHER)
        ]
    )

    assert [decision.allowed for decision in decisions] == [True, False]


def test_the_default_group_is_closed_by_our_own_function(plain: testing.Template) -> None:
    """The custom resource gives up after minutes, not after the hour that CloudFormation would wait."""
    (closed,) = testing.resources(plain, "Custom::VpcRestrictDefaultSG").values()

    assert closed["Properties"]["DefaultSecurityGroupId"]["Fn::GetAtt"][1] == "DefaultSecurityGroup"
    assert closed["Properties"]["ServiceTimeout"] == "300"
    assert any("Policy" in each for each in closed["DependsOn"])


@pytest.mark.tool
def test_the_closing_function_can_touch_that_one_group(plain: testing.Template) -> None:
    """It may take rules from the default group of this network, and from no other."""
    (role,) = (each for each in testing.resources(plain, "AWS::IAM::Role") if "DefaultGroup" in each)
    resolver = testing.Resolver(template=plain)
    ours = str(resolver.resolve({"Fn::GetAtt": ["Network1C6012B5", "DefaultSecurityGroup"]}))

    decisions = testing.evaluate(
        [
            Request(
                principal=resolver.arn(role),
                action="ec2:RevokeSecurityGroupEgress",
                resource=f"arn:aws:ec2:us-east-1:{ACCOUNT}:security-group/{group}",
                identity_policies=testing.policies_of(plain, role),
            )
            for group in (ours, "sg-other")
        ]
    )

    assert [decision.allowed for decision in decisions] == [True, False]


def test_zones_by_order_need_no_lookup(plain: testing.Template) -> None:
    """AWS picks the zone when it deploys."""
    subnets = [each["Properties"] for each in testing.resources(plain, "AWS::EC2::Subnet").values()]

    assert [subnet["AvailabilityZone"]["Fn::Select"][0] for subnet in subnets] == [0, 1]
    assert all("AvailabilityZoneId" not in subnet for subnet in subnets)


def test_zones_by_id_are_taken_as_they_are() -> None:
    """A service that serves only some zones is met where it is; ids win over the count."""
    template = template_of(zone_ids=("use1-az4", "use1-az6", "use1-az1"), zone_count=2)
    subnets = [each["Properties"] for each in testing.resources(template, "AWS::EC2::Subnet").values()]

    assert [subnet["AvailabilityZoneId"] for subnet in subnets] == ["use1-az4", "use1-az6", "use1-az1"]
    assert all("AvailabilityZone" not in subnet for subnet in subnets)


def _subnets(template: testing.Template) -> dict[str, str]:
    return {
        logical_id: subnet["Properties"]["CidrBlock"]
        for logical_id, subnet in testing.resources(template, "AWS::EC2::Subnet").items()
    }


def test_a_zone_or_a_nat_gateway_that_comes_later_moves_no_subnet(plain: testing.Template) -> None:
    """The subnets of before keep their ids and addresses; a moved one would be replaced with all that is in it."""
    before = _subnets(plain)

    after = _subnets(template_of(zone_count=3, nat_gateways=2))

    assert before.items() <= after.items()


def test_nat_gateways_stand_in_public_subnets_and_serve_private_ones() -> None:
    """Asked for, there is a way out; the isolated subnets still have none."""
    stack, made = network(nat_gateways=1)
    template = testing.template(stack)
    routes = [each["Properties"] for each in testing.resources(template, "AWS::EC2::Route").values()]
    subnets = testing.resources(template, "AWS::EC2::Subnet").values()

    assert len(testing.resources(template, "AWS::EC2::NatGateway")) == 1
    assert sorted("NatGatewayId" if "NatGatewayId" in route else "GatewayId" for route in routes) == [
        "GatewayId",
        "GatewayId",
        "NatGatewayId",
        "NatGatewayId",
    ]
    assert not any("Isolated" in route["RouteTableId"]["Ref"] for route in routes)
    assert not any(subnet["Properties"]["MapPublicIpOnLaunch"] for subnet in subnets)
    assert made.egress is not None
    assert len(made.vpc.select_subnets(subnet_type=made.egress.subnet_type).subnet_ids) == 2


@pytest.mark.parametrize("nat_gateways", [-1, 3])
def test_more_nat_gateways_than_zones_are_refused(nat_gateways: int) -> None:
    """The message has the value and what is allowed."""
    with pytest.raises(NetworkError, match=rf"nat_gateways is {nat_gateways}: choose 0 to 2, one a zone at most"):
        network(nat_gateways=nat_gateways)
