"""The state machines of Bedrock's jobs, deployed and really run, against the real shapes of the services."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING

import pytest
from bedrock_jobs_stack import CLAUDE, Deployed, code, digest
from botocore.exceptions import ClientError

from tools.local_cloud.stack import StackFailedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.local_cloud.clients import Clients

pytestmark = pytest.mark.emulator

MACHINE = "JobRun3A326E8B"
CONFIG = b'{"architectures": ["LlamaForCausalLM"]}'


@pytest.fixture(scope="module")
def deployed(clients: Clients) -> Callable[[str], Deployed]:
    """A function that returns a job, deployed once."""
    clients("s3").create_bucket(Bucket="code")
    clients("s3").put_object(Bucket="code", Key="runtime.zip", Body=code())

    @functools.cache
    def made(name: str) -> Deployed:
        job = Deployed(clients, name)
        job.deploy()
        return job

    return made


def test_weights_become_current_and_stay_so_when_the_next_ones_fail(deployed: Callable[[str], Deployed]) -> None:
    """Import, smoke test and alias for real; then three imports that fail, and leave the alias where it was."""
    job = deployed("Import")
    first = job.run(job.put_weights("one", **{"config.json": CONFIG}))
    current = job.alias()

    meant = job.put_weights("two", **{"config.json": CONFIG, "weights.bin": b"good"})
    job.put("models/two/weights.bin", b"evil")
    swapped = job.run(meant)
    unmeant = job.run({**meant, "manifest_sha256": digest(b"another manifest")})
    refused = job.run(job.put_weights("three", **{"weights.bin": b"good"}))

    assert first["status"] == "SUCCEEDED", first
    assert json.loads(first["output"]) == {"arn": current}
    assert ":imported-model/" in current
    assert (swapped["error"], unmeant["error"]) == ("WeightsNotAsListed", "ManifestNotMeant")
    assert refused["error"] == "ModelImportFailed"
    assert "holds no config.json" in json.loads(refused["cause"])["FailureMessage"]
    assert job.alias() == current


def test_the_same_weights_lead_to_the_same_model(deployed: Callable[[str], Deployed]) -> None:
    """The second execution finds the model by the digest of its weights, and starts no job."""
    job = deployed("Import")
    weights = job.put_weights("again", **{"config.json": CONFIG, "again.bin": b"again"})

    first, second = job.run(weights), job.run(weights)

    assert json.loads(first["output"])["arn"] == json.loads(second["output"])["arn"]


def test_going_back_makes_an_earlier_model_current(deployed: Callable[[str], Deployed]) -> None:
    """By its ARN, asked before it counts."""
    job = deployed("Import")
    earlier = json.loads(job.run(job.put_weights("old", **{"config.json": CONFIG, "a": b"1"}))["output"])
    job.run(job.put_weights("new", **{"config.json": CONFIG, "a": b"2"}))
    assert job.alias() != earlier["arn"]

    job.run({"model_arn": earlier["arn"]})

    assert job.alias() == earlier["arn"]


def test_a_customization_is_awaited_and_its_model_noted(deployed: Callable[[str], Deployed]) -> None:
    """Data that is there makes a model, data that is not says so."""
    job = deployed("Tuning")
    missing = job.run({"training_file": "nowhere.jsonl"})
    job.put("training/one.jsonl", b'{"prompt": "a", "completion": "b"}\n')
    made = job.run({})

    assert missing["error"] == "ModelCustomizationFailed"
    assert "not there" in missing["cause"]
    assert made["status"] == "SUCCEEDED", made
    assert job.alias() == json.loads(made["output"])["OutputModelArn"]


def test_an_evaluation_passes_or_fails_by_the_marks_that_were_written(deployed: Callable[[str], Deployed]) -> None:
    """The gate really runs, over results where the service puts them."""
    job = deployed("Quality")
    good = {"prompt": "Capital?", "referenceResponse": "Paris", "answer": "It is Paris."}
    bad = {**good, "answer": "It is Lyon."}
    for name, records in (("good", [good, good, bad]), ("bad", [good, bad, bad])):
        job.put(f"questions/{name}.jsonl", "\n".join(json.dumps(record) for record in records).encode())

    passed = job.run({"dataset": "good.jsonl"})
    failed = job.run({"dataset": "bad.jsonl"})

    assert passed["status"] == "SUCCEEDED", passed
    assert json.loads(passed["output"])["scores"]["Correctness"]["rated"] == 3
    assert failed["error"] == "EvaluationBelowThreshold"
    assert "0.3333 on average, at least 0.6 is wanted" in failed["cause"]


def test_a_batch_fails_for_a_record_that_failed(deployed: Callable[[str], Deployed]) -> None:
    """The counts are in the cause."""
    job = deployed("Batch")
    record = {"recordId": "1", "modelInput": {"prompt": "a"}}
    job.put("records/one.jsonl", json.dumps(record).encode())
    job.put("records/two.jsonl", f"{json.dumps(record)}\n{{}}".encode())

    assert job.run({})["status"] == "SUCCEEDED"
    failed = job.run({"records": "two.jsonl"})
    assert (failed["error"], json.loads(failed["cause"])["ErrorRecordCount"]) == ("RecordsFailed", 1)


def test_access_is_told_first_and_agreed_to_when_meant(deployed: Callable[[str], Deployed], clients: Clients) -> None:
    """Without a word of consent the account stays as it is."""
    job = deployed("Access")
    told = json.loads(job.run({})["output"])
    before = clients("bedrock").get_foundation_model_availability(modelId=CLAUDE)
    accepted = job.run({"accept": True})
    assert accepted["status"] == "SUCCEEDED", accepted
    agreed = json.loads(accepted["output"])

    assert [each["granted"] for each in told] == [False, True]
    assert before["agreementAvailability"]["status"] == "NOT_AVAILABLE"
    assert [each["granted"] for each in agreed] == [True, True]


def test_a_deploy_starts_nothing_and_moves_no_alias(deployed: Callable[[str], Deployed]) -> None:
    """The definition changes, the parameter does not, and no execution begins: jobs are not resources."""
    job = deployed("Import")
    job.run(job.put_weights("kept", **{"config.json": CONFIG, "kept": b"k"}))
    current, before = job.alias(), job.executions()

    job.deploy(lambda definition: definition.replace("Look", "Look again"))

    assert (job.alias(), job.executions()) == (current, before)


def test_a_deploy_that_is_rolled_back_moves_no_alias_either(deployed: Callable[[str], Deployed]) -> None:
    """What fails after the state machine was changed leaves the job as it was, and the model that is current."""
    job = deployed("Import")
    job.run(job.put_weights("rolled", **{"config.json": CONFIG, "rolled": b"r"}))
    current, before = job.alias(), job.executions()
    broken = {"Type": "AWS::Bedrock::Guardrail", "Properties": {"Nonsense": True}, "DependsOn": [MACHINE]}

    with pytest.raises(StackFailedError, match="Nonsense"):
        job.deploy(lambda definition: definition.replace("Look", "Look again"), Broken=broken)

    assert (job.alias(), job.executions()) == (current, before)
    assert job.run(job.put_weights("after", **{"config.json": CONFIG, "after": b"a"}))["status"] == "SUCCEEDED"


@pytest.mark.usefixtures("deployed")
def test_a_deleted_job_leaves_what_it_made_and_goes_itself(clients: Clients) -> None:
    """Models cost nothing to keep track of and a lot to make again; state machine and parameter are gone."""
    job = Deployed(clients, "Import", prefix="gone")
    job.deploy()
    job.run(job.put_weights("last", **{"config.json": CONFIG, "last": b"l"}))
    model = job.alias()

    job.delete()

    machines = clients("stepfunctions").list_state_machines()["stateMachines"]
    models = clients("bedrock").list_imported_models()["modelSummaries"]
    assert job.outputs["Job"] not in [machine["stateMachineArn"] for machine in machines]
    assert model in [each["modelArn"] for each in models]
    with pytest.raises(ClientError, match="ParameterNotFound"):
        job.alias()


@pytest.mark.usefixtures("deployed")
def test_an_evaluation_is_changed_taken_back_and_deleted(clients: Clients) -> None:
    """A change starts nothing, one that fails leaves a job that still judges, and a deleted one is gone."""
    job = Deployed(clients, "Quality", prefix="gone")
    job.deploy()
    broken = {"Type": "AWS::Bedrock::Guardrail", "Properties": {"Nonsense": True}, "DependsOn": [MACHINE]}
    good = {"prompt": "Capital?", "referenceResponse": "Paris", "answer": "Paris."}
    job.put("questions/one.jsonl", json.dumps(good).encode())

    job.deploy(lambda definition: definition.replace("Look", "Look again"))
    with pytest.raises(StackFailedError, match="Nonsense"):
        job.deploy(Broken=broken)
    unasked = job.executions()
    judged = job.run({})
    job.delete()

    machines = clients("stepfunctions").list_state_machines()["stateMachines"]
    assert (unasked, judged["status"]) == (0, "SUCCEEDED"), judged
    assert job.outputs["Job"] not in [machine["stateMachineArn"] for machine in machines]
