"""Ingestion: when it starts, and what it may touch."""

from __future__ import annotations

import pytest
from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from genai_layers import testing
from genai_layers.foundation import WorkloadRole
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


def test_ingestion_is_clean_under_every_pack(knowledge):
    """Every cdk-nag pack, our own rules and the CloudFormation validator have nothing to say."""
    app = testing.app()
    attach_checks(app)
    stack = testing.stack(app)
    base, key = knowledge(stack, s3.Bucket.from_bucket_name(stack, "AccessLogs", "access-logs"))
    starter = iam.ServicePrincipal("lambda.amazonaws.com")
    operator = WorkloadRole(stack, "Operator", assumed_by=starter, description="starts ingestions")
    IngestionJob(stack, "Ingestion", knowledge_base=base, key=key.key).grant_start(operator)

    testing.template(stack)


def test_only_state_machines_of_this_account_take_the_roles_on(template):
    """Step Functions serves every account; without the source it could be sent by a machine of somebody else."""
    trusts = [
        role["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]
        for role in testing.resources(template, "AWS::IAM::Role").values()
    ]
    conditions = [each["Condition"] for each in trusts if each["Principal"] == {"Service": "states.amazonaws.com"}]

    assert len(conditions) == 2
    for condition in conditions:
        assert condition["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        assert str(condition["ArnLike"]["aws:SourceArn"]).endswith(":states:us-east-1:111122223333:stateMachine:*")


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
