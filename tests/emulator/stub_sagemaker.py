"""
What SageMaker does around a job, as a Lambda function: carry channels in, run the command, carry output out.

It stands for `createTrainingJob` and `createProcessingJob`, and acts with the role of the job alone.
There is no container: the command runs where the function runs.
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path

import boto3


def handler(event, _context):
    """Run one job and answer as SageMaker describes it when it has ended."""
    s3, root = boto3.client("s3"), Path(tempfile.mkdtemp())
    training = "TrainingJobName" in event
    network = event if training else event["NetworkConfig"]
    if network["EnableNetworkIsolation"] is not True:
        raise ValueError("a job with a network")
    for name, uri, place in _channels(event):
        _carry_in(s3, uri, root / place.lstrip("/") / name)
    config = root / "opt/ml/input/config"
    config.mkdir(parents=True, exist_ok=True)
    (config / "hyperparameters.json").write_text(json.dumps(event.get("HyperParameters", {})), "utf-8")
    places = {name: str(root / place.lstrip("/")) for name, place in event["Environment"].items()}
    for place in places.values():
        Path(place).mkdir(parents=True, exist_ok=True)
    specification = event["AlgorithmSpecification" if training else "AppSpecification"]
    command = [part.replace("/opt/ml", f"{root}/opt/ml") for part in specification["ContainerEntrypoint"]]
    subprocess.run(command, check=True, env={"PATH": os.environ["PATH"], **places}, timeout=60)
    if not training:
        (output,) = event["ProcessingOutputConfig"]["Outputs"]
        _carry_out(s3, Path(places["OUTPUT_DIR"]), output["S3Output"]["S3Uri"])
        return event
    artifacts = f"{event['OutputDataConfig']['S3OutputPath']}/{event['TrainingJobName']}/output/model/"
    _carry_out(s3, Path(places["OUTPUT_DIR"]), artifacts)
    _carry_out(s3, Path(places["CHECKPOINT_DIR"]), event["CheckpointConfig"]["S3Uri"])
    return {"TrainingJobName": event["TrainingJobName"], "ModelArtifacts": {"S3ModelArtifacts": artifacts}}


def _channels(event):
    for each in event.get("InputDataConfig", []):
        yield each["ChannelName"], each["DataSource"]["S3DataSource"]["S3Uri"], "/opt/ml/input/data"
    for each in event.get("ProcessingInputs", []):
        yield each["InputName"], each["S3Input"]["S3Uri"], "/opt/ml/processing/input"


def _carry_in(s3, uri, folder):
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    found = s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
    if not found:
        raise ValueError(f"nothing at {uri}")
    for each in found:
        # A prefix that is no folder is the key of one object.
        name = each["Key"][len(prefix) :].lstrip("/") if prefix.endswith("/") else each["Key"].rsplit("/", 1)[-1]
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read())


def _carry_out(s3, folder, uri):
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    for file in (each for each in folder.rglob("*") if each.is_file()):
        key = f"{prefix.rstrip('/')}/{file.relative_to(folder)}"
        s3.put_object(Bucket=bucket, Key=key, Body=file.read_bytes())
