"""A template that every rule applies to and no check objects to; tests break one thing of it at a time."""

from __future__ import annotations

import copy
from typing import Any

from compliant_agents import AGENTS
from compliant_attested import ATTESTED
from compliant_clusters import CLUSTERS
from compliant_groups import GROUPS
from compliant_identity import GATE, IDENTITY
from compliant_jobs import JOBS
from compliant_machines import MACHINES
from compliant_places import PLACES
from compliant_stores import STORES
from compliant_studio import STUDIO
from compliant_training import TRAINING

_SUB_ROOT = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
_KEY_ARN = {"Fn::GetAtt": ["Key", "Arn"]}
_ROLE_ARN = {"Fn::GetAtt": ["Role", "Arn"]}
_BUCKET_ARN = {"Fn::Sub": "arn:${AWS::Partition}:s3:::documents"}
_TEXT_KEYS = ["AMAZON_BEDROCK_TEXT", "AMAZON_BEDROCK_METADATA"]
_MODELS = "arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model"
_NOVA = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"
_NETWORK = {"Subnets": ["subnet-0123456789abcdef0"], "SecurityGroupIds": ["sg-0123456789abcdef0"]}
_SAMPLE = {"InitialSamplingPercentage": 10, "CaptureOptions": [{"CaptureMode": "Input"}]}
_CAPTURE = {**_SAMPLE, "DestinationS3Uri": "s3://captures/a", "KmsKeyId": {"Ref": "Key"}}
_ALARMS = {"Alarms": [{"AlarmName": "errors"}]}
_ROLLING = {"MaximumBatchSize": {"Type": "CAPACITY_PERCENT", "Value": 50}, "WaitIntervalInSeconds": 300}
_IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/agent:1"


def _policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _trust(principal: object, **condition: object) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return _policy(statement | ({"Condition": condition} if condition else {}))


