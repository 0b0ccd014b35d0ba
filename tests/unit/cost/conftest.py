"""Templates in small."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def fleet_template() -> dict[str, Any]:
    """Two machines of a fleet with a load balancer, a volume each and the model in the user data."""
    user_data = {
        "Fn::Base64": {
            "Fn::Join": [
                "",
                [
                    '#cloud-config\n{"write_files":[{"content":"serve\\n--served-model-name\\nllama-3.1-8b\\n'
                    "--max-model-len\\n4096\\n--uri\\ns3://",
                    {"Ref": "Weights"},
                    '/x"}]}',
                ],
            ]
        }
    }
    return {
        "Resources": {
            "Template": {
                "Type": "AWS::EC2::LaunchTemplate",
                "Properties": {
                    "LaunchTemplateData": {
                        "InstanceType": "g6e.xlarge",
                        "UserData": user_data,
                        "BlockDeviceMappings": [
                            {
                                "DeviceName": "/dev/xvda",
                                "Ebs": {"VolumeType": "gp3", "VolumeSize": 200, "Iops": 6000, "Throughput": 500},
                            }
                        ],
                    }
                },
            },
            "Group": {
                "Type": "AWS::AutoScaling::AutoScalingGroup",
                "Properties": {
                    "MinSize": "2",
                    "MaxSize": "4",
                    "MixedInstancesPolicy": {
                        "LaunchTemplate": {
                            "LaunchTemplateSpecification": {"LaunchTemplateId": {"Ref": "Template"}},
                            "Overrides": [{"InstanceType": "g6.xlarge"}, {"InstanceType": "g5.xlarge"}],
                        }
                    },
                },
            },
            "Balancer": {
                "Type": "AWS::ElasticLoadBalancingV2::LoadBalancer",
                "Properties": {"Type": "application", "Scheme": "internal"},
            },
        }
    }


@pytest.fixture
def platform_template() -> dict[str, Any]:
    """A function that may call one Bedrock model through a guardrail, with its key and log group."""
    arn = {
        "Fn::Join": [
            "",
            ["arn:", {"Ref": "AWS::Partition"}, ":bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"],
        ]
    }
    return {
        "Resources": {
            "Key": {"Type": "AWS::KMS::Key", "Properties": {}},
            "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {}},
            "Guardrail": {
                "Type": "AWS::Bedrock::Guardrail",
                "Properties": {
                    "ContentPolicyConfig": {"FiltersConfig": [{"Type": "HATE"}]},
                    "SensitiveInformationPolicyConfig": {"PiiEntitiesConfig": [{"Type": "EMAIL"}]},
                    "WordPolicyConfig": {"WordsConfig": [{"Text": "x"}]},
                },
            },
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "Policies": [
                        {"PolicyDocument": {"Statement": [{"Action": "bedrock:InvokeModel", "Resource": arn}]}}
                    ]
                },
            },
        }
    }
