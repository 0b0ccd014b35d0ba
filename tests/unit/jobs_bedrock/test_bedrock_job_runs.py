"""Runs of customizations, evaluations and batches."""

from __future__ import annotations

import json

import pytest
import sdk_model
from bedrock_stand_in import CUSTOM, StandIn
from machine import Machine, StateError

from genai_layers.jobs.bedrock.job_kind import JobKind

pytestmark = pytest.mark.synth

CUSTOMIZATIONS = ("Tuning", "Reading", "Distilling", "Reinforcing")
EVALUATIONS = ("Judged", "Computed", "Given", "Passages", "Answers")
STOPS = {
    **dict.fromkeys(CUSTOMIZATIONS, "stopModelCustomizationJob"),
    **dict.fromkeys(EVALUATIONS, "stopEvaluationJob"),
    "Batch": "stopModelInvocationJob",
}


@pytest.fixture
def cloud():
    """Bedrock and what is around it."""
    return StandIn()


@pytest.fixture
def machine(definition, cloud):
    """A function that returns a job against the stand-in."""
    return lambda job: Machine(definition(job), cloud)


def failure(machine, given=None):
    """Error and cause of an execution that must fail."""
    with pytest.raises(StateError) as raised:
        machine.run(given or {})
    return raised.value


@pytest.mark.parametrize("job", CUSTOMIZATIONS)
def test_a_customized_model_is_noted(machine, cloud, job):
    """Started, awaited, and named by the parameter."""
    output = machine(job).run({})

    assert output["OutputModelArn"] == CUSTOM
    assert cloud.alias == CUSTOM


@pytest.mark.parametrize(
    ("job", "type", "settings"),
    [
        ("Tuning", "FINE_TUNING", None),
        ("Reading", "CONTINUED_PRE_TRAINING", None),
        ("Distilling", "DISTILLATION", "DistillationConfig"),
        ("Reinforcing", "REINFORCEMENT_FINE_TUNING", "RftConfig"),
    ],
)
def test_each_way_to_customize_is_asked_for_in_the_services_words(machine, job, type, settings):
    """The type and the settings of that way, and no others."""
    running = machine(job)
    running.run({})
    (request,) = running.called("createModelCustomizationJob")

    assert request["CustomizationType"] == type
    assert list(request.get("CustomizationConfig", {})) == ([] if settings is None else [settings])


def test_other_training_data_of_the_same_folder_can_be_named(machine):
    """The input names the file, the definition the folder."""
    running = machine("Tuning")
    running.run({"training_file": "2026-12.jsonl"})
    (request,) = running.called("createModelCustomizationJob")

    assert request["TrainingDataConfig"]["S3Uri"].endswith("/training/2026-12.jsonl")
    assert request["ValidationDataConfig"]["Validators"][0]["S3Uri"].endswith("/validation/2026-11.jsonl")
    assert request["HyperParameters"] == {"epochCount": "2", "learningRate": "0.00001"}


def test_two_executions_share_neither_name_nor_output(machine):
    """Both are kept, whatever order they end in."""
    running = machine("Tuning")
    running.run({})
    running.run({}, execution="arn:aws:states:us-east-1:111122223333:execution:job:two")
    first, second = running.called("createModelCustomizationJob")

    for one, other in (
        (first["JobName"], second["JobName"]),
        (first["CustomModelName"], second["CustomModelName"]),
        (first["OutputDataConfig"], second["OutputDataConfig"]),
        (first["ClientRequestToken"], second["ClientRequestToken"]),
    ):
        assert one != other


@pytest.mark.parametrize("job", [*CUSTOMIZATIONS, *EVALUATIONS, "Batch"])
def test_a_job_that_runs_out_of_time_is_stopped(machine, cloud, job):
    """It would go on costing otherwise."""
    cloud.statuses = ["InProgress"]
    running = machine(job)

    assert failure(running).error == "JobTimedOut"
    assert len(running.called(STOPS[job])) == 1


def test_a_job_that_ended_while_it_was_being_stopped_is_still_told(machine, cloud):
    """The refusal to stop it hides nothing."""
    cloud.statuses = ["InProgress"]
    cloud.refusals["stopEvaluationJob"] = ["Bedrock.ConflictException"]

    assert failure(machine("Judged")).error == "JobTimedOut"