_TEMPLATE: dict[str, Any] = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Resources": {
        "Key": {
            "Type": "AWS::KMS::Key",
            "Properties": {
                "EnableKeyRotation": True,
                "KeyPolicy": _policy(
                    {"Effect": "Allow", "Principal": {"AWS": _SUB_ROOT}, "Action": "kms:*", "Resource": "*"}
                ),
            },
        },
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": _trust({"Service": "sagemaker.amazonaws.com"}),
                "Policies": [
                    {
                        "PolicyName": "Weights",
                        "PolicyDocument": _policy(
                            {
                                "Effect": "Allow",
                                "Action": ["s3:GetObject"],
                                "Resource": {"Fn::Sub": "arn:${AWS::Partition}:s3:::weights/*"},
                            },
                            {
                                "Effect": "Allow",
                                "Action": ["bedrock:InvokeModel"],
                                "Resource": {"Fn::Sub": f"{_MODELS}/amazon.nova-lite-v1:0"},
                                "Condition": {
                                    "StringLike": {
                                        "bedrock:GuardrailIdentifier": {"Fn::Sub": "${Guardrail.GuardrailArn}:*"}
                                    }
                                },
                            },
                            {
                                "Effect": "Allow",
                                "Action": ["bedrock:InvokeModel"],
                                "Resource": {"Fn::Sub": f"{_MODELS}/amazon.titan-embed-text-v2:0"},
                            },
                            {
                                "Effect": "Allow",
                                "Action": "iam:PassRole",
                                "Resource": "*",
                                "Condition": {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
                            },
                        ),
                    }
                ],
            },
        },
        "Operator": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": _trust(
                    {"AWS": _SUB_ROOT},
                    Bool={"aws:MultiFactorAuthPresent": "true"},
                    NumericLessThan={"aws:MultiFactorAuthAge": "3600"},
                )
            },
        },
        "Guardrail": {
            "Type": "AWS::Bedrock::Guardrail",
            "Properties": {
                "Name": "guardrail",
                "BlockedInputMessaging": "no",
                "BlockedOutputsMessaging": "no",
                "KmsKeyArn": _KEY_ARN,
                "ContentPolicyConfig": {
                    "FiltersConfig": [
                        {"Type": "HATE", "InputStrength": "HIGH", "OutputStrength": "HIGH"},
                        {"Type": "PROMPT_ATTACK", "InputStrength": "HIGH", "OutputStrength": "NONE"},
                    ]
                },
                "ContextualGroundingPolicyConfig": {"FiltersConfig": [{"Type": "GROUNDING", "Threshold": 0.7}]},
            },
        },
        "GuardrailVersion": {
            "Type": "AWS::Bedrock::GuardrailVersion",
            "Properties": {"GuardrailIdentifier": {"Fn::GetAtt": ["Guardrail", "GuardrailId"]}},
        },
        "Users": {
            "Type": "AWS::Cognito::UserPool",
            "Properties": {
                "MfaConfiguration": "ON",
                "EnabledMfas": ["SOFTWARE_TOKEN_MFA"],
                "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True},
                "LambdaConfig": GATE,
            },
        },
        "Vectors": {
            "Type": "AWS::S3Vectors::VectorBucket",
            "Properties": {
                "VectorBucketName": "vectors-1",
                "EncryptionConfiguration": {"SseType": "aws:kms", "KmsKeyArn": _KEY_ARN},
            },
        },
        "Index": {
            "Type": "AWS::S3Vectors::Index",
            "Properties": {
                "VectorBucketArn": {"Fn::GetAtt": ["Vectors", "VectorBucketArn"]},
                "IndexName": "passages",
                "DataType": "float32",
                "Dimension": 1024,
                "DistanceMetric": "cosine",
                "MetadataConfiguration": {"NonFilterableMetadataKeys": _TEXT_KEYS},
            },
        },
        "KnowledgeBase": {
            "Type": "AWS::Bedrock::KnowledgeBase",
            "Properties": {
                "Name": "knowledge",
                "RoleArn": _ROLE_ARN,
                "KnowledgeBaseConfiguration": {
                    "Type": "VECTOR",
                    "VectorKnowledgeBaseConfiguration": {
                        "EmbeddingModelArn": {"Fn::Sub": f"{_MODELS}/amazon.titan-embed-text-v2:0"}
                    },
                },
                "StorageConfiguration": {
                    "Type": "S3_VECTORS",
                    "S3VectorsConfiguration": {"IndexArn": {"Fn::GetAtt": ["Index", "IndexArn"]}},
                },
            },
        },
        "Documents": {
            "Type": "AWS::Bedrock::DataSource",
            "Properties": {
                "Name": "documents",
                "KnowledgeBaseId": {"Ref": "KnowledgeBase"},
                "DataDeletionPolicy": "RETAIN",
                "ServerSideEncryptionConfiguration": {"KmsKeyArn": _KEY_ARN},
                "DataSourceConfiguration": {"Type": "S3", "S3Configuration": {"BucketArn": _BUCKET_ARN}},
            },
        },
        "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 365, "KmsKeyId": _KEY_ARN}},
        "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "api", "ProtocolType": "HTTP"}},
        "Stage": {
            "Type": "AWS::ApiGatewayV2::Stage",
            "Properties": {
                "ApiId": {"Ref": "Api"},
                "StageName": "$default",
                "DefaultRouteSettings": {"ThrottlingRateLimit": 10, "ThrottlingBurstLimit": 20},
            },
        },
        "Model": {
            "Type": "AWS::SageMaker::Model",
            "Properties": {
                "ExecutionRoleArn": _ROLE_ARN,
                "EnableNetworkIsolation": True,
                "PrimaryContainer": {"Image": _IMAGE},
                "VpcConfig": _NETWORK,
            },
        },
        "EndpointConfig": {
            "Type": "AWS::SageMaker::EndpointConfig",
            "Properties": {
                "KmsKeyId": {"Ref": "Key"},
                "DataCaptureConfig": _CAPTURE,
                "AsyncInferenceConfig": {
                    "OutputConfig": {"S3OutputPath": "s3://answers/a", "KmsKeyId": {"Ref": "Key"}}
                },
                "ProductionVariants": [
                    {
                        "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]},
                        "VariantName": "a",
                        "InitialInstanceCount": 2,
                        "InitialVariantWeight": 1,
                        "InstanceType": "ml.g5.2xlarge",
                    }
                ],
            },
        },
        "Endpoint": {
            "Type": "AWS::SageMaker::Endpoint",
            "Properties": {
                "EndpointConfigName": {"Fn::GetAtt": ["EndpointConfig", "EndpointConfigName"]},
                "DeploymentConfig": {"AutoRollbackConfiguration": _ALARMS, "RollingUpdatePolicy": _ROLLING},
            },
        },
        "Profile": {
            "Type": "AWS::Bedrock::ApplicationInferenceProfile",
            "Properties": {"InferenceProfileName": "profile", "ModelSource": {"CopyFrom": _NOVA}},
        },
        **AGENTS,
        **IDENTITY,
        **JOBS,
        **CLUSTERS,
        **MACHINES,
        **PLACES,
        **GROUPS,
        **ATTESTED,
        **STORES,
        **STUDIO,
        **TRAINING,
    },
}


def compliant_template() -> dict[str, Any]:
    """A fresh copy, to be changed at will."""
    return copy.deepcopy(_TEMPLATE)
