"""Runs of an import, from weights to the alias, and everything that must leave the alias where it was."""

from __future__ import annotations

import json

import pytest
from bedrock_stand_in import MODEL, StandIn
from machine import Machine, StateError

pytestmark = pytest.mark.synth

WEIGHTS = {"folder": "llama-support-3", "manifest_sha256": "mft="}
BEFORE = MODEL.replace("abcdef", "before")


@pytest.fixture
def cloud():
    """Bedrock and what is around it; another model is current."""
    made = StandIn()
    made.alias = BEFORE
    return made


@pytest.fixture
def machine(definition, cloud):
    """The import against the stand-in."""
    return Machine(definition("Import"), cloud)


def failure(machine, given):
    """Error and cause of an execution that must fail."""
    with pytest.raises(StateError) as raised:
        machine.run(given)
    return raised.value


def test_weights_become_the_current_model(machine, cloud):
    """Checked, imported, checked again, asked, and only then current."""
    output = machine.run(WEIGHTS)

    assert output == {"arn": MODEL}
    assert cloud.alias == MODEL
    operations = list(dict.fromkeys(name for name, _ in machine.calls))
    assert operations == [
        "getObject",
        "listObjectsV2",
        "getObjectAttributes",
        "getImportedModel",
        "createModelImportJob",
        "getModelImportJob",
        "invokeModel",
        "putParameter",
    ]
    assert len(machine.called("getObject")) == 2


def test_the_job_reads_the_folder_that_was_checked(machine):
    """Nothing between the check and the job names another one."""
    machine.run(WEIGHTS)
    (job,) = machine.called("createModelImportJob")

    assert job["ModelDataSource"]["S3DataSource"]["S3Uri"].endswith("/models/llama-support-3/")
    assert job["ImportedModelTags"] == [{"Key": "genai-layers:job", "Value": "support"}]
    assert len(job["VpcConfig"]["SecurityGroupIds"]) == 1
    assert {call["Key"].rpartition("/")[0] for call in machine.called("getObjectAttributes")} == {
        "models/llama-support-3"
    }


def test_the_same_weights_are_imported_once(machine, cloud):
    """The name of a model is a digest of its weights, so the second execution finds it, and pays for no job."""
    machine.run(WEIGHTS)
    (job,) = machine.called("createModelImportJob")
    cloud.models[job["ImportedModelName"]] = MODEL
    cloud.alias = BEFORE

    machine.run(WEIGHTS, execution="arn:aws:states:us-east-1:111122223333:execution:job:two")

    assert len(machine.called("createModelImportJob")) == 1
    assert cloud.alias == MODEL


def test_other_weights_are_another_model(machine, cloud):
    """A new digest in the same folder is a new name."""
    machine.run(WEIGHTS)
    cloud.manifest_sha256 = "new="

    machine.run({**WEIGHTS, "manifest_sha256": "new="})

    assert len({job["ImportedModelName"] for job in machine.called("createModelImportJob")}) == 2


def test_two_executions_with_the_same_weights_end_with_one_model(machine, cloud):
    """The one that comes second waits for the conflict to pass, and then finds what the first made."""
    cloud.refusals["createModelImportJob"] = ["Bedrock.ConflictException"] * 13
    cloud.refusals["getImportedModel"] = ["Bedrock.ResourceNotFoundException", ""]
    cloud.models = type("Any", (dict,), {"__contains__": lambda *_: True, "__getitem__": lambda *_: MODEL})()

    machine.run(WEIGHTS)

    assert cloud.alias == MODEL
    assert machine.trail.count("Find model") == 2


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        ({"config.json": ("other=", 20), "model.safetensors": ("wgt=", 5_000_000_000)}, "WeightsNotAsListed", "other="),
        ({"config.json": ("cfg=", 21), "model.safetensors": ("wgt=", 5_000_000_000)}, "WeightsNotAsListed", "21"),
        ({"config.json": (None, 20), "model.safetensors": ("wgt=", 5_000_000_000)}, "WeightsNotAsListed", "config"),
        (
            {"config.json": ("cfg=", 20), "model.safetensors": ("wgt=", 5_000_000_000), "evil.py": ("x=", 1)},
            "FilesNotListed",
            "holds 4 objects",
        ),
    ],
    ids=["another digest", "another size", "no digest", "one more file"],
)
def test_weights_that_are_not_as_listed_are_not_imported(machine, cloud, wrong, error, words):
    """No job starts, the alias stays, and the cause says which file and why."""
    cloud.weights = wrong

    raised = failure(machine, WEIGHTS)

    assert raised.error == error
    assert words in raised.cause
    assert machine.called("createModelImportJob") == []
    assert cloud.alias == BEFORE


