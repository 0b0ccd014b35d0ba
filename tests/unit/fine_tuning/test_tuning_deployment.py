"""A model that was approved is put where it serves, step by step, and goes back on an alarm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from asl import STATE, definition, filled, lint, logical_id, resolver
from serving_estate import ServingEstate
from tuning_estate import Estate

from genai_layers import testing
from genai_layers.foundation import EncryptionKey, KeyUse
from genai_layers.foundation.nag import attach_checks, synthesize
from genai_layers.jobs.fine_tuning import FineTuningError, IPromotable, Serving
from genai_layers.operations import Monitoring
from genai_layers.testing.policy import Request, evaluate
from tests.service_model import calls_of, faults

pytestmark = pytest.mark.synth

MACHINES = ("TuningHandOffPromote", "TuningHandOffRollBack", "TuningHandOffRestore")
JOBS = f"arn:aws:sagemaker:us-east-1:{testing.ACCOUNT}"


@pytest.fixture(scope="module", params=[False, True], ids=["endpoint", "component"])
def served(request: pytest.FixtureRequest) -> tuple[bool, dict[str, Any]]:
    """Whether models are components, and the template."""
    return request.param, testing.template(ServingEstate(has_components=request.param).stack)


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    """Template of a pipeline whose endpoint keeps what people ask."""
    return testing.template(ServingEstate(captures=True).stack)


def prefix(template: dict[str, Any]) -> str:
    """What names of the pipeline's models begin with."""
    named = definition(template, "TuningHandOffPromote")["States"]["Name it"]["Parameters"]["name.$"]
    return str(named).split("'")[1].removesuffix("{}")


@pytest.mark.parametrize("machine", MACHINES)
def test_the_definitions_are_valid_and_every_call_is_taken(
    served: tuple[bool, dict[str, Any]], machine: str, tmp_path: Path
) -> None:
    """Every state is reached, every path ends, and the services take every argument."""
    parsed = definition(served[1], machine)

    assert lint(parsed, tmp_path) == ""
    found = list(calls_of(parsed))
    assert len(found) >= 10
    for state, service, operation, parameters in found:
        assert (state, faults(service, operation, filled(parameters, STATE))) == (state, [])


def test_the_endpoint_changes_by_a_canary_that_alarms_watch(template: dict[str, Any]) -> None:
    """Traffic moves in two steps, an alarm brings the old machines back, and scaling keeps its count."""
    change = definition(template, "TuningHandOffPromote")["States"]["Change it"]["Parameters"]

    policy = change["DeploymentConfig"]["BlueGreenUpdatePolicy"]["TrafficRoutingConfiguration"]
    assert (policy["Type"], policy["CanarySize"]["Value"]) == ("CANARY", 10)
    assert len(change["DeploymentConfig"]["AutoRollbackConfiguration"]["Alarms"]) == 1
    assert change["RetainAllVariantProperties"] is True


def test_a_component_changes_in_batches_that_alarms_watch() -> None:
    """Room on the machines, start and placement stay as the template says."""
    parsed = definition(testing.template(ServingEstate(has_components=True).stack), "TuningHandOffPromote")
    change = parsed["States"]["Change it"]["Parameters"]

    assert change["DeploymentConfig"]["RollingUpdatePolicy"]["MaximumBatchSize"]["Value"] == 50
    assert change["DeploymentConfig"]["AutoRollbackConfiguration"]["Alarms"]
    assert change["Specification"]["ModelName.$"] == "$.deployment.name"
    assert change["Specification"]["ComputeResourceRequirements"]["NumberOfAcceleratorDevicesRequired"] == 1


def test_only_the_model_differs_from_the_template_s_configuration(template: dict[str, Any]) -> None:
    """Machines, key and captures are read from it at the time; a new one of the template is followed."""
    states = definition(template, "TuningHandOffPromote")["States"]
    made = states["Make the configuration"]["Parameters"]

    assert states["Read the template's configuration"]["Parameters"] == {"EndpointConfigName": "Endpoint-Config-0123"}
    assert made["ProductionVariants.$"].startswith("States.Array(States.JsonMerge($.template.variant")
    assert {"KmsKeyId.$", "DataCaptureConfig.$"} <= made.keys()
    assert filled(made, {**STATE, "template": {**STATE["template"], "DataCaptureConfig": {}}})[
        "ProductionVariants"
    ] == [{**STATE["template"]["variant"], "ModelName": STATE["deployment"]["name"]}]


