"""People's roles open only with a fresh second factor."""

from dataclasses import replace

import pytest
from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from genai_layers import testing
from genai_layers.foundation import AccessControl, AccessError, EncryptionKey, KeyUse, SecureBucket
from genai_layers.testing import ACCOUNT, Request
from tests.unit.foundation.access import ASSUME, FRESH, ROLES, Access, access_of, allowed, ids_of

pytestmark = [pytest.mark.synth, pytest.mark.tool]


@pytest.fixture(scope="module")
def access() -> Access:
    """Roles that trust the account, with a second factor of at most an hour ago."""
    return access_of()


def test_a_fresh_second_factor_opens_every_role(access: Access) -> None:
    """Break-glass included, a role opens a minute after the second factor was given."""
    assert allowed(*(access.opening(role, FRESH) for role in ROLES)) == [True] * 4


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
    assert allowed(*(access.opening(role, context) for role in ROLES)) == [False] * 4


def test_the_last_second_counts(access: Access) -> None:
    """A factor given exactly an hour ago still opens a role."""
    assert allowed(access.opening("Operator", {**FRESH, "aws:MultiFactorAuthAge": "3600"})) == [True]


@pytest.mark.parametrize(
    "context",
    [
        pytest.param({}, id="long-lived access key"),
        pytest.param({**FRESH, "aws:MultiFactorAuthPresent": "false"}, id="without it"),
        pytest.param({**FRESH, "aws:MultiFactorAuthAge": "3601"}, id="given too long ago"),
    ],
)
def test_a_trust_policy_that_is_widened_by_mistake_still_asks_for_it(access: Access, context: dict[str, str]) -> None:
    """A statement that someone adds without conditions does not undo the requirement."""
    request = access.opening("BreakGlass", context)
    trust = dict(request.resource_policy or {})
    trust["Statement"] = [
        *trust["Statement"],
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"},
    ]
    widened = replace(request, resource_policy=trust)

    assert allowed(widened) == [False]


@pytest.mark.parametrize(
    "context",
    [
        pytest.param({}, id="long-lived access key"),
        pytest.param({"aws:MultiFactorAuthAge": "60"}, id="an age alone"),
        pytest.param({**FRESH, "aws:MultiFactorAuthPresent": "false"}, id="without it"),
        pytest.param({**FRESH, "aws:MultiFactorAuthAge": "3601"}, id="given too long ago"),
    ],
)
def test_a_trust_policy_that_loses_its_denials_still_asks_for_it(access: Access, context: dict[str, str]) -> None:
    """Each half of the trust policy is enough: the allowance holds its own conditions."""
    request = access.opening("BreakGlass", context)
    trust = dict(request.resource_policy or {})
    trust["Statement"] = [each for each in trust["Statement"] if each["Effect"] == "Allow"]

    assert len(trust["Statement"]) == 1
    assert allowed(replace(request, context=FRESH, resource_policy=trust)) == [True]
    assert allowed(replace(request, resource_policy=trust)) == [False]


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
    role_id = ids_of(stack, made)["BreakGlass"]

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
