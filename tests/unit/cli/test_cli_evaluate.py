"""`genai-layers evaluate` puts the set that was deployed, waits, and ends as a pipeline needs it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from genai_layers.cli import evaluate as command
from genai_layers.cli.main import app

CONTENT = b'{"question": "x", "sources": ["y"]}\n'
SUMMARY = {
    "passed": True,
    "cases": 1,
    "measures": {"retrieval_hit_rate": 1.0, "groundedness": None, "usd": 0.0001},
    "below": [],
    "wrong": [],
    "report": "s3://evaluations/reports/run.json",
}
POOR = {**SUMMARY, "passed": False, "below": ["refusals is 0, at least 1 is wanted"], "wrong": ["case 1: lacks 'x'"]}


class Account:
    """What the command asks, with one stack and one run."""

    def __init__(self, ended: dict[str, Any], **outputs: str) -> None:
        self.ended = [{"status": "RUNNING"}, ended]
        self.outputs = outputs or {
            "EvaluationStateMachineArn": "arn:machine",
            "EvaluationBucketName": "evaluations",
            "EvaluationGoldenSet": f"golden-sets/{hashlib.sha256(CONTENT).hexdigest()}.jsonl",
        }
        self.put: list[dict[str, Any]] = []

    def client(self, _service: str) -> Account:
        return self

    def describe_stacks(self, **_: str) -> dict[str, Any]:
        return {"Stacks": [{"Outputs": [{"OutputKey": k, "OutputValue": v} for k, v in self.outputs.items()]}]}

    def put_object(self, **request: Any) -> None:
        self.put.append(request)

    def start_execution(self, **_: str) -> dict[str, str]:
        return {"executionArn": "arn:run"}

    def describe_execution(self, **_: str) -> dict[str, Any]:
        return self.ended.pop(0)


def _run(account: Account, folder: Path, monkeypatch: pytest.MonkeyPatch, *more: str) -> Any:
    (folder / "try.toml").write_text(
        'region = "us-east-1"\n[application.evaluation]\ngolden_set = "set.jsonl"\n', encoding="utf-8"
    )
    (folder / "set.jsonl").write_bytes(CONTENT)
    monkeypatch.setattr(command.boto3, "Session", lambda **_: account)
    monkeypatch.setattr(command.time, "sleep", lambda _: None)
    given = ["evaluate", "-e", "try", "--directory", str(folder), "--root", str(folder), *more]
    return CliRunner().invoke(app, given)


def test_good_answers_end_with_0_and_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The set is put where the deploy expects it; what was not measured says so."""
    account = Account({"status": "SUCCEEDED", "output": json.dumps(SUMMARY)})

    result = _run(account, tmp_path, monkeypatch)

    assert result.exit_code == 0, result.output
    assert account.put == [{"Bucket": "evaluations", "Key": account.outputs["EvaluationGoldenSet"], "Body": CONTENT}]
    for text in ("1 questions asked of try", "retrieval hit rate", "not measured", "reports/run.json", "good enough"):
        assert text in result.output


def test_poor_answers_end_with_1_and_say_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a pipeline stops."""
    ended = {"status": "FAILED", "error": "EvaluationBelowThreshold", "cause": json.dumps(POOR)}

    result = _run(Account(ended), tmp_path, monkeypatch)

    assert result.exit_code == 1
    for text in ("refusals is 0, at least 1 is wanted", "case 1: lacks 'x'", "not good enough"):
        assert text in result.output


def test_json_is_for_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The summary as it is."""
    result = _run(Account({"status": "SUCCEEDED", "output": json.dumps(SUMMARY)}), tmp_path, monkeypatch, "--json")

    assert json.loads(result.output) == SUMMARY


@pytest.mark.parametrize(
    ("account", "fault"),
    [
        (Account({"status": "FAILED", "error": "States.Timeout"}), "the run ended with FAILED: States.Timeout"),
        (Account({}, ApiUrl="x"), "has no output EvaluationStateMachineArn"),
        (
            Account({}, EvaluationStateMachineArn="a", EvaluationBucketName="b", EvaluationGoldenSet="golden-sets/0"),
            "is not the golden set that was deployed: deploy first",
        ),
    ],
)
def test_what_was_not_measured_ends_with_2(
    account: Account, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which is neither good nor bad."""
    result = _run(account, tmp_path, monkeypatch)

    assert result.exit_code == 2
    assert fault in " ".join(result.output.split())
