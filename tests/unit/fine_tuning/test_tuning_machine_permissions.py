"""What the state machine may hand out, start and register, and who may start and approve."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from asl import logical_id, resolver

from genai_layers import testing
from genai_layers.jobs.fine_tuning.calls import mark_of

pytestmark = pytest.mark.synth

Ask = Callable[..., list[bool]]
JOBS = f"arn:aws:sagemaker:us-east-1:{testing.ACCOUNT}"


def test_the_state_machine_hands_out_its_two_roles_to_sagemaker_only(ask: Ask, template: dict[str, Any]) -> None:
    """No other role, and no other service."""
    values = resolver(template)
    to_sagemaker = {"iam:PassedToService": "sagemaker.amazonaws.com"}
    for role in ("TuningJobsTrainingRole", "TuningJobsEvaluationRole"):
        arn = values.arn(logical_id(template, "AWS::IAM::Role", role))
        assert ask(
            "TuningTuneRole",
            ("iam:PassRole", arn, to_sagemaker),
            ("iam:PassRole", arn, {"iam:PassedToService": "lambda.amazonaws.com"}),
        ) == [True, False]
    admin = f"arn:aws:iam::{testing.ACCOUNT}:role/admin"

    assert ask("TuningTuneRole", ("iam:PassRole", admin, to_sagemaker)) == [False]


@pytest.fixture(scope="module")
def mark(template: dict[str, Any]) -> str:
    """What the names of the pipeline's jobs share."""
    (group,) = testing.resources(template, "AWS::SageMaker::ModelPackageGroup").values()
    return mark_of(group["Properties"]["ModelPackageGroupName"])


def test_a_job_with_a_network_is_not_allowed_whatever_the_definition_says(ask: Ask, mark: str) -> None:
    """The condition holds against a definition that somebody changed."""
    isolated = {"sagemaker:NetworkIsolation": "true", "sagemaker:InterContainerTrafficEncryption": "true"}
    tune = f"{JOBS}:training-job/tune-{mark}-1"

    assert ask(
        "TuningTuneRole",
        ("sagemaker:CreateTrainingJob", tune, isolated),
        ("sagemaker:CreateTrainingJob", tune, {**isolated, "sagemaker:NetworkIsolation": "false"}),
        ("sagemaker:CreateTrainingJob", tune, {"sagemaker:NetworkIsolation": "true"}),
        ("sagemaker:CreateTrainingJob", f"{JOBS}:training-job/other", isolated),
        ("sagemaker:CreateProcessingJob", f"{JOBS}:processing-job/judge-{mark}-1", isolated),
        ("sagemaker:CreateProcessingJob", f"{JOBS}:processing-job/judge-{mark}-1", {}),
    ) == [True, False, False, False, True, False]


def test_pipelines_of_one_account_cannot_touch_the_jobs_of_one_another(ask: Ask, mark: str) -> None:
    """A job of another pipeline has another mark, and this one may neither start, stop nor tag it."""
    isolated = {"sagemaker:NetworkIsolation": "true", "sagemaker:InterContainerTrafficEncryption": "true"}
    other = mark_of("another-group")

    assert other != mark
    for job in (f"{JOBS}:training-job/tune-{other}-1", f"{JOBS}:training-job/tune-1"):
        assert ask(
            "TuningTuneRole",
            ("sagemaker:CreateTrainingJob", job, isolated),
            ("sagemaker:StopTrainingJob", job),
            ("sagemaker:AddTags", job),
        ) == [False, False, False]


def test_the_state_machine_awaits_jobs_and_registers_in_its_group(
    ask: Ask, template: dict[str, Any], mark: str
) -> None:
    """Its events rules, its jobs, its group; it approves nothing."""
    (group,) = testing.resources(template, "AWS::SageMaker::ModelPackageGroup").values()
    package = f"{JOBS}:model-package/{group['Properties']['ModelPackageGroupName']}/1"
    rule = f"arn:aws:events:us-east-1:{testing.ACCOUNT}:rule/StepFunctionsGetEventsForSageMakerTrainingJobsRule"

    assert ask(
        "TuningTuneRole",
        ("events:PutTargets", rule),
        ("sagemaker:DescribeTrainingJob", f"{JOBS}:training-job/tune-{mark}-1"),
        ("sagemaker:StopTrainingJob", f"{JOBS}:training-job/tune-{mark}-1"),
        ("sagemaker:AddTags", f"{JOBS}:processing-job/judge-{mark}-1"),
        ("sagemaker:CreateModelPackage", package),
        ("sagemaker:UpdateModelPackage", package),
        ("sagemaker:CreateModelPackage", f"{JOBS}:model-package/other/1"),
    ) == [True, True, True, True, True, False, False]


def test_a_reviewer_of_models_approves_and_an_operator_starts(ask: Ask, template: dict[str, Any]) -> None:
    """Two grants, for two jobs."""
    (group,) = testing.resources(template, "AWS::SageMaker::ModelPackageGroup").values()
    package = f"{JOBS}:model-package/{group['Properties']['ModelPackageGroupName']}/1"
    machine = resolver(template).arn(logical_id(template, "AWS::StepFunctions::StateMachine", "TuningTune"))

    assert ask("Reviewer", ("sagemaker:UpdateModelPackage", package), ("states:StartExecution", machine)) == [
        True,
        False,
    ]
    assert ask("Operator", ("sagemaker:UpdateModelPackage", package), ("states:StartExecution", machine)) == [
        False,
        True,
    ]


@pytest.mark.parametrize("role", ["TuningHandOffPromoteRole", "TuningHandOffRollBackRole"])
def test_a_hand_off_tells_in_its_own_name_only(ask: Ask, role: str) -> None:
    """On the default bus an event of another source could pass for one of a service and start other things."""
    bus = f"arn:aws:events:us-east-1:{testing.ACCOUNT}:event-bus/default"

    assert ask(
        role,
        ("events:PutEvents", bus, {"events:source": ["genai-layers.fine-tuning"]}),
        ("events:PutEvents", bus, {"events:source": ["genai-layers.fine-tuning", "genai-layers.other"]}),
        ("events:PutEvents", bus, {}),
    ) == [True, False, False]
