"""Who gets a shell on a machine, with what proof, and where it is kept: by an IAM evaluator on the policies."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from inference_estate import ACCOUNT, Estate, fill, only

from genai_layers import testing
from genai_layers.foundation import AccessControl
from genai_layers.foundation.nag import attach_checks
from genai_layers.inference import FleetError, OperatorSessions
from genai_layers.testing.policy import Request, evaluate

pytestmark = pytest.mark.synth

PERSON = f"arn:aws:sts::{ACCOUNT}:assumed-role/Operator/ana"
MACHINE = f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/i-0123456789abcdef0"
CHECKED = {"ssm:SessionDocumentAccessCheck": "true"}
FRESH = {"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "60"}


def sessions(estate: Estate, **changed) -> OperatorSessions:
    """Return sessions of an operator on a fleet, different in *changed*."""
    estate.network.require(*OperatorSessions.REQUIRED_ENDPOINTS)
    access = AccessControl(
        estate.stack, "Access", trusted=[iam.AccountRootPrincipal()], mfa_max_age=cdk.Duration.hours(1)
    )
    props = {
        "fleet": estate.fleet(),
        "operator": access.operator,
        "key": estate.key.key,
        "log_retention": logs.RetentionDays.ONE_YEAR,
        **changed,
    }
    return OperatorSessions(estate.stack, "Sessions", **props)


@pytest.fixture(scope="module")
def template() -> testing.Template:
    """Return a stack with a fleet and its operator's sessions."""
    estate = Estate()
    sessions(estate)
    return testing.template(estate.stack)


def inputs(template: testing.Template) -> dict:
    """Return what the session document decides."""
    found: dict = only(template, "AWS::SSM::Document")["Content"]["inputs"]
    return found


def policy(template: testing.Template, sid: str) -> dict:
    """Return the policy that has a statement called *sid*."""
    (found,) = [
        fill(made["Properties"]["PolicyDocument"])
        for made in testing.resources(template, "AWS::IAM::Policy").values()
        if f'"{sid}"' in json.dumps(made)
    ]
    return found


def may(template: testing.Template, action: str, resource: str, context: dict[str, str] | None = None) -> bool:
    """Return whether the operator may, by what the sessions add to the role."""
    request = Request(
        principal=PERSON,
        action=action,
        resource=resource,
        context={"aws:userid": "AROAEXAMPLE:ana", **(context or {})},
        identity_policies=[policy(template, "EnterMachines")],
        resource_account=ACCOUNT,
    )
    return evaluate([request])[0].allowed


def tag(template: testing.Template) -> dict[str, str]:
    """Return the tag of the fleet's machines, as a condition sees it."""
    (found,) = [
        item for item in only(template, "AWS::AutoScaling::AutoScalingGroup")["Tags"] if "genai-layers" in item["Key"]
    ]
    assert found["PropagateAtLaunch"] is True
    return {f"ssm:resourceTag/{found['Key']}": found["Value"]}


def test_a_session_is_kept_as_it_happens_and_travels_under_the_key(template):
    """An operator who breaks the connection leaves what was done all the same."""
    found = inputs(template)

    assert found["cloudWatchEncryptionEnabled"] is True
    assert found["cloudWatchStreamingEnabled"] is True
    assert found["kmsKeyId"]["Fn::GetAtt"][0].startswith("Key")
    (group,) = [
        made
        for name, made in testing.resources(template, "AWS::Logs::LogGroup").items()
        if name == found["cloudWatchLogGroupName"]["Ref"]
    ]
    assert group["Properties"]["RetentionInDays"] == 365
    assert "KmsKeyId" in group["Properties"]
    assert (found["idleSessionTimeout"], found["maxSessionDuration"]) == ("15", "60")


