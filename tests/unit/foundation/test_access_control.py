"""People's roles open only with a fresh second factor, and give each person no more than the work needs."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from genai_layers import testing
from genai_layers.foundation import AccessControl, AccessError, EncryptionKey, KeyUse, SecureBucket
from genai_layers.testing import ACCOUNT, Request

pytestmark = [pytest.mark.synth, pytest.mark.tool]

ROLES = ("Operator", "DataScientist", "Auditor", "BreakGlass")
PERSON = f"arn:aws:iam::{ACCOUNT}:user/robin"
ASSUME = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]}
FRESH = {"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "60"}
KEY_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}
"""What every key of ours begins with: IAM policies decide."""
NOVA = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"
TITAN_EMBED = "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0"
GUARDED = {"bedrock__GuardrailIdentifier": f"arn:aws:bedrock:us-east-1:{ACCOUNT}:guardrail/abc"}


@dataclass(frozen=True, kw_only=True)
class Access:
    """The roles of a stack as IAM sees them."""

    template: testing.Template
    ids: Mapping[str, str]

    def arn(self, role: str) -> str:
        """Return the ARN of a role."""
        return testing.Resolver(template=self.template).arn(self.ids[role])

    def opening(self, role: str, context: Mapping[str, str]) -> Request:
        """Return a person's attempt to take on *role*."""
        return Request(
            principal=PERSON,
            action="sts:AssumeRole",
            resource=self.arn(role),
            context=context,
            identity_policies=[ASSUME],
            resource_policy=testing.trust_of(self.template, self.ids[role]),
        )

    def doing(self, role: str, action: str, resource: str, **context: str) -> Request:
        """Return a call within a session of *role*, which carries no sign of the second factor; `__` is a colon."""
        return Request(
            principal=self.arn(role),
            action=action,
            resource=resource,
            context={key.replace("__", ":"): value for key, value in context.items()},
            identity_policies=testing.policies_of(self.template, self.ids[role]),
            boundary=testing.boundary_of(self.template, self.ids[role]),
            resource_policy=KEY_POLICY if action.startswith("kms:") else None,
        )


def _ids(stack: Stack, access: AccessControl) -> dict[str, str]:
    return {name: stack.get_logical_id(role.node.default_child) for name, role in access.roles.items()}


@pytest.fixture(scope="module")
def access() -> Access:
    """Roles that trust the account, with a second factor of at most an hour ago."""
    stack = testing.stack()
    made = AccessControl(stack, "Access", trusted=[iam.AccountRootPrincipal()], mfa_max_age=Duration.hours(1))
    ids = _ids(stack, made)
    return Access(template=testing.template(stack), ids=ids)


def _allowed(*requests: Request) -> list[bool]:
    return [decision.allowed for decision in testing.evaluate(requests)]


def test_a_fresh_second_factor_opens_every_role(access: Access) -> None:
    """Break-glass included, a role opens a minute after the second factor was given."""
    assert _allowed(*(access.opening(role, FRESH) for role in ROLES)) == [True] * 4


@pytest.mark.parametrize(
    "context",
    [
        pytest.param({"aws:MultiFactorAuthPresent": "false"}, id="signed in without it"),
        pytest.param({}, id="long-lived access key, whose requests lack the key"),
        pytest.param({**FRESH, "aws:MultiFactorAuthAge": "3601"}, id="given too long ago"),
        pytest.param({"aws:MultiFactorAuthPresent": "true"}, id="of unknown age"),
        pytest.param({"aws:MultiFactorAuthAge": "60"}, id="an age alone"),
    ],
)
def test_without_a_fresh_second_factor_no_role_opens(access: Access, context: dict[str, str]) -> None:
    """Break-glass included, no role opens without a second factor, or with an old one."""
    assert _allowed(*(access.opening(role, context) for role in ROLES)) == [False] * 4


def test_the_last_second_counts(access: Access) -> None:
    """A factor given exactly an hour ago still opens a role."""
    assert _allowed(access.opening("Operator", {**FRESH, "aws:MultiFactorAuthAge": "3600"})) == [True]


def test_a_trust_policy_that_is_widened_by_mistake_still_asks_for_it(access: Access) -> None:
    """A statement that someone adds without conditions does not undo the requirement."""
    request = access.opening("BreakGlass", {})
    trust = dict(request.resource_policy or {})
    trust["Statement"] = [
        *trust["Statement"],
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"},
    ]
    widened = Request(
        principal=request.principal,
        action=request.action,
        resource=request.resource,
        identity_policies=request.identity_policies,
        resource_policy=trust,
    )

    assert _allowed(widened) == [False]


