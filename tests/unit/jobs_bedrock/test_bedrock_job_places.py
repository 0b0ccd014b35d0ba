"""Where the jobs run, what they take, and what can be alarmed on."""

from __future__ import annotations

import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from conftest import CLAUDE

from genai_layers import testing
from genai_layers.catalog.errors import RegionError
from genai_layers.jobs.bedrock import BedrockJobError, IRunnableModel, ISearchable, ModelAccess, ModelImport, UseCase
from genai_layers.platform import FoundationModel, InferenceProfile, KnowledgeBase

pytestmark = pytest.mark.synth


@pytest.fixture
def stack():
    """An empty stack."""
    return testing.stack()


@pytest.fixture
def key(stack):
    """A key."""
    return kms.Key(stack, "Key")


@pytest.fixture
def nova(stack):
    """A model."""
    return FoundationModel.of(stack, "amazon.nova-lite-v1:0")


def test_a_region_without_bedrock_is_refused():
    """The partition of China has no Bedrock at all."""
    stack = testing.stack(region="cn-north-1")

    with pytest.raises(RegionError):
        ModelAccess(stack, "Access", models=[CLAUDE], key=kms.Key(stack, "Key"))


@pytest.mark.parametrize(
    ("region", "partition"), [("us-west-2", "aws"), ("eu-central-1", "aws"), ("us-gov-west-1", "aws-us-gov")]
)
def test_an_import_names_its_partition_and_region_in_every_arn(region, partition):
    """Nothing is written out that would be wrong elsewhere."""
    stack = testing.stack(region=region)
    key = kms.Key(stack, "Key")
    bucket = s3.Bucket(stack, "Data", encryption_key=key)
    ModelImport(stack, "Import", weights=bucket, path="models", key=key)
    text = str(testing.template(stack))

    assert f"arn:{partition}:bedrock:{region}:111122223333:model-import-job/*" in text
    assert f"s3.{region}." in text
    assert partition == "aws" or "arn:aws:" not in text


def test_models_and_knowledge_bases_of_ours_can_be_given_to_jobs(stack, key, nova):
    """What the jobs ask of them is what they have."""
    assert isinstance(nova, IRunnableModel)
    assert isinstance(InferenceProfile.geographic(stack, "amazon.nova-lite-v1:0"), IRunnableModel)
    assert isinstance(KnowledgeBase(stack, "Knowledge", key=key, access_logs=None), ISearchable)


def test_every_job_has_metrics_to_alarm_on(stack, key):
    """Failures and executions that were given up."""
    job = ModelAccess(stack, "Access", models=[CLAUDE], key=key)
    metrics = (
        job.metric_failed(),
        job.metric_timed_out(),
        job.metric_started(),
        job.metric_succeeded(),
        job.metric_duration(),
    )

    assert all(isinstance(metric, cloudwatch.Metric) for metric in metrics)
    assert [metric.metric_name for metric in metrics] == [
        "ExecutionsFailed",
        "ExecutionsTimedOut",
        "ExecutionsStarted",
        "ExecutionsSucceeded",
        "ExecutionTime",
    ]


def test_access_wants_ids_of_models_and_a_form_that_is_filled_in(stack, key):
    """A profile is told which model to name."""
    with pytest.raises(BedrockJobError) as error:
        ModelAccess(
            stack,
            "Access",
            models=["us.anthropic.claude-haiku-4-5-20251001-v1:0", "Claude"],
            key=key,
            use_case=UseCase(company_name=" ", company_website="example", industry="x", use_cases="y" * 20_000),
        )
    found = error.value.faults

    assert "name the model behind it, 'anthropic.claude-haiku-4-5-20251001-v1:0'" in found[0]
    assert len(found) == 5
    with pytest.raises(BedrockJobError, match="models is empty: name the models that are wanted"):
        ModelAccess(stack, "None", models=[], key=key)
