"""A Studio domain, a monitoring job and a serverless endpoint without a fault."""

from __future__ import annotations

from typing import Any

_ROLE_ARN = "arn:aws:iam::111122223333:role/studio"
_STOPS = {"AppLifecycleManagement": {"IdleSettings": {"LifecycleManagement": "ENABLED", "IdleTimeoutInMinutes": 60}}}


STUDIO: dict[str, Any] = {
    "Studio": {
        "Type": "AWS::SageMaker::Domain",
        "Properties": {
            "AuthMode": "IAM",
            "DomainName": "studio-1a2b3c4d",
            "AppNetworkAccessType": "VpcOnly",
            "HomeEfsFileSystemCreation": "Disabled",
            "KmsKeyId": {"Ref": "Key"},
            "VpcId": "vpc-0123456789abcdef0",
            "SubnetIds": ["subnet-0123456789abcdef0"],
            "DefaultUserSettings": {
                "ExecutionRole": _ROLE_ARN,
                "JupyterLabAppSettings": _STOPS,
                "CodeEditorAppSettings": _STOPS,
            },
            "DefaultSpaceSettings": {"ExecutionRole": _ROLE_ARN, "JupyterLabAppSettings": _STOPS},
        },
    },
    "Drift": {
        "Type": "AWS::SageMaker::DataQualityJobDefinition",
        "Properties": {
            "RoleArn": _ROLE_ARN,
            "DataQualityAppSpecification": {
                "ImageUri": "156813124566.dkr.ecr.us-east-1.amazonaws.com/sagemaker-model-monitor-analyzer"
            },
            "DataQualityJobInput": {
                "EndpointInput": {"EndpointName": "chat", "LocalPath": "/opt/ml/processing/input/endpoint"}
            },
            "DataQualityJobOutputConfig": {
                "KmsKeyId": {"Ref": "Key"},
                "MonitoringOutputs": [
                    {"S3Output": {"S3Uri": "s3://reports/drift", "LocalPath": "/opt/ml/processing/output"}}
                ],
            },
            "JobResources": {
                "ClusterConfig": {
                    "InstanceCount": 1,
                    "InstanceType": "ml.m5.xlarge",
                    "VolumeSizeInGB": 20,
                    "VolumeKmsKeyId": {"Ref": "Key"},
                }
            },
            "NetworkConfig": {
                "EnableNetworkIsolation": True,
                "VpcConfig": {
                    "SecurityGroupIds": ["sg-0123456789abcdef0"],
                    "Subnets": ["subnet-0123456789abcdef0"],
                },
            },
        },
    },
    "ServerlessConfig": {
        "Type": "AWS::SageMaker::EndpointConfig",
        "Properties": {
            "ProductionVariants": [
                {
                    "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]},
                    "VariantName": "a",
                    "InitialVariantWeight": 1,
                    "ServerlessConfig": {"MaxConcurrency": 5, "MemorySizeInMB": 2048},
                }
            ]
        },
    },
}