@pytest.mark.parametrize("job", [*CUSTOMIZATIONS, *EVALUATIONS, "Batch"])
@pytest.mark.parametrize("status", ["Failed", "Stopped"])
def test_a_job_that_ends_badly_fails_the_execution(machine, cloud, job, status):
    """The cause is the job in the words of the service."""
    cloud.statuses, cloud.told = ["InProgress", status], {"FailureMessages": ["no access to the bucket"]}

    raised = failure(machine(job))

    assert raised.error in ("ModelCustomizationFailed", "EvaluationFailed", "BatchInferenceFailed")
    assert json.loads(raised.cause)["FailureMessages"] == ["no access to the bucket"]


@pytest.mark.parametrize("job", EVALUATIONS)
def test_good_marks_let_an_evaluation_succeed(machine, cloud, job):
    """The output is the verdict with every score."""
    cloud.verdict = {"passed": True, "faults": [], "scores": {"Correctness": {"mean": 0.9}}}

    assert machine(job).run({}) == cloud.verdict


def test_bad_marks_fail_an_evaluation_with_the_reasons(machine, cloud):
    """A pipeline that awaits it stops there."""
    cloud.verdict = {"passed": False, "faults": ["Correctness is 0.4 on average"], "scores": {}}

    raised = failure(machine("Judged"))

    assert raised.error == "EvaluationBelowThreshold"
    assert json.loads(raised.cause)["faults"] == ["Correctness is 0.4 on average"]


def test_the_gate_reads_the_results_of_this_execution(machine):
    """Where the job writes is where the gate looks."""
    running = machine("Judged")
    running.run({})
    (job,), (gate,) = running.called("createEvaluationJob"), running.called("invoke")

    assert job["OutputDataConfig"]["S3Uri"] == f"s3://{gate['Payload']['bucket']}/{gate['Payload']['prefix']}"
    assert gate["Payload"]["thresholds"] == [{"metric": "Correctness", "at_least": 0.8}]


@pytest.mark.parametrize(
    ("job", "application", "task", "has_judge"),
    [
        ("Judged", "ModelEvaluation", "General", True),
        ("Computed", "ModelEvaluation", "QuestionAndAnswer", False),
        ("Given", "ModelEvaluation", "General", True),
        ("Passages", "RagEvaluation", "QuestionAndAnswer", True),
        ("Answers", "RagEvaluation", "QuestionAndAnswer", True),
    ],
)
def test_each_kind_of_evaluation_is_asked_for_in_the_services_words(machine, job, application, task, has_judge):
    """Application, task and judge go together."""
    running = machine(job)
    running.run({})
    (request,) = running.called("createEvaluationJob")
    automated = request["EvaluationConfig"]["Automated"]

    assert request["ApplicationType"] == application
    assert automated["DatasetMetricConfigs"][0]["TaskType"] == task
    assert ("EvaluatorModelConfig" in automated) is has_judge


@pytest.mark.parametrize("counts", [{}, {"ErrorRecordCount": 0, "SuccessRecordCount": 100}])
def test_a_batch_without_failed_records_succeeds(machine, cloud, counts):
    """The service leaves counts out where it has none."""
    cloud.told = counts

    assert machine("Batch").run({})["Status"] == "Completed"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("Completed", "RecordsFailed"),
        ("PartiallyCompleted", "BatchInferenceFailed"),
        ("Expired", "BatchInferenceFailed"),
    ],
)
def test_a_batch_that_left_records_out_fails(machine, cloud, status, error):
    """The cause has the counts."""
    cloud.statuses, cloud.told = ["Submitted", "Scheduled", status], {"ErrorRecordCount": 3}

    raised = failure(machine("Batch"))

    assert (raised.error, json.loads(raised.cause)["ErrorRecordCount"]) == (error, 3)


@pytest.mark.parametrize(
    ("kind", "running"),
    [
        (JobKind.IMPORT, {"InProgress"}),
        (JobKind.CUSTOMIZATION, {"InProgress", "Stopping"}),
        (JobKind.EVALUATION, {"InProgress", "Stopping"}),
        (JobKind.BATCH, {"InProgress", "Scheduled", "Stopping", "Submitted", "Validating"}),
    ],
    ids=lambda value: value.resource if isinstance(value, JobKind) else "",
)
def test_every_status_that_the_service_may_tell_is_known(kind, running):
    """It is success, failure, or a reason to look again; a new one in the service's model fails here."""
    told = set(sdk_model.operation("bedrock", kind.get).output_shape.members["status"].enum)

    assert told == {"Completed", *kind.ends, *running}