def test_the_same_model_has_the_same_name_and_another_one_has_another(template: dict[str, Any]) -> None:
    """A run that is repeated finds what it made; a change of the template makes anew."""
    named = definition(template, "TuningHandOffPromote")["States"]["Name it"]["Parameters"]
    other = {**STATE, "detail": {"ModelPackageArn": f"{JOBS}:model-package/tuning/3"}}

    first, again, third = (filled(named, state)["name"] for state in (STATE, STATE, other))
    assert first == again != third
    assert first == first.lower()
    assert len(first) <= 63


def test_a_model_is_current_only_once_it_serves(served: tuple[bool, dict[str, Any]]) -> None:
    """The parameter is written after the change; one that went back is rejected, told and removed."""
    states = definition(served[1], "TuningHandOffPromote")["States"]
    settled = states["Settled?"]["Choices"]

    assert settled[0]["And"][1] == {"Variable": "$.after.name", "StringEqualsPath": "$.deployment.name"}
    assert states["Go on after the old"]["Next"] == "Keep it as previous"
    assert settled[1]["Next"] == "Is the refused ours?"
    assert states["Go on after the refused"]["Next"] == "Reject it"
    assert states["Reject it"]["Parameters"]["ModelApprovalStatus"] == "Rejected"
    assert states["Taken back"]["Error"] == "DeploymentRolledBack"


def test_an_alarm_in_the_middle_of_a_change_does_not_touch_the_model_that_is_current(
    served: tuple[bool, dict[str, Any]],
) -> None:
    """The endpoint takes the new one back itself; the current one is innocent."""
    parsed = definition(served[1], "TuningHandOffRollBack")

    assert parsed["StartAt"] == "Is a change under way?"
    assert parsed["States"]["Under way?"]["Default"] == "The change goes back by itself"


def test_the_way_back_is_not_stopped_by_the_alarm_that_asked_for_it(served: tuple[bool, dict[str, Any]]) -> None:
    """No alarm watches it, what is wanted is written down first, and before the first model comes the template's."""
    states = definition(served[1], "TuningHandOffRollBack")["States"]

    assert "AutoRollbackConfiguration" not in states["Change it"]["Parameters"]["DeploymentConfig"]
    assert states["Make it current"]["Next"] == "Forget the previous"
    assert states["Forget the previous"]["Next"] == "Which one?"
    assert states["Which one?"]["Choices"][0]["Next"] == "Name the template's"


def test_a_deploy_that_puts_the_template_s_model_back_is_followed_by_the_current_one(template: dict[str, Any]) -> None:
    """The endpoint tells of every configuration that is not the pipeline's; one that is refused is given up."""
    rules = [each["Properties"] for each in testing.resources(template, "AWS::Events::Rule").values()]
    (pattern,) = [each["EventPattern"] for each in rules if "Endpoint" in str(each["EventPattern"]["detail-type"])]
    states = definition(template, "TuningHandOffRestore")["States"]

    assert pattern["detail"]["EndpointConfigName"] == [{"anything-but": {"prefix": prefix(template)}}]
    assert states["Go on after the refused"]["Next"] == "Reject it"
    assert states["Reject it"]["Next"] == "Forget the current"


def test_a_component_is_looked_at_every_hour() -> None:
    """It sends no event of its own."""
    template = testing.template(ServingEstate(has_components=True).stack)
    rules = [each["Properties"] for each in testing.resources(template, "AWS::Events::Rule").values()]

    assert [each["ScheduleExpression"] for each in rules if "ScheduleExpression" in each] == ["rate(1 hour)"]


