"""The table's EC2 types, and what the VPC tells, against the running emulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tools.local_cloud.inventory import everything

if TYPE_CHECKING:
    from tools.local_cloud.clients import Clients
    from tools.local_cloud.stack import HandmadeStack

pytestmark = pytest.mark.emulator

ROLE = "arn:aws:iam::000000000000:role/flow-logs"


def network(tag: str = "one", port: int = 443) -> dict[str, Any]:
    """A VPC with a flow log and two groups that may talk to one another."""
    return {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.9.0.0/16"}},
        "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.9.1.0/24"}},
        "Log": {
            "Type": "AWS::EC2::FlowLog",
            "Properties": {
                "ResourceId": {"Ref": "Vpc"},
                "ResourceType": "VPC",
                "TrafficType": "ALL",
                "LogDestinationType": "cloud-watch-logs",
                "LogGroupName": "/rows/flow",
                "DeliverLogsPermissionArn": ROLE,
                "Tags": [{"Key": "round", "Value": tag}],
            },
        },
        "Service": group("service"),
        "Caller": group("caller"),
        "In": {
            "Type": "AWS::EC2::SecurityGroupIngress",
            "Properties": {
                "GroupId": {"Fn::GetAtt": ["Service", "GroupId"]},
                "SourceSecurityGroupId": {"Fn::GetAtt": ["Caller", "GroupId"]},
                "IpProtocol": "tcp",
                "FromPort": port,
                "ToPort": port,
                "Description": "calls",
            },
        },
        "Out": {
            "Type": "AWS::EC2::SecurityGroupEgress",
            "Properties": {
                "GroupId": {"Fn::GetAtt": ["Caller", "GroupId"]},
                "DestinationSecurityGroupId": {"Fn::GetAtt": ["Service", "GroupId"]},
                "IpProtocol": "tcp",
                "FromPort": port,
                "ToPort": port,
            },
        },
    }


def group(description: str) -> dict[str, Any]:
    """A security group without rules of its own."""
    return {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {"VpcId": {"Ref": "Vpc"}, "GroupDescription": description, "SecurityGroupEgress": []},
    }


OUTPUTS = {
    "Cidr": {"Fn::GetAtt": ["Vpc", "CidrBlock"]},
    "Log": {"Ref": "Log"},
    "Service": {"Fn::GetAtt": ["Service", "GroupId"]},
}


def ports(clients: Clients, group_id: str) -> list[int]:
    """The ports that a group lets in."""
    found = clients("ec2").describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0]
    return [permission["FromPort"] for permission in found["IpPermissions"]]


def test_a_vpc_tells_its_address_range(stack: HandmadeStack) -> None:
    """`Fn::GetAtt` of CidrBlock, which rules for the VPC's own addresses need."""
    made = stack.deploy(network(), OUTPUTS)

    assert made["Cidr"] == "10.9.0.0/16"


def test_a_flow_log_keeps_its_id_when_only_its_tags_change(stack: HandmadeStack, clients: Clients) -> None:
    """Tags are changed in place; anything else about a flow log replaces it."""
    first = stack.deploy(network("one"), OUTPUTS)
    second = stack.deploy(network("two"), OUTPUTS)
    moved = network("two")
    moved["Log"]["Properties"]["TrafficType"] = "REJECT"

    third = stack.deploy(moved, OUTPUTS)

    traffic = {log["FlowLogId"]: log["TrafficType"] for log in clients("ec2").describe_flow_logs()["FlowLogs"]}
    assert first["Log"] == second["Log"] != third["Log"]
    assert (traffic.get(second["Log"]), traffic[third["Log"]]) == (None, "REJECT")


def test_a_changed_rule_takes_the_place_of_the_old_one(stack: HandmadeStack, clients: Clients) -> None:
    """A rule with another port is a new rule, and the old one goes."""
    made = stack.deploy(network(port=443), OUTPUTS)
    before = ports(clients, made["Service"])

    stack.deploy(network(port=8443), OUTPUTS)

    assert (before, ports(clients, made["Service"])) == ([443], [8443])


def test_a_deleted_network_leaves_no_flow_log(stack: HandmadeStack, clients: Clients) -> None:
    """Flow log, rules and VPC go with the stack."""
    before = everything(clients)
    stack.deploy(network(), OUTPUTS)
    kinds = {thing.kind for thing in everything(clients) - before}

    stack.delete()

    assert {"VPC", "subnet", "security group", "flow log"} <= kinds
    assert everything(clients) == before


def test_a_nat_gateway_has_its_address(stack: HandmadeStack, clients: Clients) -> None:
    """The gateway and its elastic address are made and go together."""
    before = everything(clients)
    resources = {name: network()[name] for name in ("Vpc", "Subnet")} | {
        "Address": {"Type": "AWS::EC2::EIP", "Properties": {"Domain": "vpc"}},
        "Gateway": {
            "Type": "AWS::EC2::NatGateway",
            "Properties": {"SubnetId": {"Ref": "Subnet"}, "AllocationId": {"Fn::GetAtt": ["Address", "AllocationId"]}},
        },
    }
    made = stack.deploy(resources, {"Gateway": {"Fn::GetAtt": ["Gateway", "NatGatewayId"]}})
    during = clients("ec2").describe_nat_gateways(NatGatewayIds=[made["Gateway"]])["NatGateways"]

    stack.delete()

    assert [gateway["State"] for gateway in during] == ["available"]
    assert everything(clients) == before
