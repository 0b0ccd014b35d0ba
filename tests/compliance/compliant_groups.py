"""The part of the compliant template that is about machines joined by EFA, and what breaks its rules."""

from __future__ import annotations

from typing import Any

from template_edits import Edit, adding, dropping, setting

_ITSELF = {"Fn::GetAtt": ["Fabric", "GroupId"]}

GROUPS: dict[str, Any] = {
    "Fabric": {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {
            "GroupDescription": "machines of one model",
            "VpcId": "vpc-0123456789abcdef0",
            "SecurityGroupEgress": [{"CidrIp": "0.0.0.0/0", "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}],
        },
    },
    "FabricIn": {
        "Type": "AWS::EC2::SecurityGroupIngress",
        "Properties": {"GroupId": _ITSELF, "IpProtocol": "-1", "SourceSecurityGroupId": _ITSELF},
    },
    "FabricOut": {
        "Type": "AWS::EC2::SecurityGroupEgress",
        "Properties": {"GroupId": _ITSELF, "IpProtocol": "-1", "DestinationSecurityGroupId": _ITSELF},
    },
    "Joined": {
        "Type": "AWS::EC2::LaunchTemplate",
        "Properties": {
            "LaunchTemplateData": {
                "InstanceType": "p5.48xlarge",
                "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
                "NetworkInterfaces": [
                    {"InterfaceType": "interface", "DeviceIndex": 0, "Groups": [_ITSELF]},
                    {"InterfaceType": "efa-only", "DeviceIndex": 1, "Groups": [_ITSELF]},
                ],
            }
        },
    },
    "Place": {"Type": "AWS::EC2::PlacementGroup", "Properties": {"Strategy": "cluster"}},
    "Group": {
        "Type": "AWS::AutoScaling::AutoScalingGroup",
        "Properties": {
            "MinSize": "2",
            "MaxSize": "2",
            "PlacementGroup": {"Ref": "Place"},
            "LaunchTemplate": {"LaunchTemplateId": {"Ref": "Joined"}, "Version": "1"},
        },
    },
}

_INTERFACES = "Joined.LaunchTemplateData.NetworkInterfaces"
_EVERYBODY = {"CidrIp": "0.0.0.0/0", "IpProtocol": "-1"}

BREAKING: list[tuple[str, str, Edit]] = [
    ("GENAI-EC2-05", "no way in", dropping("FabricIn")),
    ("GENAI-EC2-05", "no way out", dropping("FabricOut")),
    ("GENAI-EC2-05", "everything out to anywhere", setting("Fabric.SecurityGroupEgress.+", _EVERYBODY)),
    ("GENAI-EC2-05", "everything in from anywhere", setting("Fabric.SecurityGroupIngress", [_EVERYBODY])),
    (
        "GENAI-EC2-05",
        "everything in from another group",
        adding("AWS::EC2::SecurityGroupIngress", GroupId=_ITSELF, IpProtocol="-1", SourceSecurityGroupId="sg-1"),
    ),
    ("GENAI-EC2-06", "no placement group", dropping("Group.PlacementGroup")),
    ("GENAI-EC2-06", "a placement group that spreads", setting("Place.Strategy", "spread")),
]

ACCEPTED: list[tuple[str, str, Edit]] = [
    ("GENAI-EC2-05", "machines without EFA", dropping(f"{_INTERFACES}.1")),
    ("GENAI-EC2-05", "groups of another stack", setting(f"{_INTERFACES}.1.Groups", ["sg-1"])),
    (
        "GENAI-EC2-06",
        "a Capacity Block, which is close itself",
        setting("Joined.LaunchTemplateData.InstanceMarketOptions", {"MarketType": "capacity-block"}),
    ),
    ("GENAI-EC2-06", "a placement group of another stack", setting("Group.PlacementGroup", "reserved-here")),
    (
        "GENAI-EC2-06",
        "a placement in the launch template",
        setting("Joined.LaunchTemplateData.Placement", {"GroupName": {"Ref": "Place"}}),
    ),
]
