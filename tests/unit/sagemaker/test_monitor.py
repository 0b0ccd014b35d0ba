"""An endpoint is watched for drift by jobs that read little, keep everything under our key, and tell what they find."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from monitor_estate import monitors
from sagemaker_estate import Estate

from genai_layers import testing
from genai_layers.cost import idle_floor
from genai_layers.foundation.nag import attach_checks, unmatched_acknowledgements
from genai_layers.jobs import MonitorBaseline
from genai_layers.testing import Template, resources
from tests.event_patterns import event_matches
from tests.service_model import faults

pytestmark = pytest.mark.synth

SCHEDULE = "AWS::SageMaker::MonitoringSchedule"
KINDS = ("DataQuality", "ModelQuality", "ModelBias", "ModelExplainability")


@pytest.fixture(scope="module")
def app() -> App:
    """All four under every pack; this raises where anything is found."""
    app = testing.app()
    attach_checks(app)
    stack = testing.stack(app, "Drift", region="us-east-1")
    monitors(stack)
    testing.template(stack)
    return app


@pytest.fixture(scope="module")
def template(app: App) -> Template:
    """Their template."""
    stack = app.node.find_child("Drift")
    assert isinstance(stack, Stack)
    return testing.template(stack)


def _definition(template: Template, kind: str) -> dict[str, Any]:
    ((_, found),) = resources(template, f"AWS::SageMaker::{kind}JobDefinition").items()
    properties: dict[str, Any] = found["Properties"]
    return properties


@pytest.mark.parametrize("kind", KINDS)
def test_a_monitor_keeps_disks_and_reports_under_our_key_and_stands_in_our_network(
    template: Template, kind: str
) -> None:
    """Its container has no network at all, but where it has to ask a copy of the model."""
    definition = _definition(template, kind)

    assert definition["NetworkConfig"]["EnableNetworkIsolation"] is (kind != "ModelExplainability")
    assert definition["NetworkConfig"]["EnableInterContainerTrafficEncryption"] is True
    assert definition["NetworkConfig"]["VpcConfig"]["Subnets"]
    assert "KmsKeyId" in definition[f"{kind}JobOutputConfig"]
    assert "VolumeKmsKeyId" in definition["JobResources"]["ClusterConfig"]


def test_definitions_have_no_name_so_that_a_new_one_stands_before_the_old_one_goes(template: Template) -> None:
    """All of a definition is create-only; the schedule keeps its name and moves over."""
    assert all("JobDefinitionName" not in _definition(template, kind) for kind in KINDS)
    for schedule in resources(template, SCHEDULE).values():
        config = schedule["Properties"]["MonitoringScheduleConfig"]
        (definition,) = config["MonitoringJobDefinitionName"].values()
        reference = definition[0] if isinstance(definition, list) else definition
        assert reference in resources(template, f"AWS::SageMaker::{config['MonitoringType']}JobDefinition")


def test_schedule_and_definition_go_before_the_endpoint(template: Template) -> None:
    """SageMaker keeps an endpoint that a schedule watches; CloudFormation deletes what refers to it first."""
    endpoints = set(resources(template, "AWS::SageMaker::Endpoint"))

    for kind in KINDS:
        told = _definition(template, kind)[f"{kind}JobInput"]["EndpointInput"]["EndpointName"]
        assert set(told) == {"Fn::GetAtt"}
        assert told["Fn::GetAtt"][0] in endpoints


def test_a_run_looks_at_a_time_for_which_the_labels_have_come(template: Template) -> None:
    """Six hours after, for a day; data needs no labels."""
    told = _definition(template, "ModelQuality")["ModelQualityJobInput"]

    assert (told["EndpointInput"]["StartTimeOffset"], told["EndpointInput"]["EndTimeOffset"]) == ("-PT30H", "-PT6H")
    assert told["GroundTruthS3Input"]["S3Uri"]["Fn::Join"][1][-1] == "/labels"
    assert "GroundTruthS3Input" not in _definition(template, "DataQuality")["DataQualityJobInput"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_service_takes_each_definition(template: Template, kind: str) -> None:
    """Its arguments pass the service model, patterns and ranges included."""
    resolved = _named(template).resolve(_definition(template, kind))

    assert faults("sagemaker", f"Create{kind}JobDefinition", {"JobDefinitionName": "drift", **resolved}) == []


def test_the_role_reads_what_was_captured_and_the_labels_and_writes_reports_only(template: Template) -> None:
    """Neither the weights nor the captures can be changed by a job."""
    (role,) = [name for name in resources(template, "AWS::IAM::Role") if name.startswith("QualityRole")]
    resolver = testing.Resolver(template=template)
    statements = [each for policy in testing.policies_of(template, role, resolver) for each in policy["Statement"]]

    def places(action: str) -> str:
        return json.dumps([each["Resource"] for each in statements if action in json.dumps(each["Action"])])

    assert all(word in places("s3:GetObject") for word in ("/captured/*", "/labels/*", "/baseline/*"))
    assert all(word in places("s3:PutObject") for word in ("/baseline/*", "/reports/*"))
    assert "captured" not in places("s3:PutObject") + places("s3:DeleteObject")
    assert "llama" not in json.dumps(statements)
    assert places("sagemaker:InvokeEndpoint") == "[]"


def test_a_violation_and_a_run_that_failed_are_told_by_topic_and_alarm(template: Template) -> None:
    """For each monitor a rule of each kind, which takes the runs of its own schedule, and which the alarm counts."""
    rules = {
        name: rule["Properties"]
        for name, rule in resources(template, "AWS::Events::Rule").items()
        if "aws.sagemaker" in json.dumps(rule)
    }
    alarms = [
        each["Properties"]
        for each in resources(template, "AWS::CloudWatch::Alarm").values()
        if each["Properties"].get("MetricName") == "MatchedEvents"
    ]
    patterns = {name: _named(template).resolve(rule["EventPattern"]) for name, rule in rules.items()}
    schedules = {pattern["detail"]["MonitoringScheduleArn"][0]["equals-ignore-case"] for pattern in patterns.values()}

    assert len(schedules) == 4
    for schedule in schedules:
        assert _told_of(patterns, schedule, "Completed", "CompletedWithViolations: 2") == ["Violations"]
        assert _told_of(patterns, schedule.upper(), "Failed", "") == ["Failures"]
        assert _told_of(patterns, schedule, "Completed", "Completed: nothing found") == []
    assert all(rule["Targets"] for rule in rules.values())
    assert {each["Dimensions"][0]["Value"]["Ref"] for each in alarms} == set(rules)


def _told_of(patterns: dict[str, Any], schedule: str, status: str, message: str) -> list[str]:
    detail = {"ProcessingJobStatus": status, "MonitoringScheduleArn": schedule, "ExitMessage": message}
    event = {"source": "aws.sagemaker", "detail-type": "SageMaker Processing Job State Change", "detail": detail}
    found = [name for name, pattern in patterns.items() if event_matches(pattern, event)]
    return [kind for name in found for kind in ("Violations", "Failures") if kind in name]


def test_the_baseline_job_is_cut_off_and_takes_the_data_set_of_its_input(template: Template) -> None:
    """Its request passes the service model, with a name and a folder put in."""
    machines = resources(template, "AWS::StepFunctions::StateMachine")
    (quality,) = [each for name, each in machines.items() if name.startswith("QualityBaseline")]
    text = _named(template).resolve(quality["Properties"]["DefinitionString"])
    request = json.loads(text)["States"]["Baseline"]["Parameters"]
    request["ProcessingJobName"] = request.pop("ProcessingJobName.$")[:1].lower() + "-1"
    dataset = request["ProcessingInputs"][0]["S3Input"]
    dataset["S3Uri"] = "s3://reports/datasets/a/" if "$.dataset" in dataset.pop("S3Uri.$") else ""

    assert faults("sagemaker", "CreateProcessingJob", request) == []
    assert request["NetworkConfig"]["EnableNetworkIsolation"] is True
    assert request["Environment"]["problem_type"] == "BinaryClassification"


def test_a_monitor_costs_its_alarms_while_nothing_runs(template: Template) -> None:
    """Every type has its line."""
    report = idle_floor({"Drift": template}, "us-east-1")

    assert [each.what for each in report.unpriced if "SageMaker" in each.what and "variant" not in each.what] == []
    assert any("monitor" in each.what for each in report.usage)


def test_no_acknowledgement_is_left_over(app: App) -> None:
    """Each meets a finding."""
    assert unmatched_acknowledgements(app) == []


def test_whoever_starts_a_baseline_starts_nothing_else(estate: Estate) -> None:
    """A grant of one state machine."""
    stack = testing.stack(testing.app(), "Start", region="us-east-1")
    monitor = monitors(stack)[0]
    role = iam.Role(stack, "Starter", assumed_by=iam.AccountRootPrincipal())
    baseline = monitor.node.find_child("Baseline")
    assert isinstance(baseline, MonitorBaseline)
    baseline.grant_start(role)

    template = testing.template(stack)

    (logical_id,) = [name for name in resources(template, "AWS::IAM::Role") if name.startswith("Starter")]
    text = json.dumps(testing.policies_of(template, logical_id, testing.Resolver(template=template)))
    assert "states:StartExecution" in text
    assert "sagemaker:" not in text


def _named(template: Template) -> testing.Resolver:
    """Names as long and as plain as those that AWS gives."""
    names = {"EndpointName": "endpoint-0123", "GroupId": "sg-0123456789abcdef0"}
    values = {f"{each}.{attribute}": value for each in template["Resources"] for attribute, value in names.items()}
    subnets = dict.fromkeys(resources(template, "AWS::EC2::Subnet"), "subnet-0123456789abcdef0")
    return testing.Resolver(template=template, values={**values, **subnets})