def test_a_manifest_that_was_not_meant_stops_everything(machine, cloud):
    """Whoever can write to the bucket can write a manifest; only its digest says which one was meant."""
    cloud.manifest_sha256 = "evil="

    assert failure(machine, WEIGHTS).error == "ManifestNotMeant"
    assert cloud.alias == BEFORE


def test_weights_that_changed_while_the_job_read_them_are_found(machine, cloud):
    """The second check sees what was put in between, and nobody is sent to that model."""
    look = cloud.getModelImportJob

    def swap(arguments):
        cloud.weights = {**cloud.weights, "config.json": ("evil=", 20)}
        return look(arguments)

    cloud.getModelImportJob = swap

    assert failure(machine, WEIGHTS).error == "WeightsNotAsListed"
    assert len(machine.called("createModelImportJob")) == 1
    assert cloud.alias == BEFORE


def test_digests_of_objects_that_came_in_parts_are_known_in_both_forms(machine, cloud):
    """S3 writes the number of parts behind some digests."""
    cloud.weights["model.safetensors"] = ("wgt=-1", 5_000_000_000)

    machine.run(WEIGHTS)

    assert cloud.alias == MODEL


def test_a_failed_job_fails_the_execution_with_the_services_words(machine, cloud):
    """The cause is the job as it is told, its failure message included."""
    cloud.statuses, cloud.told = ["InProgress", "Failed"], {"FailureMessage": "unsupported architecture"}

    raised = failure(machine, WEIGHTS)

    assert raised.error == "ModelImportFailed"
    assert json.loads(raised.cause)["FailureMessage"] == "unsupported architecture"
    assert cloud.alias == BEFORE


def test_a_job_that_never_ends_is_given_up(machine, cloud):
    """Six hours at a look a minute; an import cannot be stopped."""
    cloud.statuses = ["InProgress"]

    assert failure(machine, WEIGHTS).error == "JobTimedOut"
    assert len(machine.called("getModelImportJob")) == 360


def test_a_model_that_still_loads_is_asked_again(machine, cloud):
    """A new model is not ready for minutes."""
    cloud.refusals["invokeModel"] = ["BedrockRuntime.ModelNotReadyException"] * 20

    machine.run(WEIGHTS)

    assert len(machine.called("invokeModel")) == 21
    assert cloud.alias == MODEL


@pytest.mark.parametrize("trouble", ["wrong answer", "never ready"])
def test_a_model_that_fails_its_question_is_not_made_current(machine, cloud, trouble):
    """The alias stays at the model that was current."""
    cloud.answer = "Lyon."
    if trouble == "never ready":
        cloud.refusals["invokeModel"] = ["BedrockRuntime.ModelNotReadyException"] * 1000

    raised = failure(machine, WEIGHTS)

    assert (
        raised.error
        == {
            "wrong answer": "SmokeTestFailed",
            "never ready": "BedrockRuntime.ModelNotReadyException",
        }[trouble]
    )
    assert cloud.alias == BEFORE


def test_going_back_asks_the_earlier_model_first(machine, cloud):
    """An earlier model is made current by its ARN, without an import, and not unasked."""
    cloud.alias = MODEL

    machine.run({"model_arn": BEFORE})

    assert cloud.alias == BEFORE
    assert [name for name, _ in machine.calls] == ["invokeModel", "putParameter"]


@pytest.mark.parametrize("given", [{}, {"folder": "a"}, {"folder": 3, "manifest_sha256": "x"}])
def test_an_execution_that_is_not_told_what_to_import_says_what_to_give(machine, given):
    """A schedule without an input imports nothing."""
    raised = failure(machine, given)

    assert raised.error == "InputIncomplete"
    assert "manifest_sha256" in raised.cause