def test_another_account_opens_nothing(access: Access) -> None:
    """A second factor does not help someone whom nobody trusts."""
    stranger = access.opening("Auditor", FRESH)

    decision = testing.evaluate(
        [
            Request(
                principal="arn:aws:iam::999988887777:user/robin",
                action=stranger.action,
                resource=stranger.resource,
                context=FRESH,
                identity_policies=[ASSUME],
                resource_policy=stranger.resource_policy,
            )
        ]
    )[0]

    assert not decision.allowed


def test_a_session_works_though_it_carries_no_sign_of_the_factor(access: Access) -> None:
    """
    Requests of a role session have no `aws:MultiFactorAuthPresent`.

    A denial for its absence in a role's own policies would therefore stop every session.
    """
    logs = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:app"

    assert (
        _allowed(
            access.doing("Operator", "logs:FilterLogEvents", logs),
            access.doing("Auditor", "cloudtrail:LookupEvents", "*"),
            access.doing("DataScientist", "bedrock:InvokeModel", NOVA, **GUARDED),
            access.doing("BreakGlass", "lambda:DeleteFunction", f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"),
        )
        == [True] * 4
    )


def test_nobody_calls_a_model_past_the_guardrails(access: Access) -> None:
    """Without a guardrail a text model is refused; an embedding model, which takes none, is not."""
    for role in ("Operator", "DataScientist"):
        assert _allowed(
            access.doing(role, "bedrock:InvokeModel", NOVA),
            access.doing(role, "bedrock:InvokeModelWithResponseStream", NOVA),
            access.doing(role, "bedrock:InvokeModel", NOVA, **GUARDED),
            access.doing(role, "bedrock:InvokeModel", TITAN_EMBED),
        ) == [False, False, True, True]


def test_an_operator_runs_things_and_changes_none(access: Access) -> None:
    """Starting and stopping is allowed; data, secrets and configuration are not."""
    machine = f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:ingest"

    assert _allowed(
        access.doing("Operator", "states:StartExecution", machine),
        access.doing("Operator", "states:UpdateStateMachine", machine),
        access.doing("Operator", "s3:GetObject", "arn:aws:s3:::documents/a.pdf"),
        access.doing("Operator", "dynamodb:GetItem", f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/conversations"),
        access.doing(
            "Operator", "secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:k"
        ),
        access.doing("Operator", "bedrock:DeleteGuardrail", f"arn:aws:bedrock:us-east-1:{ACCOUNT}:guardrail/abc"),
    ) == [True, False, False, False, False, False]


def test_an_auditor_reads_how_things_are_set_up_and_no_data(access: Access) -> None:
    """Policies and trails are open to an auditor; objects, logs and models are not."""
    assert _allowed(
        access.doing("Auditor", "iam:GetRole", f"arn:aws:iam::{ACCOUNT}:role/any"),
        access.doing("Auditor", "kms:GetKeyPolicy", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"),
        access.doing("Auditor", "s3:GetBucketPolicy", "arn:aws:s3:::documents"),
        access.doing("Auditor", "s3:GetObject", "arn:aws:s3:::documents/a.pdf"),
        access.doing("Auditor", "logs:FilterLogEvents", f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:chat"),
        access.doing("Auditor", "bedrock:InvokeModel", NOVA, **GUARDED),
        access.doing("Auditor", "kms:Decrypt", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"),
    ) == [True, True, True, False, False, False, False]


def test_a_training_job_is_encrypted_and_cut_off(access: Access) -> None:
    """A job without a key, without our subnets, or with a way to the internet is refused."""
    job = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:training-job/tune"
    safe = {
        "sagemaker__VolumeKmsKeyArn": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1",
        "sagemaker__VpcSubnets": "subnet-1",
        "sagemaker__NetworkIsolation": "true",
    }
    attempts = [safe, *({k: v for k, v in safe.items() if k != left_out} for left_out in safe)]

    assert _allowed(
        *(access.doing("DataScientist", "sagemaker:CreateTrainingJob", job, **attempt) for attempt in attempts)
    ) == [True, False, False, False]


def test_a_job_gets_roles_of_the_app_only(access: Access) -> None:
    """A data scientist cannot hand a job the role of an administrator, or hand a role to another service."""
    ours, other = (f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("genai-layers/Job", "Admin"))

    assert _allowed(
        access.doing("DataScientist", "iam:PassRole", ours, iam__PassedToService="sagemaker.amazonaws.com"),
        access.doing("DataScientist", "iam:PassRole", other, iam__PassedToService="sagemaker.amazonaws.com"),
        access.doing("DataScientist", "iam:PassRole", ours, iam__PassedToService="lambda.amazonaws.com"),
    ) == [True, False, False]


def test_break_glass_is_short_and_bounded(access: Access) -> None:
    """An hour at most, and nothing beyond the boundary."""
    roles = testing.resources(access.template, "AWS::IAM::Role")
    sessions = {name: roles[each]["Properties"]["MaxSessionDuration"] for name, each in access.ids.items()}

    assert sessions["BreakGlass"] == 3600
    assert all(seconds <= 8 * 3600 for seconds in sessions.values())
    assert _allowed(
        access.doing("BreakGlass", "iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/mallory"),
        access.doing("BreakGlass", "organizations:LeaveOrganization", "*"),
    ) == [False, False]


def test_tags_narrow_what_an_operator_acts_on() -> None:
    """With tags, an operator of one environment leaves the others alone."""
    stack = testing.stack()
    made = AccessControl(
        stack,
        "Access",
        trusted=[iam.AccountRootPrincipal()],
        mfa_max_age=Duration.hours(1),
        resource_tags={"environment": "prod"},
    )
    ids = _ids(stack, made)
    access = Access(template=testing.template(stack), ids=ids)
    function = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"

    assert _allowed(
        access.doing("Operator", "lambda:InvokeFunction", function, **{"aws__ResourceTag/environment": "prod"}),
        access.doing("Operator", "lambda:InvokeFunction", function, **{"aws__ResourceTag/environment": "dev"}),
        access.doing("Operator", "lambda:InvokeFunction", function),
    ) == [True, False, False]


def test_shared_training_data_can_be_read_and_added_to_but_not_deleted() -> None:
    """The bucket itself lets data scientists in, so its stack depends on the roles and not the other way round."""
    app = testing.app()
    security, data = testing.stack(app, "Security"), testing.stack(app, "Data")
    key = EncryptionKey(security, "Key", description="data", uses=[KeyUse.S3])
    made = AccessControl(security, "Access", trusted=[iam.AccountRootPrincipal()], mfa_max_age=Duration.hours(1))
    bucket = SecureBucket(data, "Training", key=key.key, access_logs=s3.Bucket(data, "Logs"))

    made.share_training_data(bucket.bucket)

    policies = testing.resources(testing.template(data), "AWS::S3::BucketPolicy").values()
    statement = next(
        statement
        for policy in policies
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement.get("Sid") == "DataScientists"
    )
    assert set(statement["Action"]) == {"s3:GetObject", "s3:ListBucket", "s3:PutObject"}
    assert security.dependencies == []


def test_every_use_of_break_glass_is_told_at_once() -> None:
    """A rule watches the trail for the role being taken on, and tells the topic."""
    stack = testing.stack()
    topic = sns.Topic(stack, "Alarms")
    made = AccessControl(
        stack,
        "Access",
        trusted=[iam.AccountRootPrincipal()],
        mfa_max_age=Duration.hours(1),
        alarm_topic=topic,
    )
    role_id = _ids(stack, made)["BreakGlass"]

    (rule,) = testing.resources(testing.template(stack), "AWS::Events::Rule").values()

    detail = rule["Properties"]["EventPattern"]["detail"]
    assert detail["eventName"] == ["AssumeRole"]
    assert detail["requestParameters"]["roleArn"] == [{"Fn::GetAtt": [role_id, "Arn"]}]
    assert len(rule["Properties"]["Targets"]) == 1


def test_all_faults_are_told_at_once() -> None:
    """Nobody trusted and an age out of range are one message with both."""
    with pytest.raises(AccessError) as error:
        AccessControl(testing.stack(), "Access", trusted=[], mfa_max_age=Duration.days(2))

    assert str(error.value) == (
        "trusted is empty: name the accounts, users or roles whose people may take on the roles; "
        "mfa_max_age is 2880 minutes: choose 5 minutes to 12 hours"
    )


def test_everyone_is_not_trusted() -> None:
    """The principal * is refused, whatever the conditions would be."""
    with pytest.raises(AccessError, match="trusted holds everyone"):
        AccessControl(testing.stack(), "Access", trusted=[iam.AnyPrincipal()], mfa_max_age=Duration.hours(1))
