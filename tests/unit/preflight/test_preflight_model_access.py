"""Which models are not granted, and where to ask; Bedrock is played by a stand-in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer
from botocore.exceptions import ClientError, NoCredentialsError
from typer.testing import CliRunner

from genai_layers.cli import doctor as command
from genai_layers.preflight.model_access import foundation_model, models_of, standings
from genai_layers.settings import validate

NOVA = "amazon.nova-lite-v1:0"
CLAUDE = "anthropic.claude-haiku-4-5-20251001-v1:0"
ENVIRONMENTS = Path(__file__).resolve().parents[3] / "stacks" / "environments"


def refused(code: str) -> ClientError:
    """An answer of the service that is an error."""
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "Operation")


class Account:
    """A session whose one client is Bedrock, and who answers as told."""

    def __init__(self, fault: Exception | None = None, has_form: bool = True, **told: Any) -> None:
        self.fault, self.has_form, self.told = fault, has_form, told

    def client(self, service: str, region_name: str) -> Account:
        assert (service, region_name) == ("bedrock", "us-east-1")
        return self

    def get_foundation_model_availability(self, modelId: str) -> dict[str, Any]:  # noqa: N803
        if self.fault is not None:
            raise self.fault
        return {
            "modelId": modelId,
            "agreementAvailability": {"status": "AVAILABLE"},
            "authorizationStatus": "AUTHORIZED",
            "entitlementAvailability": "AVAILABLE",
            "regionAvailability": "AVAILABLE",
            **self.told,
        }

    def get_use_case_for_model_access(self) -> dict[str, Any]:
        if not self.has_form:
            raise refused("ResourceNotFoundException")
        return {"formData": b"{}"}


def blockers(account: Account, model: str = NOVA) -> list[str]:
    (standing,) = standings([model], "us-east-1", account)  # type: ignore[arg-type]
    assert standing.is_granted is (not standing.blockers)
    return [str(blocker) for blocker in standing.blockers]


def test_a_granted_model_has_no_blocker() -> None:
    """Silence means go."""
    assert blockers(Account()) == []


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"regionAvailability": "NOT_AVAILABLE"}, "is not offered in us-east-1: choose a region"),
        ({"authorizationStatus": "NOT_AUTHORIZED"}, "ask whoever administers the organization"),
        ({"agreementAvailability": {"status": "NOT_AVAILABLE"}}, "start the ModelAccess job"),
        ({"agreementAvailability": {"status": "PENDING"}}, "wait some minutes"),
        ({"agreementAvailability": {"status": "ERROR", "errorMessage": "no card"}}, "failed (no card)"),
        ({"entitlementAvailability": "NOT_AVAILABLE"}, "ask AWS Support"),
    ],
)
def test_each_way_not_to_be_granted_says_where_to_ask(told: dict[str, Any], words: str) -> None:
    """The model is named, and whoever can help."""
    (found,) = blockers(Account(**told))

    assert NOVA in found
    assert words in found


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (refused("ResourceNotFoundException"), "knows no model"),
        (refused("AccessDeniedException"), "allow bedrock:GetFoundationModelAvailability"),
        (refused("ThrottlingException"), "does not answer"),
        (NoCredentialsError(), "check credentials and network"),
    ],
)
def test_a_question_without_an_answer_is_a_blocker(fault: Exception, words: str) -> None:
    """What is not known to be granted is not taken for granted."""
    (found,) = blockers(Account(fault=fault))

    assert words in found


def test_the_form_is_asked_for_where_a_provider_wants_it() -> None:
    """Once an account, and for its models only."""
    account = Account(has_form=False)

    assert blockers(account) == []
    assert "has not told Anthropic its use case" in blockers(account, CLAUDE)[0]
    assert blockers(Account(), CLAUDE) == []


def test_the_models_of_an_environment_are_asked_about_without_their_geography() -> None:
    """Agreements are about models, not about profiles; an ARN is a model of the account's own."""
    made = validate({"environment": "test", "region": "eu-west-1", "platform": {"model": f"eu.{NOVA}"}}, source="test")

    assert models_of(made)[0] == NOVA
    assert foundation_model(CLAUDE) == CLAUDE


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that runs the command against an account."""
    app = typer.Typer()
    app.command()(command.doctor)

    def ran(account: Account, *arguments: str) -> Any:
        monkeypatch.setattr(command.boto3, "Session", lambda: account)
        return CliRunner().invoke(app, ["-e", "local", "--directory", str(ENVIRONMENTS), *arguments])

    return ran


def test_the_command_exits_0_when_every_model_is_granted(run: Any) -> None:
    """Each model is named."""
    result = run(Account(), "-m", f"us.{CLAUDE}")

    assert result.exit_code == 0
    assert f"{CLAUDE} is granted in us-east-1" in result.output


def test_the_command_exits_2_when_one_is_not(run: Any) -> None:
    """A pipeline stops before it deploys what cannot answer."""
    result = run(Account(agreementAvailability={"status": "NOT_AVAILABLE"}))

    assert result.exit_code == 2
    assert "nobody has agreed to the terms" in result.output


def test_the_command_exits_2_for_an_environment_that_is_not_there(run: Any) -> None:
    """The message names what there is."""
    assert run(Account(), "-e", "nowhere").exit_code == 2
