"""
What each kind of person may do.

Reading has the resource `*`, since nearly none of these actions can be narrowed; acting is bound to our own account
and, where the environment marks its resources with tags, to those tags.
"""

from collections.abc import Mapping

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from genai_layers.foundation.people_actions import AUDIT, CUSTOMIZE, FOLLOW, OPERATE, STUDIO, WATCH, named
from genai_layers.foundation.person import Person

ROLE_PATH = "/genai-layers/"
"""IAM path of every role that the app makes, by which policies can tell them from others."""

_INVOKE = ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")
_RETRIEVE = ("bedrock:ApplyGuardrail", "bedrock:Retrieve", "sagemaker:InvokeEndpoint")
# The user guide and the service authorization reference name the same key differently; either will do.
_VOLUME_KEYS = ("sagemaker:VolumeKmsKey", "sagemaker:VolumeKmsKeyArn")


def _operator(stack: Stack, tags: Mapping[str, str]) -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(sid="Watch", actions=named(WATCH), resources=["*"]),
        iam.PolicyStatement(sid="Operate", actions=named(OPERATE), resources=["*"], conditions=_own(stack, tags)),
        *_invocation(stack),
    ]


def _auditor(_stack: Stack, _tags: Mapping[str, str]) -> list[iam.PolicyStatement]:
    return [iam.PolicyStatement(sid="Audit", actions=named(AUDIT), resources=["*"])]


def _data_scientist(stack: Stack, tags: Mapping[str, str]) -> list[iam.PolicyStatement]:
    return [
        *_invocation(stack),
        iam.PolicyStatement(sid="Retrieve", actions=list(_RETRIEVE), resources=["*"], conditions=_own(stack, tags)),
        *(_training(stack, key) for key in _VOLUME_KEYS),
        iam.PolicyStatement(sid="OpenStudio", actions=named(STUDIO), resources=["*"], conditions=_own(stack, tags)),
        iam.PolicyStatement(sid="Customize", actions=named(CUSTOMIZE), resources=["*"]),
        iam.PolicyStatement(sid="Follow", actions=named(FOLLOW), resources=["*"]),
        iam.PolicyStatement(
            sid="PassJobRoles",
            actions=["iam:PassRole"],
            resources=[app_roles(stack)],
            conditions={"StringEquals": {"iam:PassedToService": ["bedrock.amazonaws.com", "sagemaker.amazonaws.com"]}},
        ),
        iam.PolicyStatement(
            sid="UseDataKeys",
            actions=["kms:Decrypt", "kms:GenerateDataKey"],
            resources=["*"],
            conditions={
                "StringEquals": {
                    "aws:ResourceAccount": stack.account,
                    "kms:ViaService": f"s3.{stack.region}.{stack.url_suffix}",
                }
            },
        ),
    ]


def _administrator(_stack: Stack, _tags: Mapping[str, str]) -> list[iam.PolicyStatement]:
    return [iam.PolicyStatement(sid="Everything", actions=["*"], resources=["*"])]


OPERATOR = Person(
    purpose="watches the app, and starts, stops and scales what is there",
    session_hours=4,
    statements=_operator,
    accepted=("AwsSolutions-IAM5[Resource::*]",),
    reason="The actions are spelled out. Those that watch know no resource; those that act are bound to this account "
    "by a condition; a model may be called only with a guardrail.",
)
DATA_SCIENTIST = Person(
    purpose="calls models behind the guardrails, and runs jobs that stay inside the network",
    session_hours=8,
    statements=_data_scientist,
    accepted=("AwsSolutions-IAM5[Resource::*]",),
    reason="The actions are spelled out. Jobs have no name before they start, and keys are usable only through S3 for "
    "objects that a bucket shares; conditions bind the rest to this account and to guardrails.",
)
AUDITOR = Person(
    purpose="reads how things are configured and who did what, and no data",
    session_hours=8,
    statements=_auditor,
    accepted=("AwsSolutions-IAM5[Resource::*]",),
    reason="An auditor has to see every resource; the actions are spelled out, only read configuration, and none "
    "reads data, messages or secrets.",
)
ADMINISTRATOR = Person(
    purpose="emergencies only; every use is alarmed",
    session_hours=1,
    statements=_administrator,
    accepted=(
        "AwsSolutions-IAM5[Action::*]",
        "AwsSolutions-IAM5[Resource::*]",
        "IAMPolicyNoStatementsWithAdminAccess",
        "IAMPolicyNoStatementsWithFullAccess",
        "GENAI-IAM-03",
    ),
    reason="Break-glass is for what nobody foresaw, so its actions cannot be listed; the permissions boundary caps it, "
    "a fresh second factor opens it for one hour at most, and each use raises an alarm.",
)


def app_roles(stack: Stack) -> str:
    """
    Return the ARN pattern of every role that the app makes.

    Args:
        stack: Stack whose account it is for.
    """
    return stack.format_arn(service="iam", region="", resource="role", resource_name=f"{ROLE_PATH.strip('/')}/*")


def _training(stack: Stack, volume_key: str) -> iam.PolicyStatement:
    """Let a training job start that is encrypted, in our subnets, and cut off from the internet."""
    return iam.PolicyStatement(
        sid=f"Train{volume_key.partition(':')[2]}",
        actions=["sagemaker:CreateTrainingJob"],
        resources=["*"],
        conditions={
            **_own(stack, {}),
            "Bool": {"sagemaker:NetworkIsolation": "true"},
            "Null": {volume_key: "false", "sagemaker:VpcSubnets": "false"},
        },
    )


def _invocation(stack: Stack) -> list[iam.PolicyStatement]:
    """Let models be called, never past the guardrails; embedding and rerank models take no guardrail."""
    unguarded = [
        f"arn:{stack.partition}:bedrock:*:{kind}/*{word}*"
        for kind in (":foundation-model", f"{stack.account}:inference-profile")
        for word in ("embed", "rerank")
    ]
    return [
        iam.PolicyStatement(sid="Invoke", actions=list(_INVOKE), resources=["*"]),
        iam.PolicyStatement(
            sid="NeverPastTheGuardrails",
            effect=iam.Effect.DENY,
            actions=list(_INVOKE),
            not_resources=unguarded,
            conditions={"Null": {"bedrock:GuardrailIdentifier": "true"}},
        ),
    ]


def _own(stack: Stack, tags: Mapping[str, str]) -> dict[str, dict[str, str]]:
    marks = {f"aws:ResourceTag/{key}": value for key, value in tags.items()}
    return {"StringEquals": {"aws:ResourceAccount": stack.account, **marks}}
