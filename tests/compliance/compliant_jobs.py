"""The part of the compliant template that is about jobs on Bedrock."""

from __future__ import annotations

import json
from typing import Any

_START = {
    "JobName": "job",
    "CustomModelKmsKeyId": "${Key.Arn}",
}
_DEFINITION = {
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map",
            "ItemProcessor": {
                "StartAt": "Start",
                "States": {
                    "Start": {
                        "Type": "Task",
                        "Resource": "arn:aws:states:::aws-sdk:bedrock:createModelCustomizationJob",
                        "Parameters": _START,
                        "End": True,
                    }
                },
            },
            "End": True,
        }
    },
}


def definition(resource: str, parameters: dict[str, Any]) -> dict[str, str]:
    """A definition whose one task starts *resource* with *parameters*."""
    task = {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True}
    return {"Fn::Sub": json.dumps({"StartAt": "Start", "States": {"Start": task}})}


JOBS: dict[str, Any] = {
    "JobRole": {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "bedrock.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                        "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
                    }
                ],
            }
        },
    },
    "Job": {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {
            "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            "DefinitionString": {"Fn::Sub": json.dumps(_DEFINITION)},
        },
    },
}
