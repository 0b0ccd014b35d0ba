"""The part of the compliant template that is about machines and the tasks on them, and what breaks its rules."""

from __future__ import annotations

from typing import Any

from template_edits import Edit, adding, dropping, setting

MACHINES: dict[str, Any] = {
    "Machines": {
        "Type": "AWS::EC2::LaunchTemplate",
        "Properties": {
            "LaunchTemplateData": {
                "InstanceType": "g6e.2xlarge",
                "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
                "BlockDeviceMappings": [
                    {"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": True, "KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}},
                    {"DeviceName": "/dev/sdf", "Ebs": {"SnapshotId": "snap-0123456789abcdef0"}},
                ],
            }
        },
    },
    "Session": {
        "Type": "AWS::SSM::Document",
        "Properties": {
            "DocumentType": "Session",
            "Content": {
                "schemaVersion": "1.0",
                "sessionType": "Standard_Stream",
                "inputs": {
                    "cloudWatchLogGroupName": {"Ref": "Logs"},
                    "cloudWatchEncryptionEnabled": True,
                    "kmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]},
                },
            },
        },
    },
    "Task": {
        "Type": "AWS::ECS::TaskDefinition",
        "Properties": {
            "ContainerDefinitions": [
                {"Name": "engine", "Image": "image:1", "ReadonlyRootFilesystem": True, "Privileged": False},
                {"Name": "probe", "Image": "image:1", "ReadonlyRootFilesystem": True},
            ]
        },
    },
    "Service": {
        "Type": "AWS::ECS::Service",
        "Properties": {
            "TaskDefinition": {"Ref": "Task"},
            "DeploymentConfiguration": {"DeploymentCircuitBreaker": {"Enable": True, "Rollback": True}},
        },
    },
    "Capacity": {
        "Type": "AWS::ECS::CapacityProvider",
        "Properties": {"AutoScalingGroupProvider": {"AutoScalingGroupArn": {"Ref": "Sleeping"}}},
    },
    "Sleeping": {
        "Type": "AWS::AutoScaling::AutoScalingGroup",
        "Properties": {
            "MinSize": "0",
            "MaxSize": "2",
            "LaunchTemplate": {
                "LaunchTemplateId": "lt-0123456789abcdef0",
                "Version": "1",
            },
        },
    },
    "Night": {
        "Type": "AWS::AutoScaling::ScheduledAction",
        "Properties": {"AutoScalingGroupName": {"Ref": "Sleeping"}, "MinSize": 0, "Recurrence": "0 19 * * *"},
    },
    "Morning": {
        "Type": "AWS::AutoScaling::ScheduledAction",
        "Properties": {"AutoScalingGroupName": {"Ref": "Sleeping"}, "MinSize": 1, "Recurrence": "0 7 * * *"},
    },
    "ToZero": {
        "Type": "AWS::AutoScaling::ScalingPolicy",
        "Properties": {
            "AutoScalingGroupName": {"Ref": "Sleeping"},
            "AdjustmentType": "ExactCapacity",
            "ScalingAdjustment": 0,
        },
    },
    "Wake": {
        "Type": "AWS::AutoScaling::ScalingPolicy",
        "Properties": {
            "AutoScalingGroupName": {"Ref": "Sleeping"},
            "AdjustmentType": "ChangeInCapacity",
            "ScalingAdjustment": 1,
        },
    },
    "AskedInVain": {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {"MetricName": "HTTPCode_ELB_503_Count", "AlarmActions": [{"Ref": "Wake"}]},
    },
    "Tasks": {
        "Type": "AWS::ApplicationAutoScaling::ScalableTarget",
        "Properties": {
            "MaxCapacity": 2,
            "MinCapacity": 0,
            "ResourceId": {"Fn::Sub": "service/cluster/${Service.Name}"},
            "ScalableDimension": "ecs:service:DesiredCount",
            "ServiceNamespace": "ecs",
            "ScheduledActions": [
                {
                    "ScheduledActionName": "Morning",
                    "Schedule": "cron(0 7 * * ? *)",
                    "ScalableTargetAction": {"MinCapacity": 1, "MaxCapacity": 2},
                },
                {
                    "ScheduledActionName": "Night",
                    "Schedule": "cron(0 19 * * ? *)",
                    "ScalableTargetAction": {"MinCapacity": 0, "MaxCapacity": 0},
                },
            ],
        },
    },
}

_BREAKER = "Service.DeploymentConfiguration.DeploymentCircuitBreaker"

_INPUTS = "Session.Content.inputs"
_ROOT = "Machines.LaunchTemplateData.BlockDeviceMappings.0.Ebs"

BREAKING: list[tuple[str, str, Edit]] = [
    ("GENAI-EC2-04", "a volume with no word on encryption", setting(_ROOT, {"VolumeSize": 100})),
    ("GENAI-EC2-04", "a volume under the key of AWS", dropping(f"{_ROOT}.KmsKeyId")),
    ("GENAI-EC2-04", "a volume under the key of AWS by name", setting(f"{_ROOT}.KmsKeyId", "alias/aws/ebs")),
    ("GENAI-EC2-04", "a snapshot opened to nobody's key", setting(_ROOT, {"SnapshotId": "snap-1", "Encrypted": False})),
    (
        "GENAI-EC2-04",
        "an instance with a bare disk",
        adding(
            "AWS::EC2::Instance",
            InstanceType="m7i.large",
            MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
            BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 100}}],
        ),
    ),
    ("GENAI-EC2-04", "a bare volume", adding("AWS::EC2::Volume", Size=100)),
    ("GENAI-EC2-07", "a key pair in a template", setting("Machines.LaunchTemplateData.KeyName", "operators")),
    (
        "GENAI-EC2-07",
        "an instance with a key pair",
        adding("AWS::EC2::Instance", InstanceType="m7i.large", KeyName={"Ref": "Pair"}),
    ),
    ("GENAI-SSM-01", "a session that nobody keeps", dropping(f"{_INPUTS}.cloudWatchLogGroupName")),
    ("GENAI-SSM-01", "a log in the clear", setting(f"{_INPUTS}.cloudWatchEncryptionEnabled", False)),
    ("GENAI-SSM-01", "a session under no key", dropping(f"{_INPUTS}.kmsKeyId")),
    ("GENAI-SSM-01", "a document that is no JSON", setting("Session.Content", "sessionType: Standard_Stream")),
    ("GENAI-ECS-01", "a privileged container", setting("Task.ContainerDefinitions.0.Privileged", True)),
    ("GENAI-ECS-01", "one image of two to write to", dropping("Task.ContainerDefinitions.1.ReadonlyRootFilesystem")),
    ("GENAI-ECS-02", "no circuit breaker", dropping("Service.DeploymentConfiguration")),
    ("GENAI-ECS-02", "a breaker that leaves the bad version", setting(f"{_BREAKER}.Rollback", False)),
    ("GENAI-ECS-02", "a breaker that is off", setting(f"{_BREAKER}.Enable", False)),
    (
        "GENAI-ECS-03",
        "machines that ECS manages",
        adding("AWS::ECS::CapacityProvider", ManagedInstancesProvider={"InfrastructureRoleArn": "role"}),
    ),
    (
        "GENAI-EC2-01",
        "a Xen type among those that ECS picks from",
        adding(
            "AWS::ECS::CapacityProvider",
            ManagedInstancesProvider={
                "InstanceLaunchTemplate": {"InstanceRequirements": {"AllowedInstanceTypes": ["g6.xlarge", "p2.xlarge"]}}
            },
        ),
    ),
    ("GENAI-SCALING-01", "tasks that go at night and stay away", dropping("Tasks.ScheduledActions.0")),
    (
        "GENAI-SCALING-01",
        "a group that goes at night and stays away",
        adding("AWS::AutoScaling::ScheduledAction", AutoScalingGroupName="other", DesiredCapacity=0),
    ),
    ("GENAI-SCALING-02", "no policy that adds one", dropping("Wake")),
    ("GENAI-SCALING-02", "no alarm that tells it", setting("AskedInVain.AlarmActions", [])),
    ("GENAI-SCALING-02", "a policy that takes one more", setting("Wake.ScalingAdjustment", -1)),
    (
        "GENAI-SCALING-02",
        "tasks that nothing brings back",
        adding(
            "AWS::ApplicationAutoScaling::ScalingPolicy",
            ScalingTargetId={"Ref": "Tasks"},
            StepScalingPolicyConfiguration={
                "AdjustmentType": "ExactCapacity",
                "StepAdjustments": [{"ScalingAdjustment": 0}],
            },
        ),
    ),
    ("GENAI-SCALING-03", "a group that each update puts back", setting("Sleeping.DesiredCapacity", "1")),
]