def test_the_role_that_may_opens_with_a_fresh_second_factor_only(template):
    """Nobody else is named by the sessions, so this is the only door."""
    (enter,) = [
        made["Properties"]["Roles"]
        for made in testing.resources(template, "AWS::IAM::Policy").values()
        if "EnterMachines" in json.dumps(made)
    ]
    role = testing.resources(template, "AWS::IAM::Role")[enter[0]["Ref"]]["Properties"]

    answers = evaluate(
        [
            Request(
                principal=f"arn:aws:iam::{ACCOUNT}:user/ana",
                action="sts:AssumeRole",
                resource=f"arn:aws:iam::{ACCOUNT}:role/Operator",
                context=context,
                identity_policies=[
                    {
                        "Version": "2012-10-17",
                        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}],
                    }
                ],
                resource_policy=fill(role["AssumeRolePolicyDocument"]),
                resource_account=ACCOUNT,
            )
            for context in (FRESH, {}, {"aws:MultiFactorAuthPresent": "false"})
        ]
    )

    assert [answer.allowed for answer in answers] == [True, False, False]


def test_the_operator_enters_machines_of_this_fleet_with_this_document_only(template):
    """A document of another name keeps nothing, so Session Manager is told to check that too."""
    (name,) = testing.resources(template, "AWS::SSM::Document")
    document = f"arn:aws:ssm:us-east-1:{ACCOUNT}:document/ref-{name}"
    tagged = tag(template)

    assert may(template, "ssm:StartSession", MACHINE, {**tagged, **CHECKED})
    assert may(template, "ssm:StartSession", document)
    assert not may(template, "ssm:StartSession", MACHINE, CHECKED)
    assert not may(template, "ssm:StartSession", MACHINE, {next(iter(tagged)): "another fleet", **CHECKED})
    assert not may(template, "ssm:StartSession", MACHINE, {**tagged, "ssm:SessionDocumentAccessCheck": "false"})
    assert not may(template, "ssm:StartSession", f"arn:aws:ssm:us-east-1:{ACCOUNT}:document/SSM-SessionManagerRunShell")
    assert not may(template, "ssm:SendCommand", MACHINE, tagged)


def test_a_session_of_somebody_else_stays_theirs(template):
    """Neither watched nor ended, nor taken over."""
    session = f"arn:aws:ssm:us-east-1:{ACCOUNT}:session"

    for action in ("ssm:TerminateSession", "ssm:ResumeSession"):
        assert may(template, action, f"{session}/AROAEXAMPLE:ana-0123")
        assert not may(template, action, f"{session}/AROAEXAMPLE:ben-0123")
    # The evaluator's tables know no resource for the channel of a session; the statement is the same one.
    (own,) = [made for made in policy(template, "OwnSessions")["Statement"] if made["Sid"] == "OwnSessions"]
    assert "ssmmessages:OpenDataChannel" in own["Action"]
    assert own["Resource"].endswith(":session/${aws:userid}-*")


def test_a_fleet_without_sessions_lets_nobody_in(templates):
    """No document, no channel, no tag."""
    plain = templates["plain"]

    assert testing.resources(plain, "AWS::SSM::Document") == {}
    assert "ssmmessages" not in json.dumps(plain)
    assert "genai-layers:sessions" not in json.dumps(plain)


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"max_duration": cdk.Duration.hours(25)}, "max_duration is 90000 seconds: choose 1 to 1440 whole minutes"),
        ({"idle_timeout": cdk.Duration.seconds(90)}, "idle_timeout is 90 seconds: choose 1 to 60 whole minutes"),
    ],
)
def test_durations_that_session_manager_refuses_are_refused_here(estate, changed, complaint):
    """With what it takes."""
    with pytest.raises(FleetError, match=complaint):
        sessions(estate, **changed)


def test_no_check_has_a_finding_on_sessions():
    """Under all packs and our own; what is accepted is accepted beside its resource."""
    app = testing.app()
    attach_checks(app)
    sessions(Estate(app))
    with contextlib.suppress(RuntimeError):
        app.synth()
    report = json.loads((Path(app.outdir) / "validation-report.json").read_text(encoding="utf-8"))

    found = [
        (place["constructPath"], violation["ruleName"])
        for plugin in report["pluginReports"]
        for violation in plugin.get("violations", [])
        for place in violation["violatingConstructs"]
        if "/Sessions/" in place["constructPath"]
    ]
    assert found == []