def test_the_state_machines_change_one_endpoint_and_models_of_one_pipeline() -> None:
    """Asked of an IAM evaluator: another endpoint, another pipeline's models and another role are out of reach."""
    estate = ServingEstate()
    template = testing.template(estate.stack)
    values = resolver(template)
    role = logical_id(template, "AWS::IAM::Role", "TuningHandOffPromoteRole")
    endpoint = values.resolve(testing.resources(template, "AWS::SageMaker::Endpoint").popitem()[1]["Properties"])
    hosting = values.arn(logical_id(template, "AWS::IAM::Role", "ServingEndpointHostedHostingRole"))
    ours = prefix(template)
    passed = {"iam:PassedToService": "sagemaker.amazonaws.com"}
    asked: list[tuple[str, str, dict[str, str], bool]] = [
        ("sagemaker:UpdateEndpoint", f"{JOBS}:endpoint/{endpoint['EndpointName']}", {}, True),
        ("sagemaker:UpdateEndpoint", f"{JOBS}:endpoint/another", {}, False),
        ("sagemaker:DeleteEndpoint", f"{JOBS}:endpoint/{endpoint['EndpointName']}", {}, False),
        ("sagemaker:CreateModel", f"{JOBS}:model/{ours}0", {}, True),
        ("sagemaker:DeleteModel", f"{JOBS}:model/serve-00000000-0", {}, False),
        ("sagemaker:DeleteEndpointConfig", f"{JOBS}:endpoint-config/{ours}0", {}, True),
        ("sagemaker:DeleteEndpointConfig", f"{JOBS}:endpoint-config/Endpoint-Config-0123", {}, False),
        ("iam:PassRole", hosting, passed, True),
        ("iam:PassRole", hosting, {"iam:PassedToService": "lambda.amazonaws.com"}, False),
        ("iam:PassRole", f"arn:aws:iam::{testing.ACCOUNT}:role/admin", passed, False),
    ]
    decisions = evaluate(
        [
            Request(
                principal=values.arn(role),
                action=action,
                resource=resource,
                context=context,
                identity_policies=testing.policies_of(template, role, values),
                resource_account=testing.ACCOUNT,
            )
            for action, resource, context, _ in asked
        ]
    )

    assert [decision.allowed for decision in decisions] == [each[-1] for each in asked]


def test_the_endpoint_may_read_and_pull_what_is_put_there(template: dict[str, Any]) -> None:
    """Models of all runs, their key, and the image of the registry entry."""
    policies = str(
        testing.policies_of(
            template, logical_id(template, "AWS::IAM::Role", "ServingEndpointHostedHosting"), resolver(template)
        )
    )

    assert "/runs/*/model/*" in policies
    assert ":repository/vllm" in policies


def test_a_hand_off_that_fails_sets_off_an_alarm() -> None:
    """Promotion, rollback and restoration are jobs to the monitoring, with a row each."""
    estate = ServingEstate()
    uses = [KeyUse.SNS, KeyUse.CLOUDWATCH_ALARMS]
    monitoring = Monitoring(
        estate.stack,
        "Monitoring",
        key=EncryptionKey(estate.stack, "AlarmKey", description="alarms", uses=uses).key,
    )

    for name, workflow in estate.tuning.pipeline.hand_off.workflows.items():
        monitoring.monitor_job(workflow, id=name)

    alarms = testing.resources(testing.template(estate.stack), "AWS::CloudWatch::Alarm")
    for name in ("Promotion", "Rollback", "Restoration"):
        assert [each for each in alarms if each.startswith(f"Monitoring{name}Failed")]


def test_a_place_that_cannot_take_another_model_is_refused() -> None:
    """Types that need different models, an endpoint of another stack, and an image that nobody can be allowed."""
    several = ServingEstate().place.promotable
    with pytest.raises(FineTuningError, match="another stack"):
        Estate(deploy_to=several)
    with pytest.raises(FineTuningError, match=r"'ghcr\.io/vllm:1' is not an address of Amazon ECR"):
        Serving(image="ghcr.io/vllm:1").repository_arn(testing.stack())
    assert isinstance(several, IPromotable)


@pytest.mark.parametrize("has_components", [False, True])
def test_a_pipeline_with_its_endpoint_is_clean_under_every_pack(has_components: bool) -> None:
    """Wildcards are acknowledged with a reason beside them."""
    app = testing.app()
    attach_checks(app)
    ServingEstate(app, has_components=has_components)

    synthesize(app)
