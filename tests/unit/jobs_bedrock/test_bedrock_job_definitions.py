"""Every definition: valid, awaited, retried, traced, and right by the model of each service."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import sdk_model

from genai_layers import testing

pytestmark = pytest.mark.synth

CUSTOMIZATIONS = ("Tuning", "Reading", "Distilling", "Reinforcing")
EVALUATIONS = ("Judged", "Computed", "Given", "Passages", "Answers")
AWAITED = ("Import", *CUSTOMIZATIONS, *EVALUATIONS, "Batch")
JOBS = (*AWAITED, "Access")


def tasks(scope):
    """Every task of a definition, those within a map included."""
    for name, state in scope["States"].items():
        if state["Type"] == "Task":
            yield name, state
        if state["Type"] == "Map":
            yield from tasks(state["ItemProcessor"])


def test_every_job_is_clean_under_every_check(checked):
    """Four cdk-nag packs, our own rules and the CloudFormation validator have nothing to say."""
    assert len(testing.resources(checked, "AWS::StepFunctions::StateMachine")) == len(JOBS)


@pytest.mark.tool
def test_the_template_has_no_error_in_cfn_lint(checked, tmp_path):
    """Nor has cfn-lint, but for what it says of every state machine of the CDK."""
    file = tmp_path / "template.json"
    file.write_text(json.dumps(checked), encoding="utf-8")
    program = Path(sys.executable).with_name("cfn-lint")

    run = subprocess.run([str(program), "-i", "W3005", "--", str(file)], capture_output=True, text=True, check=False)

    assert run.stdout == ""


@pytest.mark.parametrize("job", JOBS)
def test_a_definition_is_a_valid_state_machine(definition, job, tmp_path):
    """Every state is reached, every path ends, every expression parses."""
    file = tmp_path / "definition.json"
    file.write_text(json.dumps(definition(job)), encoding="utf-8")
    program = Path(sys.executable).with_name("statelint")

    found = subprocess.run([str(program), str(file)], capture_output=True, text=True, check=False).stdout

    assert found == ""


@pytest.mark.parametrize("job", JOBS)
def test_every_call_is_retried_when_it_is_throttled(definition, job):
    """Bedrock's control plane takes few calls a second, so tries come back with jitter."""
    for name, task in tasks(definition(job)):
        errors = {error for retry in task["Retry"] for error in retry["ErrorEquals"]}
        assert any(retry.get("JitterStrategy") == "FULL" for retry in task["Retry"]), name
        if ":bedrock:" in task["Resource"]:
            assert "Bedrock.ThrottlingException" in errors


@pytest.mark.parametrize("job", AWAITED)
def test_a_start_waits_while_another_job_is_in_the_way(definition, job):
    """Accounts run few jobs of a kind at a time."""
    start = definition(job)["States"]["Start"]
    errors = {error for retry in start["Retry"] for error in retry["ErrorEquals"]}

    assert {"Bedrock.ConflictException", "Bedrock.ServiceQuotaExceededException"} <= errors


@pytest.mark.parametrize("job", AWAITED)
def test_a_repeated_request_is_the_same_request(definition, job):
    """Name and token are digests of the execution: the same for every try, and of no other."""
    parameters = definition(job)["States"]["Start"]["Parameters"]

    assert parameters["ClientRequestToken.$"] == "States.Hash($$.Execution.Id, 'SHA-256')"
    assert "States.Hash($$.Execution.Id, 'SHA-1')" in parameters["JobName.$"]


@pytest.mark.parametrize("job", [*CUSTOMIZATIONS, *EVALUATIONS])
def test_every_execution_writes_into_a_folder_of_its_own(definition, job):
    """What one made is never overwritten by another."""
    output = definition(job)["States"]["Start"]["Parameters"]["OutputDataConfig"]["S3Uri.$"]

    assert output.endswith("/{}/', States.Hash($$.Execution.Id, 'SHA-1'))")


@pytest.mark.parametrize("job", AWAITED)
def test_a_job_is_encrypted_with_our_key(template, definition, job):
    """Models, results and answers are under the customer-managed key."""
    (key,) = testing.resources(template, "AWS::KMS::Key")
    arn = testing.Resolver(template=template).arn(key)

    assert arn in json.dumps(definition(job)["States"]["Start"]["Parameters"])


def test_machines_are_encrypted_traced_and_logged(template):
    """The posture of every state machine of ours."""
    for machine in testing.resources(template, "AWS::StepFunctions::StateMachine").values():
        properties = machine["Properties"]
        assert properties["EncryptionConfiguration"]["Type"] == "CUSTOMER_MANAGED_KMS_KEY"
        assert properties["LoggingConfiguration"]["Level"] == "ALL"
        assert properties["TracingConfiguration"] == {"Enabled": True}


def test_nothing_starts_because_a_template_changed(template):
    """No custom resource starts a job, and no rule listens to CloudFormation."""
    kinds = {resource["Type"] for resource in template["Resources"].values()}
    rules = testing.resources(template, "AWS::Events::Rule").values()

    assert not [kind for kind in kinds if kind == "AWS::CloudFormation::CustomResource"]
    assert not [rule for rule in rules if "aws.cloudformation" in json.dumps(rule)]


def test_a_job_starts_by_the_clock_and_by_an_event_with_an_input_of_its_own(template):
    """An event's own body never becomes the input, where it could change what is meant."""
    rules = {name: rule["Properties"] for name, rule in testing.resources(template, "AWS::Events::Rule").items()}
    inputs = {name: rule["Targets"][0]["Input"] for name, rule in rules.items() if name.startswith("Batch")}

    assert sorted(json.loads(text).get("records", "") for text in inputs.values()) == ["", "today.jsonl"]


def test_the_model_of_the_services_would_find_a_mistake():
    """The check of arguments is not blind: members, types, enums, patterns and choices."""
    right = {
        "JobName": "a",
        "ImportedModelName": "b",
        "RoleArn": "arn:aws:iam::111122223333:role/r",
        "ModelDataSource": {"S3DataSource": {"S3Uri": "s3://bucket/models/"}},
    }

    def found(**wrong):
        return " ".join(sdk_model.faults("bedrock", "createModelImportJob", {**right, **wrong}))

    assert found() == ""
    assert "lacks jobName" in " ".join(sdk_model.faults("bedrock", "createModelImportJob", {}))
    assert "no member Name" in found(Name="a")
    assert "must match" in found(JobName="a_b!")
    assert "a string is wanted" in found(JobName=3)
    assert "at most 63" in found(JobName="a" * 64)
    assert "a choice of one" in found(ModelDataSource={})
    assert "allowed are" in " ".join(
        sdk_model.faults("bedrock", "listFoundationModelAgreementOffers", {"ModelId": "a.b", "OfferType": "SOME"})
    )
