"""A deploy that would fail half-way is refused before it starts; AWS is played by moto."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from genai_layers.preflight import blockers
from genai_layers.settings import Settings, load, validate

ENVIRONMENTS = Path(__file__).resolve().parents[3] / "stacks" / "environments"
MOTO_ACCOUNT = "123456789012"
FLEET = {"enabled": True, "plaintext_reason": "nothing leaves this test, so nothing needs to be encrypted"}


@pytest.fixture
def session() -> Iterator[boto3.Session]:
    with mock_aws():
        yield boto3.Session(aws_access_key_id="test", aws_secret_access_key="test")


def settings(**more: object) -> Settings:
    return validate({"environment": "test", "region": "us-east-1", **more}, source="test")


def bootstrap(session: boto3.Session, version: str) -> None:
    session.client("ssm", region_name="us-east-1").put_parameter(
        Name="/cdk-bootstrap/hnb659fds/version", Value=version, Type="String"
    )


def test_a_bootstrapped_account_with_real_settings_has_no_blocker(session: boto3.Session) -> None:
    """Silence means go."""
    bootstrap(session, "28")

    assert blockers(settings(account=MOTO_ACCOUNT), session) == []


def test_the_example_certificate_of_the_committed_files_is_refused(session: boto3.Session) -> None:
    """`make synth ENVIRONMENT=prod` works in a clean clone; `make deploy` needs a real certificate."""
    bootstrap(session, "28")

    (found,) = blockers(load("prod", ENVIRONMENTS, {"inference.min_machines": 0}), session)

    assert "111122223333" in found.what
    assert "stacks/environments/prod.toml" in found.fix


def test_credentials_of_another_account_are_refused(session: boto3.Session) -> None:
    """Both accounts are named."""
    (found,) = blockers(settings(account="999999999999"), session)

    assert MOTO_ACCOUNT in found.what
    assert "999999999999" in found.what


def test_a_region_that_is_not_bootstrapped_is_named(session: boto3.Session) -> None:
    """The command to run stands in the message."""
    (found,) = blockers(settings(), session)

    assert found.fix == f"run cdk bootstrap aws://{MOTO_ACCOUNT}/us-east-1"


def test_an_old_bootstrap_stack_is_refused(session: boto3.Session) -> None:
    """The version found and the version needed are said."""
    bootstrap(session, "3")

    (found,) = blockers(settings(), session)

    assert "version 3, at least 6" in found.what


def test_absent_credentials_are_one_blocker() -> None:
    """Nothing else is asked of an account that cannot be reached."""
    (found,) = blockers(settings(), boto3.Session(aws_access_key_id="", aws_secret_access_key=""))

    assert "no usable AWS credentials" in found.what


def test_a_service_that_does_not_answer_is_a_blocker(session: boto3.Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lost network on the way is said in a sentence, and nothing further is guessed."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")

    (found,) = blockers(settings(), session)

    assert "the bootstrap version of us-east-1 cannot be read" in found.what
    assert "check the network" in found.fix


class DeployedStack:
    """A session in which the inference stack stands already, with some outputs; the rest is played by moto."""

    def __init__(self, session: boto3.Session, **outputs: str) -> None:
        bootstrap(session, "28")
        self._client: Any = session.client
        self._outputs = outputs

    def client(self, name: str, **given: Any) -> Any:
        """Return the client of a service; CloudFormation is this one."""
        return self if name == "cloudformation" else self._client(name, **given)

    def describe_stacks(self, **asked: str) -> dict[str, Any]:
        """Return the one stack that there is."""
        assert asked == {"StackName": "GenAi-test-Inference"}
        return {"Stacks": [{"Outputs": [{"OutputKey": key, "OutputValue": it} for key, it in self._outputs.items()]}]}


def test_a_bucket_that_may_not_be_listed_is_a_blocker(session: boto3.Session) -> None:
    """The bucket, the reason and the permission are named, instead of a traceback."""
    standing: Any = DeployedStack(session, WeightsBucketName="weights-of-another-account")

    (found,) = blockers(settings(inference=FLEET), standing)

    assert "bucket weights-of-another-account cannot be listed" in found.what
    assert found.fix == "allow s3:ListBucket on weights-of-another-account"


def test_a_stack_without_the_output_is_a_blocker(session: boto3.Session) -> None:
    """A stack of that name that is not ours has no bucket to look into."""
    standing: Any = DeployedStack(session, Other="1")

    (found,) = blockers(settings(inference=FLEET), standing)

    assert "outputs no WeightsBucketName" in found.what
