"""The handlers of both gates against stubbed S3."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.response import StreamingBody
from botocore.stub import ANY, Stubber
from gate_fakes import APPROVAL, RUN, lines, records

from genai_layers.runtime.data_gate import handler as data_gate
from genai_layers.runtime.model_gate import handler as model_gate

TRAIN, HELD = lines(list(records(30))), lines(list(records(6, start=500)))


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """A stubbed client in both handlers."""
    client = boto3.client("s3", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
    for module in (data_gate, model_gate):
        module._settings.cache_clear()
        monkeypatch.setattr(module, "_client", lambda: client)
    with Stubber(client) as stubbed:
        yield stubbed
        stubbed.assert_no_pending_responses()


def body(content: bytes, version: str = "v1") -> dict[str, Any]:
    """What GetObject answers."""
    return {"Body": StreamingBody(io.BytesIO(content), len(content)), "VersionId": version}


def listing(**files: bytes) -> dict[str, Any]:
    """What ListObjectsV2 answers."""
    return {"Contents": [{"Key": key, "Size": len(content), "ETag": '"e"'} for key, content in files.items()]}


def test_the_data_gate_reads_checks_copies_and_reports(s3: Stubber, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each version that was read is the one that is copied."""
    for name, value in {
        "RULES": json.dumps({"min_train_records": 20, "min_held_out_records": 5}),
        "BASE_MODEL": json.dumps({"identity": "tiny", "bucket": "models", "prefix": "tiny/"}),
        "DATA_BUCKET": "data",
        "OUTPUT_BUCKET": "out",
        "INCOMING": "incoming/",
        "APPROVED": "approved/",
        "RUNS": "runs/",
    }.items():
        monkeypatch.setenv(name, value)
    files = {"train/a.jsonl": TRAIN, "held_out/a.jsonl": HELD}
    approval = {"files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}}
    folder = "incoming/tickets/"
    s3.add_response("get_object", body(json.dumps(approval).encode()), {"Bucket": "data", "Key": APPROVAL})
    s3.add_response(
        "list_objects_v2",
        listing(**{APPROVAL: b"x", **{f"{folder}{name}": content for name, content in files.items()}}),
        {"Bucket": "data", "Prefix": folder},
    )
    for name, content in files.items():
        s3.add_response("get_object", body(content, f"of {name}"), {"Bucket": "data", "Key": f"{folder}{name}"})
    s3.add_response("list_objects_v2", listing(**{"tiny/m": b"w"}), {"Bucket": "models", "Prefix": "tiny/"})
    for name in files:
        source = {"Bucket": "data", "Key": f"{folder}{name}", "VersionId": f"of {name}"}
        s3.add_response("copy_object", {}, {"Bucket": "data", "Key": f"approved/{RUN}/{name}", "CopySource": source})
    s3.add_response(
        "put_object",
        {},
        {"Bucket": "out", "Key": f"runs/{RUN}/data-report.json", "Body": ANY, "ContentType": "application/json"},
    )

    assert data_gate.handler({"run": RUN, "manifest": APPROVAL}, None)["passed"] is True


def test_the_model_gate_reads_the_evaluation_and_writes_the_judgement(
    s3: Stubber, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The card comes back for the registry."""
    monkeypatch.setenv("STANDARDS", json.dumps([{"metric": "accuracy", "least": 0.8}]))
    facts = ("creator", "purpose", "uses", "limits", "risk", "risk_reason")
    monkeypatch.setenv("CARD", json.dumps(dict.fromkeys(facts, "said")))
    measured = {"records": 6, "base": {"accuracy": 0.7}, "tuned": {"accuracy": 0.9}}
    s3.add_response("get_object", body(json.dumps(measured).encode()), {"Bucket": "out", "Key": "e/evaluation.json"})
    s3.add_response("list_objects_v2", listing(**{"m/w": b"w"}), {"Bucket": "out", "Prefix": "m/"})
    s3.add_response(
        "put_object",
        {},
        {"Bucket": "out", "Key": "runs/x/judgement.json", "Body": ANY, "ContentType": "application/json"},
    )

    answer = model_gate.handler(
        {
            "run": RUN,
            "bucket": "out",
            "folder": "runs/x/",
            "evaluation_folder": "s3://out/e",
            "artifacts": "s3://out/m",
            "records": 6,
            "lineage": {"base_model": "tiny", "method": "lora"},
        },
        None,
    )

    assert (answer["passed"], answer["approval"]) == (True, "PendingManualApproval")
    assert json.loads(answer["card"])["model_overview"]["model_artifact"] == ["s3://out/m/"]
