"""What stands after a destroy is told apart: what has its stack, what goes by itself, what stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import botocore.session
import pytest
from botocore.stub import Stubber
from typer.testing import CliRunner

from genai_layers.cli import leftovers as command
from genai_layers.cli.main import app
from genai_layers.preflight.leftovers import ENVIRONMENT_TAG, leftovers
from stacks import environment_stack

STACKS = "arn:aws:cloudformation:us-east-1:111122223333:stack/"
GONE, THERE = f"{STACKS}GenAi-dev-Security/1", f"{STACKS}GenAi-dev-Platform/2"
KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TABLE = "arn:aws:dynamodb:us-east-1:111122223333:table/conversations"
BUCKET = "arn:aws:s3:::documents"


def _tagged(arn: str, stack: str, part: str) -> dict[str, Any]:
    tags = {ENVIRONMENT_TAG: "dev", "genai-layers:stack": part, "aws:cloudformation:stack-id": stack}
    return {"ResourceARN": arn, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


@pytest.fixture
def clients() -> Iterator[dict[str, Any]]:
    """Real clients with stubbed answers: a stack that is gone with a key and a table, and one that stands."""
    session = botocore.session.get_session()
    services = ("resourcegroupstaggingapi", "cloudformation", "kms")
    made = {
        name: session.create_client(name, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
        for name in services
    }
    with ExitStack() as stack:
        tagging, cloudformation, kms = (stack.enter_context(Stubber(made[name])) for name in services)
        resources = [
            _tagged(TABLE, GONE, "security"),
            _tagged(KEY, GONE, "security"),
            _tagged(BUCKET, THERE, "platform"),
        ]
        tagging.add_response(
            "get_resources",
            {"ResourceTagMappingList": resources, "PaginationToken": ""},
            {"TagFilters": [{"Key": ENVIRONMENT_TAG, "Values": ["dev"]}]},
        )
        standing = {
            "StackName": "p",
            "CreationTime": datetime(2026, 1, 1, tzinfo=UTC),
            "StackStatus": "CREATE_COMPLETE",
        }
        cloudformation.add_response("describe_stacks", {"Stacks": [standing]}, {"StackName": THERE})
        cloudformation.add_client_error("describe_stacks", "ValidationError", "does not exist")
        goes_at = datetime(2026, 12, 24, tzinfo=UTC)
        kms.add_response(
            "describe_key", {"KeyMetadata": {"KeyId": "1", "KeyState": "PendingDeletion", "DeletionDate": goes_at}}
        )
        yield made


def test_only_what_nobody_takes_away_stays(clients: dict[str, Any]) -> None:
    """A bucket goes with its stack, a key at its time; a table stays until somebody deletes it."""
    found = {one.arn: one for one in leftovers("dev", clients.__getitem__)}

    assert [arn for arn, one in found.items() if one.stays] == [TABLE]
    assert found[BUCKET].is_of_a_living_stack
    assert found[KEY].goes_at == datetime(2026, 12, 24, tzinfo=UTC)
    assert found[TABLE].stack == "security"


def test_the_app_puts_the_tag_on_its_stacks() -> None:
    """Both sides name the same tag."""
    assert environment_stack.ENVIRONMENT_TAG == ENVIRONMENT_TAG


@pytest.mark.parametrize(("options", "code"), [([], 0), (["--fail"], 1)])
def test_a_pipeline_can_fail_on_what_stays(
    options: list[str], code: int, clients: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every resource is a line, with what becomes of it; the end says how many and why."""

    class Session:
        def client(self, name: str, *, region_name: str) -> Any:
            assert region_name == "us-east-1"
            return clients[name]

    monkeypatch.setattr(command.boto3, "Session", Session)

    result = CliRunner().invoke(app, ["leftovers", "-e", "dev", *options])

    assert result.exit_code == code
    assert "stays            security" in result.output
    assert "goes at 2026-12-24 security" in result.output
    assert "1 stay, 1 go by themselves, 1 have a stack" in result.output
