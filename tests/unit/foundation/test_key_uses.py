"""Each service can use a key that is for it, in our account, and nobody else can."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from genai_layers import testing
from genai_layers.foundation import EncryptionKey, KeyUse
from genai_layers.testing import ACCOUNT, Decision, Request

pytestmark = [pytest.mark.synth, pytest.mark.tool]

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
    *_through("OPENSEARCH_SERVERLESS", "aoss"),
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
USES = sorted({call.use for call in CALLS})


class Key:
    """A key for one use, in a template, and the answers of IAM about it."""

    def __init__(self, template: testing.Template, logical_id: str) -> None:
        self.policy = testing.key_policy_of(template, logical_id)
        self.arn = testing.Resolver(template=template).arn(logical_id)

    def request(self, call: Call) -> Request:
        """Return *call* on this key, by a caller whose own policies say nothing."""
        return Request(
            principal=call.principal,
            action=call.action,
            resource=self.arn,
            context=call.context,
            resource_policy=self.policy,
        )


@pytest.fixture(scope="module")
def keys() -> dict[str, Key]:
    """One key for each use."""
    stack = testing.stack()
    made = {
        use: EncryptionKey(stack, use.title().replace("_", ""), description=use, uses=[getattr(KeyUse, use)])
        for use in USES
    }
    ids = {use: stack.get_logical_id(key.key.node.default_child) for use, key in made.items()}
    template = testing.template(stack)
    return {use: Key(template, logical_id) for use, logical_id in ids.items()}


def _decide(keys: Mapping[str, Key], calls: Sequence[Call]) -> list[Decision]:
    return testing.evaluate([keys[call.use].request(call) for call in calls])


def _wrong(calls: Sequence[Call], decisions: Sequence[Decision], *, allowed: bool) -> list[str]:
    return [
        f"{call.use}: {call.action} by {call.principal} with {dict(call.context)}"
        for call, decision in zip(calls, decisions, strict=True)
        if decision.allowed is not allowed
    ]


def test_every_use_is_proved() -> None:
    """A use without a call here would be a grant that nobody has evaluated."""
    every = {name for name, value in vars(KeyUse).items() if isinstance(value, KeyUse)}

    assert every - {"SQS"} == set(USES)
    assert KeyUse.SQS.grants == ()


def test_each_service_can_do_what_it_must(keys: dict[str, Key]) -> None:
    """Every documented call of every service goes through for resources of our account."""
    decisions = _decide(keys, CALLS)

    assert _wrong(CALLS, decisions, allowed=True) == []


def test_resources_and_callers_of_another_account_are_refused(keys: dict[str, Key]) -> None:
    """The same calls for another account are refused: no confused deputy."""
    calls = [call.elsewhere() for call in CALLS]

    decisions = _decide(keys, calls)

    assert _wrong(calls, decisions, allowed=False) == []


def test_another_service_is_refused(keys: dict[str, Key]) -> None:
    """A key for one service is of no use to another one of the same account."""
    calls = [
        replace(call, principal="ec2.amazonaws.com" if ":" not in call.principal else DEPLOYER + "-other")
        for call in CALLS
        if "kms:ViaService" not in call.context
    ]

    decisions = _decide(keys, calls)

    assert _wrong(calls, decisions, allowed=False) == []


def test_a_caller_may_not_bypass_the_service(keys: dict[str, Key]) -> None:
    """What is allowed through a service is not allowed by calling KMS directly, or through another service."""
    via = [call for call in CALLS if "kms:ViaService" in call.context]
    calls = [
        replace(call, context=context)
        for call in via
        for context in (
            {key: value for key, value in call.context.items() if key != "kms:ViaService"},
            {**call.context, "kms:ViaService": "ec2.us-east-1.amazonaws.com"},
        )
    ]

    decisions = _decide(keys, calls)

    assert _wrong(calls, decisions, allowed=False) == []


def test_a_grant_is_only_for_an_aws_resource(keys: dict[str, Key]) -> None:
    """Nobody can use a provisioning grant to hand the key to a principal of their own."""
    calls = [
        replace(call, context={**call.context, "kms:GrantIsForAWSResource": "false"})
        for call in CALLS
        if call.action == "kms:CreateGrant"
    ]

    decisions = _decide(keys, calls)

    assert calls
    assert _wrong(calls, decisions, allowed=False) == []


def test_no_use_lets_a_service_end_or_reshape_the_key(keys: dict[str, Key]) -> None:
    """Whoever uses the key cannot delete it or rewrite its policy."""
    calls = [
        replace(call, action=action, context={})
        for call in CALLS
        for action in ("kms:ScheduleKeyDeletion", "kms:PutKeyPolicy", "kms:DisableKey")
    ]

    decisions = _decide(keys, calls)

    assert _wrong(calls, decisions, allowed=False) == []


def test_uses_that_share_grants_add_them_once() -> None:
    """Guardrails, agents and knowledge bases need the same of Bedrock; the policy says it once."""
    stack = testing.stack()
    uses = [KeyUse.GUARDRAIL, KeyUse.AGENT, KeyUse.KNOWLEDGE_BASE]
    EncryptionKey(stack, "Key", description="bedrock", uses=uses)

    (key,) = testing.resources(testing.template(stack), "AWS::KMS::Key").values()

    sids = [statement["Sid"] for statement in key["Properties"]["KeyPolicy"]["Statement"] if "Sid" in statement]
    assert sorted(sids) == sorted(set(sids))
