"""A network has exactly the doors that were asked for, and nothing passes them that is not ours."""

import pytest
from aws_cdk import Stack

from genai_layers import testing
from genai_layers.catalog.errors import RegionError
from genai_layers.foundation import InterfaceEndpoint
from genai_layers.testing import ACCOUNT, Policy, Request
from tests.unit.foundation.networks import network, template_of

pytestmark = pytest.mark.synth

OTHER = "999988887777"


@pytest.fixture(scope="module")
def plain() -> testing.Template:
    """A network with its defaults."""
    return template_of()


def test_s3_and_dynamodb_have_gateways_and_nothing_else_has_a_door(plain: testing.Template) -> None:
    """The two that cost nothing are always there; those that cost are not."""
    endpoints = testing.resources(plain, "AWS::EC2::VPCEndpoint").values()

    assert {each["Properties"]["VpcEndpointType"] for each in endpoints} == {"Gateway"}
    names = {str(each["Properties"]["ServiceName"]) for each in endpoints}
    assert {name.rstrip("]}'").rpartition(".")[2] for name in names} == {"s3", "dynamodb"}
    assert all(len(each["Properties"]["RouteTableIds"]) == 2 for each in endpoints)


def test_a_door_is_made_once_however_often_it_is_asked_for() -> None:
    """Two parts of the app can require the same service."""
    stack, made = network()

    made.require(InterfaceEndpoint.BEDROCK_RUNTIME, InterfaceEndpoint.KMS)
    made.require(InterfaceEndpoint.KMS)

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
    stack, made = network(testing.stack(app, "NetworkStack"))
    other = testing.stack(app, "Other")

    made.require(InterfaceEndpoint.STS)

    assert testing.resources(testing.template(other), "AWS::EC2::VPCEndpoint") == {}
    assert len(testing.resources(testing.template(stack), "AWS::EC2::VPCEndpoint")) == 3
    assert stack.dependencies == []


def test_doors_take_tls_from_within_the_network_only() -> None:
    """Their one security group lets port 443 in from the addresses of the network."""
    template = template_of(cidr="10.9.0.0/16")
    (group,) = testing.resources(template, "AWS::EC2::SecurityGroup").values()

    (rule,) = group["Properties"]["SecurityGroupIngress"]

    assert (rule["CidrIp"], rule["FromPort"], rule["ToPort"]) == ("10.9.0.0/16", 443, 443)


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
    stack, made = network()
    made.require(InterfaceEndpoint.BEDROCK_RUNTIME)
    policy = _through(testing.template(stack), "bedrock-runtime")
    model = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"

    assert _passes(policy, "bedrock:InvokeModel", model, by=ACCOUNT, owner=ACCOUNT)
    assert not _passes(policy, "bedrock:InvokeModel", model, by=OTHER, owner=OTHER)


def test_a_service_that_the_region_lacks_is_refused_by_name() -> None:
    """The message names what is missing; nothing is made."""
    stack, made = network(testing.stack(region="cn-north-1"))

    with pytest.raises(RegionError, match="region 'cn-north-1' lacks bedrock:Guardrail"):
        made.require(InterfaceEndpoint.KMS, InterfaceEndpoint.BEDROCK_RUNTIME)

    assert len(testing.resources(testing.template(stack), "AWS::EC2::VPCEndpoint")) == 2


def test_a_region_that_is_not_known_yet_is_not_judged() -> None:
    """Without a region, or in one newer than the catalog, AWS itself decides at deploy time."""
    for stack in (Stack(testing.app(), "Anywhere"), testing.stack(region="us-south-9")):
        _, made = network(stack)

        made.require(InterfaceEndpoint.BEDROCK_RUNTIME)

        assert len(testing.resources(testing.template(stack), "AWS::EC2::VPCEndpoint")) == 3
