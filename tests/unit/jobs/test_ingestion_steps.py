"""The steps of an ingestion: what it waits for, how it fails, and that its definition is one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from aws_cdk import aws_iam as iam

from genai_layers import testing
from genai_layers.jobs import IngestionJob

pytestmark = pytest.mark.synth


def lint(definition, folder: Path) -> str:
    """Return what statelint says of a definition; nothing when it is right."""
    file = folder / "definition.json"
    file.write_text(json.dumps(definition), encoding="utf-8")
    program = Path(sys.executable).with_name("statelint")
    return subprocess.run([str(program), str(file)], capture_output=True, text=True, check=False).stdout


@pytest.fixture(scope="module")
def template(knowledge):
    """Return a template with one ingestion and an operator who may start it."""
    stack = testing.stack()
    base, key = knowledge(stack)
    job = IngestionJob(stack, "Ingestion", knowledge_base=base, key=key.key)
    job.grant_start(iam.Role(stack, "Operator", assumed_by=iam.AccountRootPrincipal()))
    return testing.template(stack)


@pytest.mark.parametrize("machine", ["IngestionIngest", "IngestionRequest"])
def test_definitions_are_valid_state_machines(template, definition, machine, tmp_path):
    """Every state is reached, every path ends, and every expression parses."""
    assert lint(definition(template, machine), tmp_path) == ""


def test_a_broken_definition_would_be_found(template, definition, tmp_path):
    """The check above is not blind: a transition to nowhere is reported."""
    broken = definition(template, "IngestionIngest")
    broken["States"]["Look"]["Next"] = "Nowhere"

    assert "Nowhere" in lint(broken, tmp_path)


def test_a_job_is_awaited_until_it_ends(template, definition):
    """The job is looked at again and again, and only its own end ends the execution."""
    states = definition(template, "IngestionIngest")["States"]
    decide = states["Decide"]

    assert (states["Start"]["Next"], states["Give it time"]["Next"], states["Look"]["Next"]) == (
        "Give it time",
        "Look",
        "Decide",
    )
    assert decide["Default"] == "Give it time"
    assert {choice["Next"] for choice in decide["Choices"]} == {"Documents failed", "Ingested", "Job failed"}


def test_every_end_of_a_job_that_is_none_of_success_fails_the_execution(template, definition):
    """A job that somebody stopped would otherwise be looked at until the execution runs out of time."""
    choices = definition(template, "IngestionIngest")["States"]["Decide"]["Choices"]
    (ended,) = (choice for choice in choices if choice["Next"] == "Job failed")

    assert {test["StringEquals"] for test in ended["Or"]} == {"FAILED", "STOPPED"}


def test_one_failed_document_fails_the_execution_with_its_reasons(template, definition):
    """A job that completes with failures is no success; the cause is the whole job, counts and reasons included."""
    states = definition(template, "IngestionIngest")["States"]
    first = states["Decide"]["Choices"][0]

    assert first["Next"] == "Documents failed"
    assert {"Variable": "$.job.IngestionJob.Statistics.NumberOfDocumentsFailed", "NumericGreaterThan": 0} in first[
        "And"
    ]
    assert states["Documents failed"]["CausePath"] == "States.JsonToString($.job.IngestionJob)"
    assert states["Ingested"]["OutputPath"] == "$.job.IngestionJob"


def test_an_execution_steps_aside_while_another_job_runs(template, definition):
    """One job at a time per data source: a conflict waits, and ends once a newer job has read the documents."""
    states = definition(template, "IngestionIngest")["States"]
    (caught,) = states["Start"]["Catch"]

    # The account as a whole takes five jobs; that is told by the quota, not by a conflict.
    assert set(caught["ErrorEquals"]) == {
        "BedrockAgent.ConflictException",
        "BedrockAgent.ServiceQuotaExceededException",
    }
    assert caught["Next"] == "Step aside"
    assert states["Newer job"]["Default"] == "Start"
    assert states["Newer job"]["Choices"][0]["Next"] == "Covered"


def test_a_lost_answer_does_not_start_a_second_job(template, definition):
    """The token is the same for every try of an execution."""
    token = definition(template, "IngestionIngest")["States"]["Start"]["Parameters"]["ClientToken.$"]

    assert token == "States.Hash($$.Execution.Id, 'SHA-256')"


def test_throttles_are_retried_with_jitter(template, definition):
    """StartIngestionJob takes one call in ten seconds, so many executions must not come back together."""
    states = definition(template, "IngestionIngest")["States"]

    for name in ("Start", "Look", "Look for a newer job"):
        (retry,) = states[name]["Retry"]
        assert "BedrockAgent.ThrottlingException" in retry["ErrorEquals"]
        assert retry["JitterStrategy"] == "FULL"


def test_uploads_of_a_minute_share_one_execution_that_waits_the_minute_out(template, definition):
    """The name holds the minute of the upload and can be used once; the wait is longer than the minute."""
    request = definition(template, "IngestionRequest")["States"]["Ask"]
    ingest = definition(template, "IngestionIngest")["States"]

    assert request["Parameters"]["Name.$"].startswith("States.Format('upload-{}-{}'")
    assert request["Catch"][0]["Next"] == "Asked already"
    assert json.loads(request["Parameters"]["Input"]) == {"upload": True}
    assert ingest["Begin"]["Choices"][0]["Next"] == "Wait for more"
    assert ingest["Wait for more"]["Seconds"] > 60
