"""Each person may do what the work needs, and no more."""

import pytest

from genai_layers import testing
from genai_layers.testing import ACCOUNT
from tests.unit.foundation.access import GUARDED, NOVA, TITAN_EMBED, Access, access_of, allowed

pytestmark = [pytest.mark.synth, pytest.mark.tool]


@pytest.fixture(scope="module")
def access() -> Access:
    """Roles that trust the account, with a second factor of at most an hour ago."""
    return access_of()


def test_a_session_works_though_it_carries_no_sign_of_the_factor(access: Access) -> None:
    """
    Requests of a role session have no `aws:MultiFactorAuthPresent`.

    A denial for its absence in a role's own policies would therefore stop every session.
    """
    logs = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:app"

    assert (
        allowed(
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
        assert allowed(
            access.doing(role, "bedrock:InvokeModel", NOVA),
            access.doing(role, "bedrock:InvokeModelWithResponseStream", NOVA),
            access.doing(role, "bedrock:InvokeModel", NOVA, **GUARDED),
            access.doing(role, "bedrock:InvokeModel", TITAN_EMBED),
        ) == [False, False, True, True]


def test_an_operator_runs_things_and_changes_none(access: Access) -> None:
    """Starting and stopping is allowed; data, secrets and configuration are not."""
    machine = f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:ingest"

    assert allowed(
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
    assert allowed(
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

    assert allowed(
        *(access.doing("DataScientist", "sagemaker:CreateTrainingJob", job, **attempt) for attempt in attempts)
    ) == [True, False, False, False]


def test_a_job_gets_roles_of_the_app_only(access: Access) -> None:
    """A data scientist cannot hand a job the role of an administrator, or hand a role to another service."""
    ours, other = (f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("genai-layers/Job", "Admin"))

    assert allowed(
        access.doing("DataScientist", "iam:PassRole", ours, iam__PassedToService="sagemaker.amazonaws.com"),
        access.doing("DataScientist", "iam:PassRole", other, iam__PassedToService="sagemaker.amazonaws.com"),
        access.doing("DataScientist", "iam:PassRole", ours, iam__PassedToService="lambda.amazonaws.com"),
    ) == [True, False, False]


def test_keys_open_to_a_data_scientist_through_s3_alone(access: Access) -> None:
    """What a bucket shares can be read; a ciphertext from anywhere else cannot."""
    key = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"

    assert allowed(
        access.doing("DataScientist", "kms:Decrypt", key, kms__ViaService="s3.us-east-1.amazonaws.com"),
        access.doing("DataScientist", "kms:Decrypt", key, kms__ViaService="secretsmanager.us-east-1.amazonaws.com"),
        access.doing("DataScientist", "kms:Decrypt", key),
    ) == [True, False, False]


def test_only_data_scientists_open_studio_and_only_what_carries_the_tags() -> None:
    """The page and a space from an editor alike; the role itself asked for the second factor."""
    access = access_of(resource_tags={"environment": "dev"})
    profile = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:user-profile/d-1/ann"
    space = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:space/d-1/notes"
    ours = {"aws__ResourceAccount": ACCOUNT, "aws__ResourceTag/environment": "dev"}
    page, session = "sagemaker:CreatePresignedDomainUrl", "sagemaker:StartSession"

    requests = [
        access.doing("DataScientist", page, profile, **ours),
        access.doing("DataScientist", session, space, **ours),
        access.doing("DataScientist", page, profile, aws__ResourceAccount=ACCOUNT),
        access.doing("Operator", page, profile, **ours),
        access.doing("Auditor", session, space, **ours),
    ]

    assert allowed(*requests) == [True, True, False, False, False]


def test_break_glass_is_short_and_bounded(access: Access) -> None:
    """An hour at most, and nothing beyond the boundary."""
    roles = testing.resources(access.template, "AWS::IAM::Role")
    sessions = {name: roles[each]["Properties"]["MaxSessionDuration"] for name, each in access.ids.items()}

    assert sessions["BreakGlass"] == 3600
    assert all(seconds <= 8 * 3600 for seconds in sessions.values())
    assert allowed(
        access.doing("BreakGlass", "iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/mallory"),
        access.doing("BreakGlass", "organizations:LeaveOrganization", "*"),
    ) == [False, False]


def test_tags_narrow_what_an_operator_acts_on() -> None:
    """With tags, an operator of one environment leaves the others alone."""
    access = access_of(resource_tags={"environment": "prod"})
    machine = f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:ingest"

    assert allowed(
        access.doing("Operator", "states:StartExecution", machine, **{"aws__ResourceTag/environment": "prod"}),
        access.doing("Operator", "states:StartExecution", machine, **{"aws__ResourceTag/environment": "dev"}),
        access.doing("Operator", "states:StartExecution", machine),
    ) == [True, False, False]


def test_nobody_asks_a_function_in_the_name_of_another(access: Access) -> None:
    """Whoever invokes the chat's function says who asks, and could read the conversations of anybody."""
    function = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:chat"

    people = ("Operator", "DataScientist", "Auditor")

    assert allowed(*(access.doing(each, "lambda:InvokeFunction", function) for each in people)) == [False] * 3
