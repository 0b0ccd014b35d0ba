"""The shape of the state machines: what follows what, what stops, what starts them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from asl import definition, lint, resolver
from aws_cdk import Duration
from aws_cdk import aws_events as events
from tuning_estate import Estate

from genai_layers import testing
from genai_layers.foundation.nag import attach_checks, synthesize
from genai_layers.jobs.fine_tuning import Machines, Start
from tests.event_patterns import event_matches

pytestmark = pytest.mark.synth

MACHINES = ("TuningTune", "TuningRequest", "TuningHandOffPromote", "TuningHandOffRollBack")


def rule(template: dict[str, Any], start: str) -> dict[str, Any]:
    """Properties of the rule whose logical id starts as given."""
    (found,) = [one for name, one in testing.resources(template, "AWS::Events::Rule").items() if name.startswith(start)]
    properties: dict[str, Any] = found["Properties"]
    return properties


def test_a_pipeline_is_clean_under_every_pack() -> None:
    """Every cdk-nag pack, our own rules and the CloudFormation validator have nothing to say."""
    app = testing.app()
    attach_checks(app)
    made = Estate(testing.stack(app))
    made.pipeline.grant_start(made.operator)
    made.pipeline.grant_approve(made.approver)

    synthesize(app)


@pytest.mark.parametrize("machine", MACHINES)
def test_definitions_are_valid_state_machines(template: dict[str, Any], machine: str, tmp_path: Path) -> None:
    """Every state is reached, every path ends, and every expression parses."""
    assert lint(definition(template, machine), tmp_path) == ""


def test_a_broken_definition_would_be_found(template: dict[str, Any], tmp_path: Path) -> None:
    """The check above is not blind: a transition to nowhere is reported."""
    broken = definition(template, "TuningTune")
    broken["States"]["Train"]["Next"] = "Nowhere"

    assert "Nowhere" in lint(broken, tmp_path)


def test_only_data_that_passed_is_trained_on(template: dict[str, Any]) -> None:
    """Anything but a clear yes ends the run, with the verdict as its cause."""
    states = definition(template, "TuningTune")["States"]
    decide = states["May be trained on?"]

    assert [(choice["BooleanEquals"], choice["Next"]) for choice in decide["Choices"]] == [(True, "Train")]
    assert decide["Default"] == "Data refused"
    assert states["Data refused"]["CausePath"] == "States.JsonToString($.data)"


def test_only_a_model_that_is_good_enough_is_registered(template: dict[str, Any]) -> None:
    """Anything but a clear yes ends the run, with the reasons as its cause."""
    states = definition(template, "TuningTune")["States"]
    decide = states["Good enough?"]

    assert (states["Train"]["Next"], states["Evaluate"]["Next"], states["Judge the model"]["Next"]) == (
        "Evaluate",
        "Judge the model",
        "Good enough?",
    )
    assert [(choice["BooleanEquals"], choice["Next"]) for choice in decide["Choices"]] == [(True, "Register")]
    assert decide["Default"] == "Model refused"


def test_jobs_are_awaited(template: dict[str, Any]) -> None:
    """A job that fails fails the run, since Step Functions waits for it."""
    states = definition(template, "TuningTune")["States"]

    assert states["Train"]["Resource"].endswith(":states:::sagemaker:createTrainingJob.sync")
    assert states["Evaluate"]["Resource"].endswith(":states:::sagemaker:createProcessingJob.sync")


def test_a_full_quota_is_waited_out(template: dict[str, Any]) -> None:
    """A job of somebody else ends some time; what is wrong with the request does not mend itself."""
    retries = definition(template, "TuningTune")["States"]["Train"]["Retry"]
    waited = sum(min(60 * 1.5**attempt, 600) for attempt in range(retries[1]["MaxAttempts"]))

    assert "SageMaker.ResourceLimitExceededException" in retries[1]["ErrorEquals"]
    assert waited > 10 * 3600
    assert not any("States.ALL" in retry["ErrorEquals"] for retry in retries)


def test_nothing_starts_because_a_template_changed(template: dict[str, Any]) -> None:
    """No rule listens to CloudFormation, and no custom resource starts a run."""
    rules = testing.resources(template, "AWS::Events::Rule").values()

    assert {source for each in rules for source in each["Properties"]["EventPattern"]["source"]} == {
        "aws.s3",
        "aws.sagemaker",
        "aws.cloudwatch",
    }
    assert not [each for each in template["Resources"].values() if each["Type"].startswith("Custom::")]


def test_an_approval_starts_a_run_once(template: dict[str, Any]) -> None:
    """An event can come twice, and a run costs what its machines cost: the version of the approval names the run."""
    pattern = rule(template, "TuningOnApproval1")["EventPattern"]
    ask = definition(template, "TuningRequest")["States"]["Ask"]

    assert pattern["detail"]["object"]["key"] == [{"wildcard": "incoming/*/approved.json"}]
    assert "$.detail.object['version-id']" in ask["Parameters"]["Name.$"]
    assert ask["Parameters"]["Input.$"] == "States.JsonToString($.input)"
    assert ask["Catch"][0]["Next"] == "Asked already"


def test_a_schedule_tunes_with_one_data_set() -> None:
    """The newest approval of it."""
    monthly = Start.on_schedule(events.Schedule.rate(Duration.days(30)), data_set="tickets")
    template = testing.template(Estate(starts=[monthly]).stack)
    found = rule(template, "TuningOnSchedule1")

    assert found["ScheduleExpression"] == "rate(30 days)"
    assert json.loads(found["Targets"][0]["Input"]) == {"manifest": "incoming/tickets/approved.json"}


def test_a_pipeline_can_be_for_hands_only() -> None:
    """No rule starts it then."""
    template = testing.template(Estate(starts=[], alarms=[]).stack)

    assert list(testing.resources(template, "AWS::Events::Rule")) == [
        name for name in testing.resources(template, "AWS::Events::Rule") if name.startswith("TuningHandOffOnApproval")
    ]


def test_an_approved_model_becomes_current_and_the_one_before_is_kept(template: dict[str, Any]) -> None:
    """Twice the same event changes nothing."""
    states = definition(template, "TuningHandOffPromote")["States"]

    assert states["Already?"]["Choices"][0]["Next"] == "Nothing to do"
    assert states["Already?"]["Default"] == "Keep it as previous"
    assert states["Keep it as previous"]["Parameters"]["Value.$"] == "$.current.value"
    assert states["Make it current"]["Parameters"]["Value.$"] == "$.detail.ModelPackageArn"


@pytest.mark.parametrize(
    ("changed", "starts"),
    [
        ({"ModelApprovalStatus": "Approved"}, True),
        ({"ModelApprovalStatus": "Approved", "UpdatedModelPackageFields": ["ModelApprovalStatus"]}, True),
        ({"ModelApprovalStatus": "Approved", "UpdatedModelPackageFields": ["CustomerMetadataProperties"]}, False),
        ({"ModelApprovalStatus": "Rejected", "UpdatedModelPackageFields": ["ModelApprovalStatus"]}, False),
    ],
)
def test_only_an_approval_makes_a_model_current(
    template: dict[str, Any], changed: dict[str, Any], starts: bool
) -> None:
    """A note on a model that was approved last year tells its status again, and must not bring it back."""
    values = resolver(template)
    pattern = values.resolve(rule(template, "TuningHandOffOnApproval")["EventPattern"])
    (group,) = testing.resources(template, "AWS::SageMaker::ModelPackageGroup").values()
    event = {
        "source": "aws.sagemaker",
        "detail-type": "SageMaker Model Package State Change",
        "detail": {"ModelPackageGroupName": group["Properties"]["ModelPackageGroupName"], **changed},
    }

    assert event_matches(pattern, event) is starts


@pytest.mark.parametrize("machine", ["TuningTune", "TuningHandOffPromote", "TuningHandOffRollBack"])
def test_no_answer_overwrites_what_later_states_need(template: dict[str, Any], machine: str) -> None:
    """Every task puts its answer beside the input."""
    tasks = [state for state in definition(template, machine)["States"].values() if state["Type"] == "Task"]

    assert all(state["ResultPath"].startswith("$.") for state in tasks)


def test_an_alarm_takes_the_model_back_once(template: dict[str, Any]) -> None:
    """The bad one is rejected, the one before serves again, and a second alarm does not bring the bad one back."""
    states = definition(template, "TuningHandOffRollBack")["States"]
    pattern = rule(template, "TuningHandOffOnAlarm")["EventPattern"]

    assert states["Any?"]["Choices"][0]["Next"] == "Nothing before"
    assert states["Reject"]["Parameters"]["ModelApprovalStatus"] == "Rejected"
    assert states["Make it current"]["Parameters"]["Value.$"] == "$.previous.value"
    assert states["Forget the previous"]["Parameters"]["Value"] == "none"
    assert pattern["resources"] == [f"arn:aws:cloudwatch:us-east-1:{testing.ACCOUNT}:alarm:wrong"]
    assert pattern["detail"]["state"]["value"] == ["ALARM"]


def test_executions_and_logs_are_encrypted(template: dict[str, Any]) -> None:
    """All state machines are under the key of the logs."""
    for machine in testing.resources(template, "AWS::StepFunctions::StateMachine").values():
        assert machine["Properties"]["EncryptionConfiguration"]["Type"] == "CUSTOMER_MANAGED_KMS_KEY"


def test_failures_are_metrics_to_alarm_on(estate: Estate) -> None:
    """A refusal is a failure."""
    metrics = (estate.pipeline.metric_started(), estate.pipeline.metric_failed(), estate.pipeline.metric_timed_out())

    assert [metric.metric_name for metric in metrics] == [
        "ExecutionsStarted",
        "ExecutionsFailed",
        "ExecutionsTimedOut",
    ]


def test_a_place_for_tests_keeps_nothing_and_says_why() -> None:
    """Without a lock the finding is accepted with the reason, which lands in the ledger."""
    app = testing.app()
    attach_checks(app)
    stack = testing.stack(app)
    Estate(stack, unlocked_reason="data of tests, thrown away with the stack")

    synthesize(app)


def test_a_cluster_is_clean_under_every_pack() -> None:
    """The rule within the group is accepted where it is made."""
    app = testing.app()
    attach_checks(app)
    machines = Machines.cluster("ml.p5.48xlarge", 2, max_runtime=Duration.hours(1))
    Estate(testing.stack(app), machines=machines)

    synthesize(app)
