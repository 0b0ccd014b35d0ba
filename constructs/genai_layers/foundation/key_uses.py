"""
What each AWS service needs of a customer-managed key, in one tested place.

A service that lacks one action, or has it under a condition that never matches, fails at deploy
time or, worse, drops a message without a word. A test evaluates every grant below.

Every grant is for our account only, in one of three ways:

- *Service*: the service itself uses the key, for resources of our account (`aws:SourceAccount`, or the
  encryption context where the service sends no source account).
- *Delivery*: a service puts a message into an encrypted topic or queue. SNS and SQS make the KMS call and
  always name the topic or queue in the encryption context; not every sender passes `aws:SourceAccount`
  on (EventBridge to SNS does not), so that key is compared only where it is present.
- *Provisioning*: whoever in our account may make or use the resource may do the key's part of it, through that
  service and no other way, as with an AWS-managed key. It spares deploy roles permissions of their own,
  `kms:CreateGrant` above all, which is what they are found to lack. S3 and SQS have no such grant: there the key
  stays a second lock, and whoever reads needs `kms:Decrypt` in a policy of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from genai_layers.foundation.key_grant import Conditions, KeyGrant

_SEND = ("kms:Decrypt", "kms:GenerateDataKey*")
_FOR_AWS = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
_SOURCE = {"aws:SourceAccount": "{account}"}


def _arn(service: str, resource: str) -> str:
    return f"arn:{{partition}}:{service}:{{region}}:{{account}}:{resource}"


_TARGETS = {
    "Topic": {"kms:EncryptionContext:aws:sns:topicArn": _arn("sns", "*")},
    "Queue": {"kms:EncryptionContext:aws:sqs:arn": _arn("sqs", "*")},
}


def _delivery(sid: str, service: str, *targets: str) -> tuple[KeyGrant, ...]:
    return tuple(
        KeyGrant(
            sid=f"{sid}To{target}",
            service=service,
            actions=_SEND,
            conditions={"ArnLike": _TARGETS[target], "StringEqualsIfExists": _SOURCE},
        )
        for target in targets
    )


def _provisioning(sid: str, via: str, data: Sequence[str] = ()) -> tuple[KeyGrant, ...]:
    caller: Mapping[str, str] = {
        "kms:CallerAccount": "{account}",
        "kms:ViaService": f"{via}.{{region}}.{{suffix}}",
    }
    conditions: Conditions = {"StringEquals": caller}
    return (
        KeyGrant(sid=f"{sid}Grant", actions=("kms:CreateGrant",), conditions={**conditions, **_FOR_AWS}),
        KeyGrant(sid=f"{sid}Use", actions=("kms:DescribeKey", "kms:RetireGrant", *data), conditions=conditions),
    )


@dataclass(frozen=True, slots=True)
class KeyUse:
    """
    A way to use a key, with the grants that it takes.

    Attributes:
        name: What it is called in errors and documents.
        grants: Statements for the key policy; none where callers' own policies are enough.
    """

    name: str
    grants: tuple[KeyGrant, ...]

    AGENT: ClassVar["KeyUse"]
    CLOUDTRAIL: ClassVar["KeyUse"]
    CLOUDWATCH_ALARMS: ClassVar["KeyUse"]
    BUDGETS: ClassVar["KeyUse"]
    DYNAMODB: ClassVar["KeyUse"]
    EBS_AUTOSCALING: ClassVar["KeyUse"]
    EVENTBRIDGE: ClassVar["KeyUse"]
    GUARDRAIL: ClassVar["KeyUse"]
    KNOWLEDGE_BASE: ClassVar["KeyUse"]
    LAMBDA: ClassVar["KeyUse"]
    LOGS: ClassVar["KeyUse"]
    NEPTUNE_GRAPH: ClassVar["KeyUse"]
    OPENSEARCH_SERVERLESS: ClassVar["KeyUse"]
    RDS: ClassVar["KeyUse"]
    S3: ClassVar["KeyUse"]
    S3_VECTORS: ClassVar["KeyUse"]
    SAGEMAKER_ENDPOINT: ClassVar["KeyUse"]
    SAGEMAKER_TRAINING: ClassVar["KeyUse"]
    SECRETS_MANAGER: ClassVar["KeyUse"]
    SNS: ClassVar["KeyUse"]
    SQS: ClassVar["KeyUse"]
    STEP_FUNCTIONS: ClassVar["KeyUse"]


# CloudWatch Logs user guide, "Encrypt log data": regional principal, context `aws:logs:arn`. Flow logs, Step
# Functions and API access logs reach an encrypted group through Logs and need nothing more.
KeyUse.LOGS = KeyUse(
    "logs",
    (
        KeyGrant(
            sid="Logs",
            service="logs.{region}.{suffix}",
            actions=("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"),
            conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": _arn("logs", "log-group:*")}},
        ),
    ),
)

# CloudTrail user guide, "Configure KMS key policies for CloudTrail". A trail may live in any region.
_TRAIL = "arn:{partition}:cloudtrail:*:{account}:trail/*"
KeyUse.CLOUDTRAIL = KeyUse(
    "CloudTrail",
    (
        KeyGrant(
            sid="CloudTrail",
            service="cloudtrail.amazonaws.com",
            actions=("kms:GenerateDataKey*",),
            conditions={
                "ArnLike": {"kms:EncryptionContext:aws:cloudtrail:arn": _TRAIL},
                "StringEqualsIfExists": _SOURCE,
            },
        ),
        KeyGrant(
            sid="CloudTrailDescribe",
            service="cloudtrail.amazonaws.com",
            actions=("kms:DescribeKey",),
            conditions={"StringEqualsIfExists": _SOURCE},
        ),
    ),
)

# Senders into encrypted topics and queues. S3 sends event notifications; its objects are encrypted with the
# permissions of whoever puts and gets them. SNS sends to the queues that subscribe.
KeyUse.BUDGETS = KeyUse("Budgets notifications", _delivery("Budgets", "budgets.amazonaws.com", "Topic"))
KeyUse.CLOUDWATCH_ALARMS = KeyUse("CloudWatch alarms", _delivery("Alarms", "cloudwatch.amazonaws.com", "Topic"))
KeyUse.EVENTBRIDGE = KeyUse("EventBridge rules", _delivery("EventBridge", "events.amazonaws.com", "Topic", "Queue"))
KeyUse.S3 = KeyUse("S3 event notifications", _delivery("S3", "s3.amazonaws.com", "Topic", "Queue"))
KeyUse.SNS = KeyUse("SNS subscriptions", _delivery("SNS", "sns.amazonaws.com", "Queue"))

# Senders and receivers of a queue bring their own permission; SQS itself needs none.
KeyUse.SQS = KeyUse("SQS", ())

# S3 user guide, "Data protection and encryption in S3 Vectors": background indexing decrypts.
KeyUse.S3_VECTORS = KeyUse(
    "S3 Vectors",
    (
        KeyGrant(
            sid="S3VectorsIndexing",
            service="indexing.s3vectors.amazonaws.com",
            actions=("kms:Decrypt",),
            conditions={
                "ArnLike": {"aws:SourceArn": _arn("s3vectors", "bucket/*")},
                "StringEquals": _SOURCE,
                "ForAnyValue:StringEquals": {
                    "kms:EncryptionContextKeys": ["aws:s3vectors:arn", "aws:s3vectors:resource-id"]
                },
            },
        ),
    ),
)

# EC2 Auto Scaling user guide, "Required KMS key policy for use with encrypted volumes". A key policy that
# names a role which does not exist yet is refused, and the service-linked role appears with the account's
# first group; so it is matched by ARN in a condition, which needs no role to exist (decision 0007).
_SCALING_ROLE = (
    "arn:{partition}:iam::{account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling*"
)
_SCALING: Conditions = {
    "ArnLike": {"aws:PrincipalArn": _SCALING_ROLE},
    "StringEquals": {"kms:CallerAccount": "{account}"},
}
KeyUse.EBS_AUTOSCALING = KeyUse(
    "EBS volumes of Auto Scaling groups",
    (
        KeyGrant(sid="AutoScalingGrant", actions=("kms:CreateGrant",), conditions={**_SCALING, **_FOR_AWS}),
        KeyGrant(
            sid="AutoScalingUse",
            actions=(
                "kms:Decrypt",
                "kms:DescribeKey",
                "kms:Encrypt",
                "kms:GenerateDataKey*",
                "kms:ReEncrypt*",
            ),
            conditions=_SCALING,
        ),
    ),
)


# Bedrock user guide, "Create a customer managed key for your guardrail": the caller's part. Bedrock also comes as
# itself when it makes a resource; without that part too, the deploy of a guardrail is refused.
_BEDROCK = (
    KeyGrant(
        sid="Bedrock",
        service="bedrock.amazonaws.com",
        actions=("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"),
        conditions={"StringEquals": _SOURCE},
    ),
    *_provisioning("Bedrock", "bedrock", _SEND),
)
KeyUse.AGENT = KeyUse("Bedrock agents", _BEDROCK)
KeyUse.GUARDRAIL = KeyUse("Bedrock guardrails", _BEDROCK)
KeyUse.KNOWLEDGE_BASE = KeyUse("Bedrock knowledge bases", _BEDROCK)

# Developer guides of each service, on customer-managed keys: what its callers need.
_TABLE = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")
KeyUse.DYNAMODB = KeyUse("DynamoDB", _provisioning("DynamoDB", "dynamodb", _TABLE))
KeyUse.LAMBDA = KeyUse("Lambda", _provisioning("Lambda", "lambda", ("kms:Decrypt", "kms:Encrypt")))
KeyUse.NEPTUNE_GRAPH = KeyUse("Neptune Analytics", _provisioning("NeptuneGraph", "neptune-graph", _TABLE))
KeyUse.RDS = KeyUse("RDS", _provisioning("Rds", "rds", _TABLE))
KeyUse.OPENSEARCH_SERVERLESS = KeyUse("OpenSearch Serverless", _provisioning("OpenSearchServerless", "aoss"))
KeyUse.SAGEMAKER_ENDPOINT = KeyUse("SageMaker endpoints", _provisioning("SageMaker", "sagemaker"))
KeyUse.SAGEMAKER_TRAINING = KeyUse("SageMaker training", _provisioning("SageMaker", "sagemaker"))
KeyUse.SECRETS_MANAGER = KeyUse("Secrets Manager", _provisioning("SecretsManager", "secretsmanager", _SEND))

# Step Functions developer guide, "Encrypting data at rest": its runs are logged by log delivery, which decrypts.
KeyUse.STEP_FUNCTIONS = KeyUse(
    "Step Functions",
    (
        KeyGrant(
            sid="StepFunctionsLogs",
            service="delivery.logs.amazonaws.com",
            actions=("kms:Decrypt",),
            conditions={"ArnLike": {"aws:SourceArn": _arn("logs", "*")}, "StringEquals": _SOURCE},
        ),
        *_provisioning("StepFunctions", "states", _SEND),
    ),
)
