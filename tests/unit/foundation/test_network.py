"""A network is private, logged, cheap, and has exactly the doors that were asked for."""

import pytest
from aws_cdk import Stack
from aws_cdk import aws_logs as logs

from genai_layers import testing
from genai_layers.foundation import EncryptionKey, InterfaceEndpoint, KeyUse, Network, NetworkError
from genai_layers.testing import ACCOUNT, Policy, Request

pytestmark = pytest.mark.synth

OTHER = "999988887777"


def _network(stack: Stack | None = None, **props: object) -> tuple[Stack, Network]:
    stack = testing.stack() if stack is None else stack
    key = EncryptionKey(stack, "Key", description="flow logs", uses=[KeyUse.LOGS]).key
    given = {"flow_log_key": key, "log_retention": logs.RetentionDays.ONE_YEAR}
    return stack, Network(stack, "Network", **{**given, **props})  # type: ignore[arg-type]


def _template(**props: object) -> testing.Template:
    return testing.template(_network(**props)[0])


@pytest.fixture(scope="module")
def plain() -> testing.Template:
    """A network with its defaults."""
    return _template()


def test_nothing_leads_to_the_internet(plain: testing.Template) -> None:
    """By default there is no gateway, no public subnet, no address and no route out."""
    kinds = {resource["Type"] for resource in plain["Resources"].values()}

    assert not kinds & {
        "AWS::EC2::EIP",
        "AWS::EC2::InternetGateway",
        "AWS::EC2::NatGateway",
        "AWS::EC2::Route",
    }


def test_s3_and_dynamodb_have_gateways_and_nothing_else_has_a_door(plain: testing.Template) -> None:
    """The two that cost nothing are always there; those that cost are not."""
    endpoints = testing.resources(plain, "AWS::EC2::VPCEndpoint").values()

    assert {each["Properties"]["VpcEndpointType"] for each in endpoints} == {"Gateway"}
    names = {str(each["Properties"]["ServiceName"]) for each in endpoints}
    assert {name.rstrip("]}'").rpartition(".")[2] for name in names} == {"s3", "dynamodb"}
    assert all(len(each["Properties"]["RouteTableIds"]) == 2 for each in endpoints)


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


def test_a_door_is_made_once_however_often_it_is_asked_for() -> None:
    """Two parts of the app can require the same service."""
    stack, network = _network()

    network.require(InterfaceEndpoint.BEDROCK_RUNTIME, InterfaceEndpoint.KMS)
    network.require(InterfaceEndpoint.KMS)

    doors = [
        each["Properties"]
        for each in testing.resources(testing.template(stack), "AWS::EC2::VPCEndpoint").values()
        if each["Properties"]["VpcEndpointType"] == "Interface"
    ]
    assert sorted(str(door["ServiceName"]) for door in doors) == [
        "com.amazonaws.us-east-1.bedrock-runtime",
        "com.amazonaws.us-east-1.kms",
    ]
    assert all(door["PrivateDnsEnabled"] and len(door["SubnetIds"]) == 2 for door in doors)


def test_a_door_asked_for_by_another_stack_stays_in_the_network() -> None:
    """The endpoint belongs to the network's stack, so that the other one can go without it."""
    app = testing.app()
    stack, network = _network(testing.stack(app, "NetworkStack"))
    other = testing.stack(app, "Other")

    network.require(InterfaceEndpoint.STS)

    assert testing.resources(testing.template(other), "AWS::EC2::VPCEndpoint") == {}
    assert len(testing.resources(testing.template(stack), "AWS::EC2::VPCEndpoint")) == 3
    assert stack.dependencies == []


def test_doors_take_tls_from_within_the_network_only() -> None:
    """Their one security group lets port 443 in from the addresses of the network."""
    template = _template(cidr="10.9.0.0/16")
    (group,) = testing.resources(template, "AWS::EC2::SecurityGroup").values()

    (rule,) = group["Properties"]["SecurityGroupIngress"]

    assert (rule["CidrIp"], rule["FromPort"], rule["ToPort"]) == ("10.9.0.0/16", 443, 443)


