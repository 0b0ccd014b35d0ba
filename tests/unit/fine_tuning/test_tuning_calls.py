"""What the state machine sends to SageMaker, checked against SageMaker's own model of its API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asl import DIGEST, RUN, STATE, definition, filled
from aws_cdk import Duration
from tuning_estate import Estate

from genai_layers import testing
from genai_layers.jobs.fine_tuning import (
    BaseModel,
    Evaluator,
    JobContainer,
    JobImage,
    LicenceAcceptance,
    Machines,
    Standard,
    TuningMethod,
)
from genai_layers.jobs.fine_tuning.calls import mark_of
from tests.service_model import faults

pytestmark = pytest.mark.synth

CALLS = {
    "createTrainingJob": ("sagemaker", "CreateTrainingJob"),
    "createProcessingJob": ("sagemaker", "CreateProcessingJob"),
    "createModelPackage": ("sagemaker", "CreateModelPackage"),
    "updateModelPackage": ("sagemaker", "UpdateModelPackage"),
    "getParameter": ("ssm", "GetParameter"),
    "putParameter": ("ssm", "PutParameter"),
    "startExecution": ("stepfunctions", "StartExecution"),
}


def calls(template: dict[str, Any], machine: str = "TuningTune") -> dict[str, tuple[str, Any]]:
    """Action and arguments of every call of a state machine that goes to an AWS API, by the name of its state."""
    found = {}
    for name, state in definition(template, machine)["States"].items():
        action = state.get("Resource", "").rpartition(":")[2].removesuffix(".sync")
        if action in CALLS:
            found[name] = (action, filled(state["Parameters"], STATE))
    return found


def refused(template: dict[str, Any], machine: str = "TuningTune") -> list[str]:
    """What the services would refuse of all calls of a state machine."""
    found = []
    for action, sent in calls(template, machine).values():
        # Step Functions writes every member with a capital, also where the service does not.
        small = action == "startExecution"
        told = {name[0].lower() + name[1:]: value for name, value in sent.items()} if small else sent
        found += faults(*CALLS[action], told)
    return found


def arguments(estate: Estate, state: str) -> dict[str, Any]:
    """Arguments of one call."""
    made: dict[str, Any] = calls(testing.template(estate.stack))[state][1]
    return made


def test_every_call_of_every_state_machine_is_one_that_the_service_takes(template: dict[str, Any]) -> None:
    """Names, types, lengths, ranges, enums and patterns."""
    counts = {"TuningTune": 3, "TuningRequest": 1, "TuningHandOffPromote": 3, "TuningHandOffRollBack": 5}
    for machine, count in counts.items():
        assert refused(template, machine) == []
        assert len(calls(template, machine)) == count


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("ResourceConfig", "InstanceType"), "g6e.xlarge", "not in the enum"),
        (("TrainingJobName",), "tune_1", "does not match"),
        (("TrainingJobName",), "t" * 64, "has a length of 64"),
        (("VpcConfig", "SecurityGroupIds"), [], "has a length of 0"),
        (("EnableNetworkIsolation",), "true", "no boolean"),
        (("HyperParameters", "epochs"), 3, "no text"),
        (("Unknown",), 1, "has an unknown Unknown"),
        (("RetryStrategy", "MaximumRetryAttempts"), 31, "allowed are 1 to 30"),
    ],
)
def test_a_wrong_argument_would_be_found(
    template: dict[str, Any], path: tuple[str, ...], value: object, fault: str
) -> None:
    """The check above is not blind."""
    sent = json.loads(json.dumps(calls(template)["Train"][1]))
    holder = sent
    for name in path[:-1]:
        holder = holder[name]
    holder[path[-1]] = value

    assert any(fault in each for each in faults("sagemaker", "CreateTrainingJob", sent))


def test_a_job_is_alone_in_the_network_and_encrypted_throughout(template: dict[str, Any]) -> None:
    """Isolation, our subnets, traffic between containers, output."""
    train, evaluate = (calls(template)[name][1] for name in ("Train", "Evaluate"))

    assert train["EnableNetworkIsolation"] is True
    assert train["EnableInterContainerTrafficEncryption"] is True
    assert train["VpcConfig"]["Subnets"] == ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    assert ":key/" in train["OutputDataConfig"]["KmsKeyId"]
    assert evaluate["NetworkConfig"]["EnableNetworkIsolation"] is True
    assert evaluate["NetworkConfig"]["EnableInterContainerTrafficEncryption"] is True
    assert ":key/" in evaluate["ProcessingOutputConfig"]["KmsKeyId"]


def test_the_disk_has_our_key_where_the_machine_has_no_disk_of_its_own() -> None:
    """SageMaker refuses a key for local disks, which the machine encrypts itself."""
    own = Estate(machines=Machines.on_demand("ml.g6e.xlarge", max_runtime=Duration.hours(1)))
    without = Estate(
        machines=Machines.on_demand("ml.m7i.2xlarge", max_runtime=Duration.hours(1)),
        trainer=JobContainer(image=JobImage.cpu()),
    )

    assert "VolumeKmsKeyId" not in arguments(own, "Train")["ResourceConfig"]
    assert ":key/" in arguments(without, "Train")["ResourceConfig"]["VolumeKmsKeyId"]
    assert refused(testing.template(without.stack)) == []


def test_the_held_out_records_never_reach_the_training(template: dict[str, Any]) -> None:
    """The training has train records and base model; the evaluation has the rest."""
    train, evaluate = (calls(template)[name][1] for name in ("Train", "Evaluate"))

    assert [channel["ChannelName"] for channel in train["InputDataConfig"]] == ["train", "base_model"]
    assert [each["InputName"] for each in evaluate["ProcessingInputs"]] == ["held_out", "tuned_model", "base_model"]


def test_names_and_folders_come_from_the_execution(template: dict[str, Any]) -> None:
    """The same execution asks for the same job, whatever it is told; another one writes elsewhere."""
    train = calls(template)["Train"][1]

    (group,) = testing.resources(template, "AWS::SageMaker::ModelPackageGroup").values()
    mark = mark_of(group["Properties"]["ModelPackageGroupName"])
    assert train["TrainingJobName"] == f"tune-{mark}-{RUN}-0"
    assert train["OutputDataConfig"]["S3OutputPath"].endswith(f"/runs/{RUN}/model")
    assert train["InputDataConfig"][0]["DataSource"]["S3DataSource"]["S3Uri"].endswith(f"/approved/{RUN}/train/")
    assert train["CheckpointConfig"]["S3Uri"].endswith(f"/runs/{RUN}/checkpoints")


def test_spot_trains_from_checkpoints_and_ends_in_time() -> None:
    """The wait includes the run."""
    spot = Estate(machines=Machines.spot("ml.g5.2xlarge", max_runtime=Duration.hours(4)))

    train = arguments(spot, "Train")
    assert train["EnableManagedSpotTraining"] is True
    assert train["StoppingCondition"] == {"MaxRuntimeInSeconds": 14_400, "MaxWaitTimeInSeconds": 28_800}
    assert "CheckpointConfig" in train
    assert refused(testing.template(spot.stack)) == []


def test_several_machines_talk_to_one_another_and_to_nobody_else() -> None:
    """EFA needs every port within the group; a single machine needs none."""
    several = Estate(
        machines=Machines.cluster("ml.p5.48xlarge", 4, max_runtime=Duration.hours(12)),
        trainer=JobContainer(image=JobImage.pytorch()),
        method=TuningMethod.full(),
    )
    template = testing.template(several.stack)
    (rule,) = testing.resources(template, "AWS::EC2::SecurityGroupIngress").values()

    assert arguments(several, "Train")["ResourceConfig"]["InstanceCount"] == 4
    assert rule["Properties"]["SourceSecurityGroupId"] == rule["Properties"]["GroupId"]
    assert refused(template) == []


def test_trainium_trains_and_measures_with_neuron() -> None:
    """Processing jobs have no Trainium, so the evaluation is a training job."""
    evaluator = Evaluator.training_job(
        JobContainer(image=JobImage.neuron()), "ml.trn1.32xlarge", standards=[Standard(metric="loss", least=2)]
    )
    neuron = Estate(
        machines=Machines.on_demand("ml.trn1.32xlarge", max_runtime=Duration.hours(12)),
        trainer=JobContainer(image=JobImage.neuron()),
        method=TuningMethod.lora(tensor_parallel=8),
        evaluator=evaluator,
    )

    assert arguments(neuron, "Train")["HyperParameters"]["tensor_parallel_size"] == "8"
    evaluate = arguments(neuron, "Evaluate")
    assert {channel["ChannelName"] for channel in evaluate["InputDataConfig"]} == {
        "held_out",
        "tuned_model",
        "base_model",
    }
    assert refused(testing.template(neuron.stack)) == []


def test_a_gated_model_is_read_with_the_licence_that_somebody_accepted() -> None:
    """From the gated bucket of the region, and only by training jobs."""
    gated = Estate(
        base_model=BaseModel.jumpstart(
            "meta-textgeneration-llama-3-1-8b",
            "2.12.1",
            artifact="meta-training/train-meta-textgeneration-llama-3-1-8b",
            licence=LicenceAcceptance(by="legal, case 4711", on="2026-11-20"),
        ),
        evaluator=Evaluator.training_job(
            JobContainer(image=JobImage.hugging_face()), "ml.g6e.xlarge", standards=[Standard(metric="accuracy")]
        ),
    )

    source = arguments(gated, "Train")["InputDataConfig"][1]["DataSource"]["S3DataSource"]
    assert source["S3Uri"].startswith("s3://jumpstart-private-cache-prod-us-east-1/meta-training/")
    assert source["ModelAccessConfig"] == {"AcceptEula": True}
    assert refused(testing.template(gated.stack)) == []


def test_the_registry_entry_holds_card_lineage_and_where_it_was_measured(template: dict[str, Any]) -> None:
    """Nothing is approved by default, and one execution makes one entry."""
    entry = calls(template)["Register"][1]

    assert entry["ModelApprovalStatus"] == "PendingManualApproval"
    assert set(entry["CustomerMetadataProperties"]) == {
        "run",
        "training_job",
        "data_sha256",
        "base_model_sha256",
        "artifacts_sha256",
    }
    assert entry["ModelMetrics"]["ModelQuality"]["Statistics"]["ContentDigest"] == f"sha256:{DIGEST}"
    assert len(entry["ClientToken"]) == 32
