"""Ingestion: when it starts, what it waits for, how it fails, and what it may touch."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from genai_layers import testing
from genai_layers.foundation.nag import attach_checks
from genai_layers.jobs import IIngestible, IngestionError, IngestionJob
from genai_layers.testing.policy import Request, evaluate

pytestmark = pytest.mark.synth

KEY = "arn:aws:kms:us-east-1:111122223333:key/one"
KB = "arn:aws:bedrock:us-east-1:111122223333:knowledge-base/ABCDEFGHIJ"
MACHINE = "arn:aws:states:us-east-1:111122223333:stateMachine:ingest"
ROLE = "arn:aws:iam::111122223333:role/ingestion"


@pytest.fixture(scope="module")
def template(knowledge):
    """Return a template with one ingestion and an operator who may start it."""
    stack = testing.stack()
    base, key = knowledge(stack)
    job = IngestionJob(stack, "Ingestion", knowledge_base=base, key=key.key)
    job.grant_start(iam.Role(stack, "Operator", assumed_by=iam.AccountRootPrincipal()))
    return testing.template(stack)


@pytest.fixture(scope="module")
def known(template):
    """Return what the references of the template become in a deploy."""
    values = {}
    for logical_id, resource in template["Resources"].items():
        if resource["Type"] == "AWS::KMS::Key":
            values[f"{logical_id}.Arn"] = KEY
        if resource["Type"] == "AWS::Bedrock::KnowledgeBase":
            values[f"{logical_id}.KnowledgeBaseArn"] = KB
        if logical_id.startswith("IngestionIngest") and resource["Type"] == "AWS::StepFunctions::StateMachine":
            values[logical_id] = MACHINE
            values[f"{logical_id}.Name"] = "ingest"
    return values


@pytest.fixture(scope="module")
def ask(template, known, filled):
    """Return a function that asks whether a role of the template may make each of some requests."""

    def asked(role, *requests):
        policies = [
            filled(resource["Properties"]["PolicyDocument"], known)
            for resource in template["Resources"].values()
            if resource["Type"] == "AWS::IAM::Policy" and resource["Properties"]["Roles"][0]["Ref"].startswith(role)
        ]
        ((_, key),) = testing.resources(template, "AWS::KMS::Key").items()
        key_policy = filled(key["Properties"]["KeyPolicy"], known)
        return [
            decision.allowed
            for decision in evaluate(
                [
                    Request(
                        principal=ROLE,
                        action=action,
                        resource=resource,
                        context=context,
                        identity_policies=policies,
                        resource_policy=key_policy if action.startswith("kms:") else None,
                    )
                    for action, resource, context in requests
                ]
            )
        ]

    return asked


def rule(template, start):
    """Return the properties of the rule whose logical id starts as given."""
    (found,) = [one for name, one in testing.resources(template, "AWS::Events::Rule").items() if name.startswith(start)]
    return found["Properties"]


def lint(definition, folder: Path) -> str:
    """Return what statelint says of a definition; nothing when it is right."""
    file = folder / "definition.json"
    file.write_text(json.dumps(definition), encoding="utf-8")
    program = Path(sys.executable).with_name("statelint")
    return subprocess.run([str(program), str(file)], capture_output=True, text=True, check=False).stdout


def test_ingestion_is_clean_under_every_pack(knowledge):
    """Every cdk-nag pack, our own rules and the CloudFormation validator have nothing to say."""
    app = testing.app()
    attach_checks(app)
    stack = testing.stack(app)
    base, key = knowledge(stack, s3.Bucket.from_bucket_name(stack, "AccessLogs", "access-logs"))
    IngestionJob(stack, "Ingestion", knowledge_base=base, key=key.key)

    testing.template(stack)


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

    assert "BedrockAgent.ConflictException" in caught["ErrorEquals"]
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


def test_uploads_and_deletions_of_this_bucket_start_it(template):
    """The rule knows the bucket by name, and deletions count, since their passages must go."""
    pattern = rule(template, "IngestionOnUpload")["EventPattern"]

    assert pattern["source"] == ["aws.s3"]
    assert set(pattern["detail-type"]) == {"Object Created", "Object Deleted"}
    assert pattern["detail"]["bucket"]["name"][0]["Ref"].startswith("KnowledgeDocuments")


def test_a_deploy_that_changes_what_is_ingested_starts_it(template):
    """A replaced data source is empty; the update of the state machine that names it tells that it stands."""
    detail = rule(template, "IngestionOnDeploy")["EventPattern"]["detail"]
    (logical_id,) = detail["logical-resource-id"]

    assert template["Resources"][logical_id]["Type"] == "AWS::StepFunctions::StateMachine"
    assert logical_id.startswith("IngestionIngest")
    assert detail["status-details"]["status"] == ["CREATE_COMPLETE", "UPDATE_COMPLETE"]


def test_it_starts_once_a_day_without_any_event(template):
    """Events can get lost, so the bucket is compared once a day."""
    assert rule(template, "IngestionOnSchedule")["ScheduleExpression"] == "rate(1 day)"


def test_the_machine_may_run_ingestion_of_this_knowledge_base_only(ask):
    """Its three calls are allowed here and nowhere else."""
    other = KB.replace("ABCDEFGHIJ", "ZZZZZZZZZZ")

    assert ask(
        "IngestionIngestRole",
        ("bedrock:StartIngestionJob", KB, {}),
        ("bedrock:GetIngestionJob", KB, {}),
        ("bedrock:ListIngestionJobs", KB, {}),
        ("bedrock:StartIngestionJob", other, {}),
        ("bedrock:DeleteKnowledgeBase", KB, {}),
    ) == [True, True, True, False, False]


def test_the_machine_may_use_the_key_for_its_executions_and_its_logs(ask):
    """Without these two contexts every execution of an encrypted state machine is denied its key."""
    execution = {"kms:EncryptionContext:aws:states:stateMachineArn": MACHINE}
    delivery = {"kms:EncryptionContext:SourceArn": "arn:aws:logs:us-east-1:111122223333:*"}
    other = {"kms:EncryptionContext:aws:states:stateMachineArn": MACHINE.replace("111122223333", "999999999999")}

    assert ask(
        "IngestionIngestRole",
        ("kms:Decrypt", KEY, execution),
        ("kms:GenerateDataKey", KEY, execution),
        ("kms:GenerateDataKey", KEY, delivery),
        ("kms:Decrypt", KEY, other),
        ("kms:Decrypt", KEY, {}),
    ) == [True, True, True, False, False]


def test_an_operator_may_start_it_and_watch_it(ask):
    """Starting, looking and reading the encrypted outcome come together; stopping does not."""
    execution = "arn:aws:states:us-east-1:111122223333:execution:ingest:one"

    assert ask(
        "Operator",
        ("states:StartExecution", MACHINE, {}),
        ("states:DescribeExecution", execution, {}),
        ("kms:Decrypt", KEY, {}),
        ("states:StopExecution", execution, {}),
    ) == [True, True, True, False]


def test_executions_and_logs_are_encrypted_and_everything_is_logged(template):
    """Both state machines are under the key, traced, and log every event to a group of ours."""
    for machine in testing.resources(template, "AWS::StepFunctions::StateMachine").values():
        properties = machine["Properties"]
        assert properties["EncryptionConfiguration"]["Type"] == "CUSTOMER_MANAGED_KMS_KEY"
        assert properties["LoggingConfiguration"]["Level"] == "ALL"
        assert properties["TracingConfiguration"] == {"Enabled": True}
    (group,) = testing.resources(template, "AWS::Logs::LogGroup").values()
    assert "KmsKeyId" in group["Properties"]


def test_names_of_documents_stay_out_of_the_logs_of_the_request(template):
    """An upload event names a document; the machine that sees it logs no data."""
    for name, machine in testing.resources(template, "AWS::StepFunctions::StateMachine").items():
        logged = machine["Properties"]["LoggingConfiguration"]["IncludeExecutionData"]
        assert logged is (not name.startswith("IngestionRequest"))


def test_no_code_runs(template):
    """Every step calls the service itself."""
    assert testing.resources(template, "AWS::Lambda::Function") == {}


def test_times_that_contradict_one_another_are_refused_together(knowledge):
    """Three mistakes are one message."""
    stack = testing.stack()
    base, key = knowledge(stack)

    with pytest.raises(IngestionError) as error:
        IngestionJob(
            stack,
            "Ingestion",
            knowledge_base=base,
            key=key.key,
            poll=Duration.seconds(1),
            timeout=Duration.minutes(1),
            resync=Duration.minutes(5),
        )

    assert len(error.value.faults) == 3
    assert "poll is 1 seconds, allowed are 5 to 300" in str(error.value)


def test_a_knowledge_base_can_be_ingested(knowledge):
    """What the job asks of a knowledge base is what ours has."""
    assert isinstance(knowledge(testing.stack())[0], IIngestible)


def test_failures_and_timeouts_are_metrics_to_alarm_on(knowledge):
    """An alarm on either finds documents that were not read."""
    stack = testing.stack()
    base, key = knowledge(stack)
    job = IngestionJob(stack, "Ingestion", knowledge_base=base, key=key.key)

    assert [metric.metric_name for metric in (job.metric_failed(), job.metric_timed_out(), job.metric_started())] == [
        "ExecutionsFailed",
        "ExecutionsTimedOut",
        "ExecutionsStarted",
    ]
    assert job.metric_request_failed().metric_name == "ExecutionsFailed"