ACCEPTED: list[tuple[str, str, Edit]] = [
    (
        "GENAI-EC2-04",
        "a mapping that only takes a disk away",
        setting("Machines.LaunchTemplateData.BlockDeviceMappings", [{"DeviceName": "/dev/sdb", "NoDevice": ""}]),
    ),
    ("GENAI-SSM-01", "a document that runs commands", setting("Session.DocumentType", "Command")),
    ("GENAI-SSM-01", "a session for one port", setting("Session.Content.sessionType", "Port")),
    (
        "GENAI-SSM-01",
        "a session kept in a bucket, as text",
        setting(
            "Session.Content",
            '{"sessionType": "Standard_Stream", "inputs": {"s3BucketName": "b", "s3EncryptionEnabled": "true", '
            '"kmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/1"}}',
        ),
    ),
    (
        "GENAI-EC2-07",
        "a key pair that is left out",
        setting("Machines.LaunchTemplateData.KeyName", {"Ref": "AWS::NoValue"}),
    ),
    ("GENAI-EC2-04", "the disk of the image", dropping("Machines.LaunchTemplateData.BlockDeviceMappings")),
    ("GENAI-ECS-01", "a task without containers", adding("AWS::ECS::TaskDefinition", Family="empty")),
    ("GENAI-SCALING-01", "a night that a request ends", dropping("Morning")),
    ("GENAI-SCALING-01", "a schedule that leaves some", setting("Night.MinSize", 1)),
    ("GENAI-SCALING-02", "a policy that leaves one", setting("ToZero.ScalingAdjustment", 1)),
    ("GENAI-SCALING-03", "a number where nothing goes to zero", setting("Service.DesiredCount", 2)),
    (
        "GENAI-ECS-02",
        "a deployment by another service",
        adding("AWS::ECS::Service", DeploymentController={"Type": "CODE_DEPLOY"}),
    ),
]
