"""Batch transform: what is asked of the service, who may ask it, and what is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from sagemaker_estate import ACCOUNT, Estate, Rendered

from genai_layers import testing
from genai_layers.foundation import EncryptionKey
from genai_layers.foundation.nag import attach_checks, unmatched_acknowledgements
from genai_layers.jobs import BatchTransform, ITransformable, TransformError
from genai_layers.operations.interfaces import ICountedJob
from genai_layers.platform import sagemaker
from tests.service_model import faults

pytestmark = pytest.mark.synth


@dataclass(frozen=True, kw_only=True)
class TransformStandIn:
    """A model that somebody else made, on a machine that does no batches."""

    bucket: s3.IBucket
    output_key: kms.IKey
    model_name: str = "theirs"
    instance_type: str = "ml.p5.48xlarge"
    records: str = "records"
    answers: str = "answers"


def transform(
    estate: Estate, *, model: sagemaker.TransformModel | TransformStandIn | None = None, **props: Any
) -> BatchTransform:
    """Make a model and its batch transform."""
    key = EncryptionKey(estate.stack, "TransformKey", description="batches", uses=BatchTransform.REQUIRED_KEY_USES).key
    model = model or subject(estate)
    assert isinstance(model, ITransformable)
    return BatchTransform(estate.stack, "Transform", subject=model, key=key, **props)


def subject(estate: Estate, **props: Any) -> sagemaker.TransformModel:
    """Make a model for batches."""
    given = {"model": estate.llama(), "instance_type": "ml.g5.2xlarge", "bucket": estate.mail, **props}
    return sagemaker.TransformModel(
        estate.stack, "Model", key=estate.key, vpc=estate.vpc, subnets=estate.subnets, **given
    )


@pytest.fixture(scope="module")
def batches() -> Rendered:
    """Return a template with a batch transform that is clean under every pack."""
    app = testing.app()
    attach_checks(app)
    estate = Estate(app=app, id="Batches")
    made = transform(estate)
    made.grant_start(estate.caller("Starter"))
    return Rendered(template=estate.template(), estate=estate)


@pytest.mark.synth
def test_runs_that_began_are_drawn_beside_those_that_failed() -> None:
    """A dashboard that only shows failures cannot tell a quiet job from a good one."""
    made = transform(Estate())

    assert isinstance(made, ICountedJob)
    assert made.metric_started().metric_name == "ExecutionsStarted"


def arguments(rendered: Rendered) -> dict[str, Any]:
    """Return what the only step asks of the service."""
    text = rendered.value(rendered.one("AWS::StepFunctions::StateMachine")["DefinitionString"])
    (step,) = json.loads(text)["States"].values()
    assert step["Resource"].endswith(":states:::sagemaker:createTransformJob.sync")
    found: dict[str, Any] = step["Parameters"]
    return found


def filled(value: Any) -> Any:
    """Return arguments with an example for each expression."""
    if not isinstance(value, dict):
        return value
    examples = {"TransformJobName": "a-1", "S3Uri": "s3://mail/records/a/", "S3OutputPath": "s3://mail/answers/a/"}
    return {
        name.removesuffix(".$"): examples[name.removesuffix(".$")] if name.endswith(".$") else filled(item)
        for name, item in value.items()
    }


def test_the_step_asks_what_the_service_model_takes(batches: Rendered) -> None:
    """Names, types, ranges, enums and patterns."""
    assert faults("sagemaker", "CreateTransformJob", filled(arguments(batches))) == []


def test_answers_are_under_our_key(batches: Rendered) -> None:
    """They are not left to the key of the service."""
    assert arguments(batches)["TransformOutput"]["KmsKeyId"].startswith("arn:aws:kms:")


def test_a_volume_has_our_key_and_local_disks_have_none(estate: Estate, batches: Rendered) -> None:
    """SageMaker refuses a key for a machine with local disks, which encrypts them itself."""
    on_cpu = sagemaker.engines.embeddings("bge", estate.files("bge"), on_cpu=True)
    transform(estate, model=subject(estate, model=on_cpu, instance_type="ml.m6i.xlarge"))

    with_volume = arguments(Rendered(template=estate.template(), estate=estate))["TransformResources"]

    assert with_volume["VolumeKmsKeyId"].startswith("arn:aws:kms:")
    assert "VolumeKmsKeyId" not in arguments(batches)["TransformResources"]


def test_the_uses_of_the_key_let_logs_and_machines_have_it(batches: Rendered) -> None:
    """A key with just what the construct asks for encrypts the log group and the machines."""
    policy = batches.one("AWS::KMS::Key", "TransformKey")["KeyPolicy"]["Statement"]

    sids = {statement.get("Sid") for statement in policy}

    assert {"Logs", "SageMakerGrant"} <= sids


def test_the_name_of_a_job_fits_and_is_the_same_for_every_try(batches: Rendered) -> None:
    """A lost answer leads to the same job; 24 characters, a dash and a digest of 32 are below 63."""
    name = arguments(batches)["TransformJobName.$"]

    assert "States.Hash($$.Execution.Id, 'MD5')" in name
    assert len(name.split("'")[1].replace("{}", "0" * 32)) <= 63


def test_the_state_machine_starts_its_own_jobs_only(batches: Rendered) -> None:
    """It passes no role, since the model has its own."""
    jobs = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:transform-job"
    own = arguments(batches)["TransformJobName.$"].split("'")[1].replace("{}", "0" * 32)

    answers = batches.allowed(
        "TransformRunRole",
        ("sagemaker:CreateTransformJob", f"{jobs}/{own}", {}),
        ("sagemaker:StopTransformJob", f"{jobs}/{own.lower()}", {}),
        ("sagemaker:CreateTransformJob", f"{jobs}/another", {}),
        ("sagemaker:CreateModel", f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:model/x", {}),
        ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/x", {}),
    )

    assert answers == [True, True, False, False, False]


def test_the_model_reads_records_and_writes_answers_only(batches: Rendered) -> None:
    """Not the other way round."""
    (bucket,) = batches.all("AWS::S3::Bucket", "Mail")
    mail = f"arn:aws:s3:::{bucket.lower()}"

    answers = batches.allowed(
        "ModelHostingRole",
        ("s3:GetObject", f"{mail}/records/2026-12/1.jsonl", {}),
        ("s3:PutObject", f"{mail}/answers/2026-12/job/1.jsonl.out", {}),
        ("s3:GetObject", f"{mail}/answers/2026-12/job/1.jsonl.out", {}),
        ("s3:PutObject", f"{mail}/records/2026-12/1.jsonl", {}),
        ("s3:ListBucket", mail, {"s3:prefix": "records/2026-12/"}),
        ("s3:ListBucket", mail, {"s3:prefix": "answers/2026-12/"}),
    )

    assert answers == [True, True, False, False, True, False]


def test_no_acceptance_of_a_batch_is_idle(batches: Rendered) -> None:
    """What is accepted is really found."""
    assert [str(entry) for entry in unmatched_acknowledgements(batches.estate.stack.node.root.outdir)] == []


def test_a_machine_that_does_no_batches_and_folders_that_meet_are_refused(estate: Estate) -> None:
    """All together, with the machines that do."""
    with pytest.raises(sagemaker.TransformError) as caught:
        subject(estate, instance_type="ml.p5.48xlarge", records="a", answers="a")

    assert "'ml.p5.48xlarge' is not run for transform by SageMaker" in str(caught.value)
    assert "name two folders, or answers are read as records" in str(caught.value)


def test_numbers_out_of_range_and_a_machine_without_batches_are_refused_together(estate: Estate) -> None:
    """Also where the model is not one of ours, and was not looked at before."""
    model = TransformStandIn(bucket=estate.mail, output_key=estate.key)

    with pytest.raises(TransformError, match=r"not run for transform.*machines are 0: choose 1 to 100; max_payload_mb"):
        transform(estate, model=model, machines=0, max_payload_mb=500)
