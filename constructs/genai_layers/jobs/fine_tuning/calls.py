"""The calls to SageMaker, as a state machine makes them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from genai_layers.jobs.fine_tuning.base_model import BaseModel
from genai_layers.jobs.fine_tuning.container import CODE, BoundCode
from genai_layers.jobs.fine_tuning.evaluation import Evaluator, JobKind
from genai_layers.jobs.fine_tuning.machines import Machines

RUNS = "runs/"
"""Folder of all runs in the output bucket; each has its own below, which no other run writes."""

RUN_ID = "$.run"

_TRAINING_INPUT, _PROCESSING = "/opt/ml/input/data", "/opt/ml/processing"
_CHECKPOINTS = "/opt/ml/checkpoints"

TRAINING_PLACES = {"INPUT_DIR": _TRAINING_INPUT, "OUTPUT_DIR": "/opt/ml/model", "CHECKPOINT_DIR": _CHECKPOINTS}
PROCESSING_PLACES = {"INPUT_DIR": f"{_PROCESSING}/input", "OUTPUT_DIR": f"{_PROCESSING}/output"}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPlace:
    """
    Where every job of a pipeline runs and writes.

    Attributes:
        role_arn: Role of the job.
        image_uri: Image of the job.
        code: Code of the job; None where the image holds it.
        subnets: Ids of the subnets.
        security_group: Id of the security group.
        outputs: Bucket of the runs.
        approved: Address of the folder of what passed the gate, with a closing slash.
        key: Key of disks and output.
        mark: What tells the jobs of one pipeline from those of another; part of their names.
    """

    role_arn: str
    image_uri: str
    code: BoundCode | None
    subnets: Sequence[str]
    security_group: str
    outputs: s3.IBucket
    approved: str
    key: kms.IKey
    mark: str

    @property
    def network(self) -> dict[str, Any]:
        """Subnets and security group, as both kinds of job take them."""
        return {"SecurityGroupIds": [self.security_group], "Subnets": list(self.subnets)}

    def data(self, part: str) -> dict[str, str]:
        """Return the source of one part of the data that passed the gate in this run."""
        return {"S3Uri.$": f"States.Format('{self.approved}{{}}/{part}/', {RUN_ID})"}

    def folder(self, name: str) -> str:
        """Return the expression for the address of a folder of the run."""
        return f"States.Format('s3://{self.outputs.bucket_name}/{RUNS}{{}}/{name}', {RUN_ID})"


def mark_of(group_name: str) -> str:
    """
    Return what tells the jobs of one pipeline from those of another.

    The name of a group is taken once in an account and region, so what is derived from it is too.
    """
    return hashlib.sha256(group_name.encode()).hexdigest()[:8]


def job_prefix(kind: str, mark: str) -> str:
    """Return what the names of all jobs of a kind of one pipeline begin with; its grants end there."""
    return f"{kind}-{mark}-"


def job_name(kind: str, mark: str) -> str:
    """
    Return the expression for the name of a job.

    The same for every try of one execution, so that an answer that got lost leads to the same job and not to a second;
    another one when the execution is redriven, since the name of a job that failed is taken for ever.
    """
    return f"States.Format('{job_prefix(kind, mark)}{{}}-{{}}', {RUN_ID}, $$.Execution.RedriveCount)"


def training(
    place: JobPlace, machines: Machines, base: BaseModel, stack: Stack, hyperparameters: Mapping[str, str]
) -> dict[str, Any]:
    """
    Return the arguments of CreateTrainingJob for the tuning.

    Args:
        place: Where it runs.
        machines: What it runs on.
        base: What it starts from.
        stack: Stack that it belongs to.
        hyperparameters: What the trainer is told.
    """
    channels = [
        _channel("train", place.data("train")),
        {"ChannelName": "base_model", "DataSource": {"S3DataSource": base.source(stack)}, "InputMode": "File"},
    ]
    arguments = _training_job("tune", place, machines, channels, "model")
    return {
        **arguments,
        "HyperParameters": dict(hyperparameters),
        "CheckpointConfig": {"S3Uri.$": place.folder("checkpoints"), "LocalPath": _CHECKPOINTS},
    }


def evaluation(place: JobPlace, evaluator: Evaluator, base: BaseModel, stack: Stack) -> dict[str, Any]:
    """
    Return the arguments of CreateProcessingJob, or of CreateTrainingJob, for the evaluation.

    Args:
        place: Where it runs.
        evaluator: What measures.
        base: What the tuned model is compared with.
        stack: Stack that it belongs to.
    """
    held_out = place.data("held_out")
    tuned = {"S3Uri.$": "$.training.artifacts"}
    if evaluator.kind is JobKind.TRAINING:
        channels = [
            _channel("held_out", held_out),
            _channel("tuned_model", tuned),
            {"ChannelName": "base_model", "DataSource": {"S3DataSource": base.source(stack)}, "InputMode": "File"},
        ]
        return _training_job("judge", place, evaluator.machines, channels, "evaluation")
    inputs = [
        _input("held_out", held_out),
        _input("tuned_model", tuned),
        _input("base_model", {"S3Uri": base.uri(stack)}),
        *([_input(CODE, {"S3Uri": place.code.uri})] if place.code else []),
    ]
    cluster = evaluator.machines.resources(place.key)["ResourceConfig"]
    output = {
        "OutputName": "evaluation",
        "S3Output": {
            "S3Uri.$": place.folder("evaluation"),
            "LocalPath": PROCESSING_PLACES["OUTPUT_DIR"],
            "S3UploadMode": "EndOfJob",
        },
    }
    command = {"ContainerEntrypoint": list(place.code.command)} if place.code else {}
    return {
        "ProcessingJobName.$": job_name("judge", place.mark),
        "RoleArn": place.role_arn,
        "AppSpecification": {"ImageUri": place.image_uri, **command},
        "Environment": PROCESSING_PLACES,
        "ProcessingInputs": inputs,
        "ProcessingOutputConfig": {"Outputs": [output], "KmsKeyId": place.key.key_arn},
        # A processing job always has a volume, if small where the machine has disks of its own.
        "ProcessingResources": {"ClusterConfig": {"VolumeSizeInGB": evaluator.machines.volume_gib, **cluster}},
        "StoppingCondition": {"MaxRuntimeInSeconds": int(evaluator.machines.max_runtime.to_seconds())},
        "NetworkConfig": {
            "EnableInterContainerTrafficEncryption": True,
            "EnableNetworkIsolation": True,
            "VpcConfig": place.network,
        },
    }


def _training_job(
    kind: str, place: JobPlace, machines: Machines, channels: Sequence[Mapping[str, Any]], output: str
) -> dict[str, Any]:
    code = [_channel(CODE, {"S3Uri": place.code.uri})] if place.code else []
    command = {"ContainerEntrypoint": list(place.code.command)} if place.code else {}
    return {
        "TrainingJobName.$": job_name(kind, place.mark),
        "RoleArn": place.role_arn,
        "AlgorithmSpecification": {"TrainingImage": place.image_uri, "TrainingInputMode": "File", **command},
        "Environment": TRAINING_PLACES,
        "InputDataConfig": [*channels, *code],
        # As it is, so that it can be served, evaluated and tuned again without unpacking.
        "OutputDataConfig": {
            "S3OutputPath.$": place.folder(output),
            "KmsKeyId": place.key.key_arn,
            "CompressionType": "NONE",
        },
        **machines.resources(place.key),
        "VpcConfig": place.network,
        "EnableNetworkIsolation": True,
        "EnableInterContainerTrafficEncryption": True,
        # Faults of machines; what the trainer does wrong ends the job.
        "RetryStrategy": {"MaximumRetryAttempts": 2},
    }


def _channel(name: str, uri: Mapping[str, str]) -> dict[str, Any]:
    source = {"S3DataType": "S3Prefix", "S3DataDistributionType": "FullyReplicated", **uri}
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}, "InputMode": "File"}


def _input(name: str, uri: Mapping[str, str]) -> dict[str, Any]:
    return {
        "InputName": name,
        "S3Input": {
            "LocalPath": f"{PROCESSING_PLACES['INPUT_DIR']}/{name}",
            "S3DataType": "S3Prefix",
            "S3InputMode": "File",
            "S3DataDistributionType": "FullyReplicated",
            **uri,
        },
    }
