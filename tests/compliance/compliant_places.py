"""The part of the compliant template about where machines stand, what they reach and run, and what breaks its rules."""

from __future__ import annotations

from typing import Any

from template_edits import Edit, adding, dropping, setting

_SCALER = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/autoscaling.amazonaws.com/"

_SCALING_ROLE = {"Fn::Sub": f"{_SCALER}AWSServiceRoleForAutoScaling"}

PLACES: dict[str, Any] = {
    "Subnet": {
        "Type": "AWS::EC2::Subnet",
        "Properties": {"VpcId": "vpc-0123456789abcdef0", "CidrBlock": "10.0.0.0/24"},
    },
    "WaysOut": {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {
            "GroupDescription": "Machines",
            "VpcId": "vpc-0123456789abcdef0",
            "SecurityGroupEgress": [
                {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0", "Description": "TLS"}
            ],
        },
    },
    "DiskKey": {
        "Type": "AWS::KMS::Key",
        "Properties": {
            "EnableKeyRotation": True,
            "KeyPolicy": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}},
                        "Action": "kms:CreateGrant",
                        "Resource": "*",
                        "Condition": {
                            "ArnLike": {"aws:PrincipalArn": {"Fn::Sub": f"{_SCALER}AWSServiceRoleForAutoScaling*"}}
                        },
                    }
                ],
            },
        },
    },
    "Placed": {
        "Type": "AWS::EC2::LaunchTemplate",
        "Properties": {
            "LaunchTemplateData": {
                "InstanceType": "g6e.2xlarge",
                "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
                "SecurityGroupIds": [{"Fn::GetAtt": ["WaysOut", "GroupId"]}],
                "BlockDeviceMappings": [
                    {
                        "DeviceName": "/dev/xvda",
                        "Ebs": {"Encrypted": True, "KmsKeyId": {"Fn::GetAtt": ["DiskKey", "Arn"]}},
                    }
                ],
            }
        },
    },
    "PlacedGroup": {
        "Type": "AWS::AutoScaling::AutoScalingGroup",
        "Properties": {
            "MinSize": "1",
            "MaxSize": "2",
            "VPCZoneIdentifier": [{"Ref": "Subnet"}],
            "LaunchTemplate": {
                "LaunchTemplateId": {"Ref": "Placed"},
                "Version": {"Fn::GetAtt": ["Placed", "LatestVersionNumber"]},
            },
        },
    },
    "Images": {
        "Type": "AWS::ECR::Repository",
        "Properties": {"ImageScanningConfiguration": {"ScanOnPush": True}, "ImageTagMutability": "IMMUTABLE"},
    },
}

_OUT = "WaysOut.SecurityGroupEgress"
_GRANT = "DiskKey.KeyPolicy.Statement.0"
_EVERYTHING = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}

BREAKING: list[tuple[str, str, Edit]] = [
    (
        "GENAI-EC2-08",
        "a template with a public address",
        setting("Placed.LaunchTemplateData.NetworkInterfaces", [{"DeviceIndex": 0, "AssociatePublicIpAddress": True}]),
    ),
    ("GENAI-EC2-08", "a group in a public subnet", setting("Subnet.MapPublicIpOnLaunch", True)),
    (
        "GENAI-EC2-08",
        "an instance with a public address",
        adding(
            "AWS::EC2::Instance",
            InstanceType="m7i.large",
            NetworkInterfaces=[{"DeviceIndex": "0", "AssociatePublicIpAddress": "true"}],
        ),
    ),
    ("GENAI-EC2-09", "a group without a word on ways out", dropping(_OUT)),
    ("GENAI-EC2-09", "a rule for everything beside the narrow one", setting(f"{_OUT}.+", _EVERYTHING)),
    ("GENAI-EC2-09", "everything over IPv6", setting(_OUT, [{"IpProtocol": -1, "CidrIpv6": "::/0"}])),
    (
        "GENAI-EC2-09",
        "a rule for everything of its own",
        adding("AWS::EC2::SecurityGroupEgress", GroupId={"Fn::GetAtt": ["WaysOut", "GroupId"]}, **_EVERYTHING),
    ),
    ("GENAI-EC2-10", "a key for other services alone", dropping(f"{_GRANT}.Condition")),
    ("GENAI-EC2-10", "a key that Auto Scaling may only use", setting(f"{_GRANT}.Action", ["kms:Decrypt"])),
    ("GENAI-EC2-10", "a key that is closed to it", setting(f"{_GRANT}.Effect", "Deny")),
    ("GENAI-ECR-01", "images that nobody looks into", dropping("Images.ImageScanningConfiguration")),
    ("GENAI-ECR-01", "a scan that is off", setting("Images.ImageScanningConfiguration.ScanOnPush", False)),
    ("GENAI-ECS-04", "a tag that moves", setting("Task.ContainerDefinitions.0.Image", "example/engine:latest")),
    ("GENAI-ECS-04", "no tag, at a port", setting("Task.ContainerDefinitions.1.Image", "registry:5000/engine")),
    ("GENAI-ECR-02", "tags that move", setting("Images.ImageTagMutability", "MUTABLE")),
    ("GENAI-ECR-02", "no word on tags", dropping("Images.ImageTagMutability")),
]


def _scanned_by_the_registry(template: dict[str, Any]) -> None:
    dropping("Images.ImageScanningConfiguration")(template)
    adding("AWS::ECR::RegistryScanningConfiguration", Rules=[{"ScanFrequency": "SCAN_ON_PUSH"}])(template)


ACCEPTED: list[tuple[str, str, Edit]] = [
    ("GENAI-EC2-08", "subnets of another template", setting("PlacedGroup.VPCZoneIdentifier", ["subnet-1"])),
    ("GENAI-EC2-09", "groups of another template", setting("Placed.LaunchTemplateData.SecurityGroupIds", ["sg-1"])),
    ("GENAI-EC2-09", "everything, to one network", setting(_OUT, [{"IpProtocol": "-1", "CidrIp": "10.0.0.0/16"}])),
    (
        "GENAI-EC2-10",
        "a key of another template",
        setting("Placed.LaunchTemplateData.BlockDeviceMappings.0.Ebs.KmsKeyId", "arn:aws:kms:eu-west-1:1:key/1"),
    ),
    (
        "GENAI-EC2-10",
        "the role by its own name",
        setting(
            _GRANT,
            {
                "Effect": "Allow",
                "Action": ["kms:*"],
                "Principal": {"AWS": {"Fn::Sub": f"{_SCALER}AWSServiceRoleForAutoScaling"}},
            },
        ),
    ),
    ("GENAI-ECS-04", "a digest", setting("Task.ContainerDefinitions.0.Image", f"example/engine@sha256:{'0f' * 32}")),
    (
        "GENAI-ECS-04",
        "a repository of the template",
        setting("Task.ContainerDefinitions.0.Image", {"Fn::Join": ["", [{"Ref": "Images"}, ":1.4.2"]]}),
    ),
    (
        "GENAI-ECS-04",
        "a version that the deploy knows",
        setting("Task.ContainerDefinitions.0.Image", {"Fn::Sub": "example/engine:${Version}"}),
    ),
    ("GENAI-ECR-01", "a registry that scans", _scanned_by_the_registry),
]