def test_zones_by_order_need_no_lookup(plain: testing.Template) -> None:
    """AWS picks the zone when it deploys."""
    subnets = [each["Properties"] for each in testing.resources(plain, "AWS::EC2::Subnet").values()]

    assert [subnet["AvailabilityZone"]["Fn::Select"][0] for subnet in subnets] == [0, 1]
    assert all("AvailabilityZoneId" not in subnet for subnet in subnets)


def test_zones_by_id_are_taken_as_they_are() -> None:
    """A service that serves only some zones is met where it is; ids win over the count."""
    template = _template(zone_ids=("use1-az4", "use1-az6", "use1-az1"), zone_count=2)
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

    after = _subnets(_template(zone_count=3, nat_gateways=2))

    assert before.items() <= after.items()


def test_nat_gateways_stand_in_public_subnets_and_serve_private_ones() -> None:
    """Asked for, there is a way out; the isolated subnets still have none."""
    stack, network = _network(nat_gateways=1)
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
    assert network.egress is not None
    assert len(network.vpc.select_subnets(subnet_type=network.egress.subnet_type).subnet_ids) == 2


@pytest.mark.parametrize("nat_gateways", [-1, 3])
def test_more_nat_gateways_than_zones_are_refused(nat_gateways: int) -> None:
    """The message has the value and what is allowed."""
    with pytest.raises(NetworkError, match=rf"nat_gateways is {nat_gateways}: choose 0 to 2, one a zone at most"):
        _network(nat_gateways=nat_gateways)


def _through(template: testing.Template, service: str) -> Policy:
    resolver = testing.Resolver(template=template)
    (policy,) = (
        resolver.resolve(each["Properties"]["PolicyDocument"])
        for each in testing.resources(template, "AWS::EC2::VPCEndpoint").values()
        if str(resolver.resolve(each["Properties"]["ServiceName"])).endswith(f".{service}")
    )
    return dict(policy)


def _passes(policy: Policy, action: str, resource: str, *, by: str, owner: str) -> bool:
    """Return whether a call passes the endpoint, when everything else allows it."""
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    request = Request(
        principal=f"arn:aws:iam::{by}:role/caller",
        action=action,
        resource=resource,
        identity_policies=[{"Version": "2012-10-17", "Statement": [everything]}],
        resource_policy={
            "Version": "2012-10-17",
            "Statement": [{**everything, "Principal": {"AWS": f"arn:aws:iam::{by}:role/caller"}, "Action": "s3:*"}],
        }
        if action.startswith("s3:")
        else None,
        endpoint_policies=[policy],
        resource_account=owner,
    )
    return testing.evaluate([request])[0].allowed


@pytest.mark.tool
def test_data_does_not_leave_through_the_gateway_to_s3(plain: testing.Template) -> None:
    """Ours reach ours; neither ours reach a stranger's bucket nor do a stranger's credentials work from inside."""
    policy = _through(plain, "s3")

    assert _passes(policy, "s3:PutObject", "arn:aws:s3:::ours/a", by=ACCOUNT, owner=ACCOUNT)
    assert not _passes(policy, "s3:PutObject", "arn:aws:s3:::theirs/a", by=ACCOUNT, owner=OTHER)
    assert not _passes(policy, "s3:PutObject", "arn:aws:s3:::theirs/a", by=OTHER, owner=OTHER)


@pytest.mark.tool
def test_image_layers_and_packages_of_aws_can_be_read(plain: testing.Template) -> None:
    """A container pulls its layers from a bucket of AWS, signed by AWS; nothing can be put there."""
    policy = _through(plain, "s3")
    layer = "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/layer"

    assert _passes(policy, "s3:GetObject", layer, by=OTHER, owner=OTHER)
    assert not _passes(policy, "s3:PutObject", layer, by=ACCOUNT, owner=OTHER)


@pytest.mark.tool
def test_only_our_identities_pass_an_interface_endpoint() -> None:
    """Credentials of another account that reached the network are of no use there."""
    stack, network = _network()
    network.require(InterfaceEndpoint.BEDROCK_RUNTIME)
    policy = _through(testing.template(stack), "bedrock-runtime")
    model = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"

    assert _passes(policy, "bedrock:InvokeModel", model, by=ACCOUNT, owner=ACCOUNT)
    assert not _passes(policy, "bedrock:InvokeModel", model, by=OTHER, owner=OTHER)
