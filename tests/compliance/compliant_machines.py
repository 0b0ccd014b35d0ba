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
            }
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
}

_BREAKER = "Service.DeploymentConfiguration.DeploymentCircuitBreaker"

BREAKING: list[tuple[str, str, Edit]] = [
    ("GENAI-ECS-01", "a privileged container", setting("Task.ContainerDefinitions.0.Privileged", True)),
    ("GENAI-ECS-01", "one image of two to write to", dropping("Task.ContainerDefinitions.1.ReadonlyRootFilesystem")),
    ("GENAI-ECS-02", "no circuit breaker", dropping("Service.DeploymentConfiguration")),
    ("GENAI-ECS-02", "a breaker that leaves the bad version", setting(f"{_BREAKER}.Rollback", False)),
    ("GENAI-ECS-02", "a breaker that is off", setting(f"{_BREAKER}.Enable", False)),
]

ACCEPTED: list[tuple[str, str, Edit]] = [
    ("GENAI-ECS-01", "a task without containers", adding("AWS::ECS::TaskDefinition", Family="empty")),
    (
        "GENAI-ECS-02",
        "a deployment by another service",
        adding("AWS::ECS::Service", DeploymentController={"Type": "CODE_DEPLOY"}),
    ),
]
