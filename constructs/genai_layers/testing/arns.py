"""Made-up names and ARNs for the resources of a template, right in shape for each type."""

from collections.abc import Mapping
from typing import Any

_UUID = "11111111-2222-4333-8444-%012d"

# Type to the part of the ARN after the account; `{id}` is the made-up name. A type that is not here gets
# `<service>:<type>/<name>`, which is right for most.
_SHAPES = {
    "AWS::Bedrock::Agent": "bedrock:agent/{id}",
    "AWS::Bedrock::Guardrail": "bedrock:guardrail/{id}",
    "AWS::Bedrock::KnowledgeBase": "bedrock:knowledge-base/{id}",
    "AWS::Bedrock::ApplicationInferenceProfile": "bedrock:application-inference-profile/{id}",
    "AWS::CloudTrail::Trail": "cloudtrail:trail/{id}",
    "AWS::CloudWatch::Alarm": "cloudwatch:alarm:{id}",
    "AWS::Cognito::UserPool": "cognito-idp:userpool/{id}",
    "AWS::EC2::VPC": "ec2:vpc/{id}",
    "AWS::Events::Rule": "events:rule/{id}",
    "AWS::KMS::Key": "kms:key/{id}",
    "AWS::Lambda::Function": "lambda:function:{id}",
    "AWS::Logs::LogGroup": "logs:log-group:{id}:*",
    "AWS::S3Vectors::Index": "s3vectors:bucket/vectors/index/{id}",
    "AWS::S3Vectors::VectorBucket": "s3vectors:bucket/{id}",
    "AWS::SNS::Topic": "sns:{id}",
    "AWS::SQS::Queue": "sqs:{id}",
    "AWS::SageMaker::Endpoint": "sagemaker:endpoint/{id}",
    "AWS::SageMaker::EndpointConfig": "sagemaker:endpoint-config/{id}",
    "AWS::SecretsManager::Secret": "secretsmanager:secret:{id}-AbCdEf",
    "AWS::StepFunctions::StateMachine": "states:stateMachine:{id}",
}
# `Ref` gives the ARN of these.
_REF_IS_ARN = frozenset(
    {
        "AWS::IAM::ManagedPolicy",
        "AWS::S3Vectors::Index",
        "AWS::S3Vectors::VectorBucket",
        "AWS::SNS::Topic",
        "AWS::SageMaker::Endpoint",
        "AWS::SageMaker::EndpointConfig",
        "AWS::SecretsManager::Secret",
        "AWS::StepFunctions::StateMachine",
    }
)
_IAM_KINDS = {"AWS::IAM::ManagedPolicy": "policy", "AWS::IAM::Role": "role", "AWS::IAM::User": "user"}


def physical_id_of(resource: Mapping[str, Any], logical_id: str, place: Mapping[str, str]) -> str:
    """
    Return what `Ref` gives for a resource.

    Args:
        resource: The resource, as in the template.
        logical_id: Its logical id.
        place: Pseudo parameters: `AWS::Partition`, `AWS::Region`, `AWS::AccountId`.
    """
    kind = resource["Type"]
    if kind in _REF_IS_ARN:
        return arn_of(resource, logical_id, place)
    if kind == "AWS::SQS::Queue":
        host = f"sqs.{place['AWS::Region']}.{place['AWS::URLSuffix']}"
        return f"https://{host}/{place['AWS::AccountId']}/{_name(kind, logical_id)}"
    return _name(kind, logical_id)


def arn_of(resource: Mapping[str, Any], logical_id: str, place: Mapping[str, str]) -> str:
    """
    Return the ARN of a resource.

    Args:
        resource: The resource, as in the template.
        logical_id: Its logical id.
        place: Pseudo parameters: `AWS::Partition`, `AWS::Region`, `AWS::AccountId`.
    """
    kind, name = resource["Type"], _name(resource["Type"], logical_id)
    partition, region, account = (place[f"AWS::{key}"] for key in ("Partition", "Region", "AccountId"))
    if kind == "AWS::S3::Bucket":
        return f"arn:{partition}:s3:::{name}"
    if kind in _IAM_KINDS:
        path = resource.get("Properties", {}).get("Path", "/")
        return f"arn:{partition}:iam::{account}:{_IAM_KINDS[kind]}{path}{name}"
    service, type_name = kind.split("::")[1:3]
    shape = _SHAPES.get(kind, f"{service.lower()}:{type_name.lower()}/{{id}}").format(id=name)
    service, _, rest = shape.partition(":")
    return f"arn:{partition}:{service}:{region}:{account}:{rest}"


def _name(kind: str, logical_id: str) -> str:
    match kind:
        case "AWS::KMS::Key":
            return _UUID % (sum(ord(letter) * (index + 1) for index, letter in enumerate(logical_id)))
        case "AWS::S3::Bucket" | "AWS::S3Vectors::VectorBucket" | "AWS::S3Vectors::Index":
            return logical_id.lower()
        case "AWS::Bedrock::Guardrail" | "AWS::Bedrock::KnowledgeBase" | "AWS::Bedrock::Agent":
            return logical_id.upper()[-10:]
        case "AWS::Cognito::UserPool":
            return f"us-east-1_{logical_id[:9]}"
    return logical_id
