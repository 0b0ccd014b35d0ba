"""The part of the compliant template that is about training, and what breaks its rules."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

from template_edits import Edit, adding, dropping, setting

_NETWORK = {"Subnets": ["subnet-0123456789abcdef0"], "SecurityGroupIds": ["sg-0123456789abcdef0"]}
_TRAINING: dict[str, Any] = {
    "TrainingJobName.$": "$.name",
    "RoleArn": "${Role.Arn}",
    "AlgorithmSpecification": {"TrainingImage": "image:1", "TrainingInputMode": "File"},
    "InputDataConfig": [
        {
            "ChannelName": "train",
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://${TrainingData}/approved/"}},
        },
        {
            "ChannelName": "base_model",
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://${Outputs}/model/"}},
        },
    ],
    "OutputDataConfig": {"S3OutputPath": "s3://${Outputs}/runs", "KmsKeyId": "${Key.Arn}"},
    "ResourceConfig": {
        "InstanceType": "ml.m7i.xlarge",
        "InstanceCount": 2,
        "VolumeSizeInGB": 50,
        "VolumeKmsKeyId": "${Key.Arn}",
    },
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    "VpcConfig": _NETWORK,
    "EnableNetworkIsolation": True,
    "EnableInterContainerTrafficEncryption": True,
}
_PROCESSING: dict[str, Any] = {
    "ProcessingJobName.$": "$.name",
    "RoleArn": "${Role.Arn}",
    "AppSpecification": {"ImageUri": "image:1"},
    "ProcessingOutputConfig": {"Outputs": [], "KmsKeyId": "${Key.Arn}"},
    "ProcessingResources": {
        "ClusterConfig": {"InstanceType": "ml.m7i.xlarge", "InstanceCount": 2, "VolumeSizeInGB": 50}
    },
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    "NetworkConfig": {
        "EnableNetworkIsolation": True,
        "EnableInterContainerTrafficEncryption": True,
        "VpcConfig": _NETWORK,
    },
}
_PACKAGE: dict[str, Any] = {"ModelPackageGroupName": "group", "ModelApprovalStatus": "PendingManualApproval"}
_CALLS = {"Train": _TRAINING, "Measure": _PROCESSING, "Register": _PACKAGE}
_RESOURCES = {
    "Train": "arn:aws:states:::sagemaker:createTrainingJob.sync",
    "Measure": "arn:aws:states:::sagemaker:createProcessingJob.sync",
    "Register": "arn:aws:states:::aws-sdk:sagemaker:createModelPackage",
}


def _definition(calls: dict[str, Any]) -> dict[str, str]:
    follows = {"Train": {"Next": "Measure"}, "Measure": {"Next": "Register"}, "Register": {"End": True}}
    states = {
        name: {"Type": "Task", "Resource": _RESOURCES[name], "Parameters": arguments, **follows[name]}
        for name, arguments in calls.items()
    }
    return {"Fn::Sub": json.dumps({"StartAt": "Train", "States": states})}


_ROOT_VOLUME: dict[str, Any] = {"EbsVolumeConfig": {"RootVolume": True, "VolumeKmsKeyId": {"Ref": "Key"}}}
_SECOND_VOLUME: dict[str, Any] = {"EbsVolumeConfig": {"VolumeSizeInGB": 100, "VolumeKmsKeyId": {"Ref": "Key"}}}


def _volumes(*volumes: dict[str, Any]) -> Edit:
    return setting("HyperPod.InstanceGroups", [{"InstanceStorageConfigs": list(volumes)}])


def _bucket(**more: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::S3::Bucket",
        "Properties": {"VersioningConfiguration": {"Status": "Enabled"}, **more},
    }


TRAINING: dict[str, Any] = {
    "TrainingData": _bucket(
        ObjectLockEnabled=True,
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 365}},
        },
    ),
    "Outputs": _bucket(),
    "HyperPod": {
        "Type": "AWS::SageMaker::Cluster",
        "Properties": {
            "NodeRecovery": "Automatic",
            "VpcConfig": {"Subnets": ["subnet-0123456789abcdef0"], "SecurityGroupIds": ["sg-0123456789abcdef0"]},
            "InstanceGroups": [
                {
                    "InstanceGroupName": "workers",
                    "InstanceType": "ml.g5.xlarge",
                    "InstanceCount": 1,
                    "ExecutionRole": {"Fn::GetAtt": ["Role", "Arn"]},
                    "InstanceStorageConfigs": [_ROOT_VOLUME, _SECOND_VOLUME],
                }
            ],
        },
    },
    "Tuning": {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {"RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}, "DefinitionString": _definition(_CALLS)},
    },
}


def changing(state: str, change: Callable[[dict[str, Any]], object]) -> Edit:
    """An edit that changes the arguments of one call."""
    calls = copy.deepcopy(_CALLS)
    change(calls[state])
    return setting("Tuning.DefinitionString", _definition(calls))


def _pipeline(arguments: dict[str, Any]) -> Edit:
    body = json.dumps({"Version": "2020-12-01", "Steps": [{"Name": "A", "Type": "Training", "Arguments": arguments}]})
    return adding(
        "AWS::SageMaker::Pipeline", PipelineName="p", PipelineDefinition={"PipelineDefinitionBody": {"Fn::Sub": body}}
    )


BREAKING: list[tuple[str, str, Edit]] = [
    ("GENAI-TRAINING-01", "a trainer with a network", changing("Train", lambda a: a.pop("EnableNetworkIsolation"))),
    ("GENAI-TRAINING-01", "one that its input frees", changing("Train", lambda a: a.update(
        {"EnableNetworkIsolation": "$.isolated"}))),
    ("GENAI-TRAINING-01", "an evaluator with a network", changing(
        "Measure", lambda a: a["NetworkConfig"].pop("EnableNetworkIsolation"))),
    ("GENAI-TRAINING-01", "a pipeline of SageMaker", _pipeline({**_TRAINING, "EnableNetworkIsolation": False})),
    ("GENAI-TRAINING-02", "machines in the clear", changing(
        "Train", lambda a: a.update(EnableInterContainerTrafficEncryption=False))),
    ("GENAI-TRAINING-02", "evaluators in the clear", changing(
        "Measure", lambda a: a["NetworkConfig"].pop("EnableInterContainerTrafficEncryption"))),
    ("GENAI-TRAINING-03", "a trainer nowhere", changing("Train", lambda a: a.pop("VpcConfig"))),
    ("GENAI-TRAINING-03", "an evaluator nowhere", changing("Measure", lambda a: a["NetworkConfig"].pop("VpcConfig"))),
    ("GENAI-TRAINING-04", "a model without a key", changing("Train", lambda a: a["OutputDataConfig"].pop("KmsKeyId"))),
    ("GENAI-TRAINING-04", "a volume without a key", changing(
        "Train", lambda a: a["ResourceConfig"].pop("VolumeKmsKeyId"))),
    ("GENAI-TRAINING-04", "an evaluation without a key", changing(
        "Measure", lambda a: a["ProcessingOutputConfig"].pop("KmsKeyId"))),
    ("GENAI-TRAINING-05", "a trainer without an end", changing("Train", lambda a: a.pop("StoppingCondition"))),
    ("GENAI-TRAINING-06", "no lock", dropping("TrainingData.ObjectLockConfiguration")),
    ("GENAI-TRAINING-06", "a lock that holds nothing", dropping("TrainingData.ObjectLockConfiguration.Rule")),
    ("GENAI-TRAINING-06", "no versions", dropping("TrainingData.VersioningConfiguration")),
    ("GENAI-TRAINING-07", "a model that is born approved", changing(
        "Register", lambda a: a.update(ModelApprovalStatus="Approved"))),
    ("GENAI-HYPERPOD-01", "nodes in a network of the service", dropping("HyperPod.VpcConfig")),
    ("GENAI-HYPERPOD-02", "a root volume without a key", _volumes(_SECOND_VOLUME)),
    ("GENAI-HYPERPOD-02", "a second volume without one", _volumes(
        _ROOT_VOLUME, {"EbsVolumeConfig": {"VolumeSizeInGB": 100}})),
    ("GENAI-HYPERPOD-03", "nodes that stay broken", setting("HyperPod.NodeRecovery", "None")),
]  # fmt: skip

ACCEPTED: list[tuple[str, str, Edit]] = [
    ("GENAI-HYPERPOD-02", "a file system beside the volumes", _volumes(
        _ROOT_VOLUME, {"FsxLustreConfig": {"DnsName": "fs", "MountName": "m"}})),
    ("GENAI-TRAINING-02", "one machine, which talks to nobody", changing("Train", lambda a: (
        a["ResourceConfig"].update(InstanceCount=1), a.pop("EnableInterContainerTrafficEncryption")))),
    ("GENAI-TRAINING-04", "machines with disks of their own", changing("Train", lambda a: (
        a["ResourceConfig"].pop("VolumeSizeInGB"), a["ResourceConfig"].pop("VolumeKmsKeyId")))),
    ("GENAI-TRAINING-06", "a bucket that only models come from", dropping("Outputs.VersioningConfiguration")),
    ("GENAI-TRAINING-07", "a status that a step gives", changing("Register", lambda a: (
        a.pop("ModelApprovalStatus"), a.update({"ModelApprovalStatus.$": "$.judged.approval"})))),
    ("GENAI-TRAINING-01", "a definition that lies elsewhere", dropping("Tuning.DefinitionString")),
]  # fmt: skip
