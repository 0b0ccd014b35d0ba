"""The calls that each service makes on a customer-managed key, as AWS documents or logs them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from genai_layers.testing import ACCOUNT

OTHER = "999988887777"
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:alarms"
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:letters"
SCALING = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
DEPLOYER = f"arn:aws:iam::{ACCOUNT}:role/deployer"


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call that a service makes on a key, as AWS documents or logs it."""

    use: str
    principal: str
    action: str
    context: Mapping[str, str | Sequence[str]] = field(default_factory=dict)

    def elsewhere(self) -> "Call":
        """Return the same call for a resource or a caller of another account."""
        swapped = {
            key: value.replace(ACCOUNT, OTHER) if isinstance(value, str) else value
            for key, value in self.context.items()
        }
        return replace(self, principal=self.principal.replace(ACCOUNT, OTHER), context=swapped)


def _source(**more: str) -> dict[str, str]:
    return {"aws:SourceAccount": ACCOUNT, **more}


def _sent_to(kind: str, *, by: str) -> list[Call]:
    key, arn = {
        "topic": ("kms:EncryptionContext:aws:sns:topicArn", TOPIC),
        "queue": ("kms:EncryptionContext:aws:sqs:arn", QUEUE),
    }[kind]
    use, principal = by.split("=")
    return [
        Call(use=use, principal=principal, action=action, context=context)
        for action in ("kms:GenerateDataKey", "kms:Decrypt")
        for context in ({key: arn}, {key: arn, "aws:SourceAccount": ACCOUNT})
    ]


def _through(use: str, service: str, *actions: str) -> list[Call]:
    caller = {"kms:CallerAccount": ACCOUNT, "kms:ViaService": f"{service}.us-east-1.amazonaws.com"}
    return [
        Call(
            use=use,
            principal=DEPLOYER,
            action="kms:CreateGrant",
            context={**caller, "kms:GrantIsForAWSResource": "true"},
        ),
        *(
            Call(use=use, principal=DEPLOYER, action=action, context=caller)
            for action in ("kms:DescribeKey", "kms:RetireGrant", *actions)
        ),
    ]


CALLS = [
    *(
        Call(
            use="LOGS",
            principal="logs.us-east-1.amazonaws.com",
            action=action,
            context={"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:flow"},
        )
        for action in ("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo")
    ),
    Call(
        use="CLOUDTRAIL",
        principal="cloudtrail.amazonaws.com",
        action="kms:GenerateDataKey",
        context={
            "kms:EncryptionContext:aws:cloudtrail:arn": f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/audit",
            "aws:SourceArn": f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/audit",
        },
    ),
    Call(use="CLOUDTRAIL", principal="cloudtrail.amazonaws.com", action="kms:DescribeKey", context=_source()),
    *_sent_to("topic", by="CLOUDWATCH_ALARMS=cloudwatch.amazonaws.com"),
    *_sent_to("topic", by="BUDGETS=budgets.amazonaws.com"),
    *_sent_to("topic", by="EVENTBRIDGE=events.amazonaws.com"),
    *_sent_to("queue", by="EVENTBRIDGE=events.amazonaws.com"),
    *_sent_to("topic", by="S3=s3.amazonaws.com"),
    *_sent_to("queue", by="S3=s3.amazonaws.com"),
    *_sent_to("queue", by="SNS=sns.amazonaws.com"),
    Call(
        use="S3_VECTORS",
        principal="indexing.s3vectors.amazonaws.com",
        action="kms:Decrypt",
        context={
            **_source(),
            "aws:SourceArn": f"arn:aws:s3vectors:us-east-1:{ACCOUNT}:bucket/vectors",
            "kms:EncryptionContextKeys": ["aws:s3vectors:arn"],
        },
    ),
    *(
        Call(use=use, principal="bedrock.amazonaws.com", action=action, context=_source())
        for use in ("GUARDRAIL", "AGENT", "KNOWLEDGE_BASE")
        for action in ("kms:GenerateDataKey", "kms:Decrypt", "kms:DescribeKey")
    ),
    Call(
        use="EBS_AUTOSCALING",
        principal=SCALING,
        action="kms:CreateGrant",
        context={"kms:CallerAccount": ACCOUNT, "kms:GrantIsForAWSResource": "true"},
    ),
    *(
        Call(use="EBS_AUTOSCALING", principal=SCALING, action=action, context={"kms:CallerAccount": ACCOUNT})
        for action in ("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey")
    ),
    *_through("GUARDRAIL", "bedrock", "kms:Decrypt", "kms:GenerateDataKey"),
    *_through("AGENT", "bedrock", "kms:Decrypt", "kms:GenerateDataKey"),
    *_through("KNOWLEDGE_BASE", "bedrock", "kms:Decrypt", "kms:GenerateDataKey"),
    *_through("DYNAMODB", "dynamodb", "kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:ReEncryptTo"),
    *_through("LAMBDA", "lambda", "kms:Encrypt", "kms:Decrypt"),
    *_through("NEPTUNE_GRAPH", "neptune-graph", "kms:Decrypt", "kms:GenerateDataKey"),
    *_through("OPENSEARCH_SERVERLESS", "aoss"),
    *_through("RDS", "rds", "kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:ReEncryptTo"),
    *_through("SAGEMAKER_ENDPOINT", "sagemaker"),
    *_through("SAGEMAKER_TRAINING", "sagemaker"),
    *_through("SECRETS_MANAGER", "secretsmanager", "kms:Decrypt", "kms:GenerateDataKey"),
    Call(
        use="STEP_FUNCTIONS",
        principal="delivery.logs.amazonaws.com",
        action="kms:Decrypt",
        context=_source(**{"aws:SourceArn": f"arn:aws:logs:us-east-1:{ACCOUNT}:*"}),
    ),
    *_through("STEP_FUNCTIONS", "states", "kms:Decrypt", "kms:GenerateDataKey"),
]
