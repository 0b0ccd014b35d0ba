"""Settings that could not work, refused together, before anything is deployed."""

from __future__ import annotations

import pytest
from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from conftest import GRADER

from genai_layers import testing
from genai_layers.jobs.bedrock import (
    Algorithm,
    BatchInference,
    BedrockJobError,
    Dataset,
    Distillation,
    Evaluation,
    FineTuning,
    GivenAnswers,
    Judge,
    ModelAnswers,
    ModelCustomization,
    ModelImport,
    ReinforcementFineTuning,
    RetrievedPassages,
    SmokeTest,
    Threshold,
)
from genai_layers.platform import FoundationModel, KnowledgeBase

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
def bucket(stack):
    """A bucket that tells no key."""
    return s3.Bucket.from_bucket_name(stack, "Data", "data")


@pytest.fixture
def nova(stack):
    """A model."""
    return FoundationModel.of(stack, "amazon.nova-lite-v1:0")


def faults(make):
    """What is wrong, all at once."""
    with pytest.raises(BedrockJobError) as error:
        make()
    return error.value.faults


def test_an_import_names_every_fault(stack, key, bucket):
    """Folder, name, question and times in one message."""
    found = faults(
        lambda: ModelImport(
            stack,
            "Import",
            weights=bucket,
            path="/models/",
            key=key,
            name="Support_Bot",
            smoke_test=SmokeTest(body={}, expect="*", model_loads_within=Duration.days(1)),
            poll=Duration.seconds(1),
        )
    )

    assert len(found) == 6
    assert "name is 'Support_Bot': use small letters" in found[1]
    assert "poll is 1 seconds, allowed are 15 to 3600" in found[5]


def test_a_wait_that_an_execution_has_no_room_for_is_refused_with_the_poll_that_fits(stack, key, bucket):
    """A look takes eleven of 25,000 events; the execution would die half-way."""
    (found,) = faults(
        lambda: ModelImport(
            stack, "Import", weights=bucket, path="models", key=key, poll=Duration.minutes(1), timeout=Duration.days(3)
        )
    )

    assert "4320 looks" in found
    assert "raise poll to 168 seconds or more" in found


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"epochCount": 2}, "Bedrock takes strings, write '2'"),
        ({"epochCount": "2.5"}, "write a whole number as a string"),
        ({"learningRate": "fast"}, "write a number as a string"),
        ({"epoch count": "2"}, "write it like 'epochCount'"),
        ({"somethingNew": ""}, "write a number as a string"),
    ],
)
def test_hyper_parameters_are_strings_of_the_right_form(given, words):
    """The service would refuse them when the job starts, long after the deploy."""
    (found,) = FineTuning(hyper_parameters=given).faults()

    assert words in found


def test_hyper_parameters_that_are_newer_than_our_list_pass():
    """Models have some of their own."""
    assert FineTuning(hyper_parameters={"loraRank": "8", "learningRate": "1e-5"}).faults() == []


def test_numbers_of_reinforcement_are_within_the_services_bounds(stack):
    """Five numbers, one word."""
    grader = lambda_.Function.from_function_arn(stack, "Grader", GRADER)
    way = ReinforcementFineTuning(
        grader=grader,
        epochs=0,
        batch_size=8,
        learning_rate=1.0,
        samples_per_prompt=1,
        evaluate_every=101,
        reasoning_effort="extreme",
    )

    assert len(way.faults()) == 6
    assert "epochs is 0, allowed are 1 to 50" in way.faults()


def test_a_customization_names_every_fault(stack, key, bucket, nova):
    """Way, data, output, times."""
    found = faults(
        lambda: ModelCustomization(
            stack,
            "Tuning",
            base_model=nova,
            customization=Distillation(teacher=nova, max_response_tokens=0),
            training=Dataset(bucket=bucket, path="training/", file="/a.jsonl"),
            output=bucket,
            output_path="",
            key=key,
            timeout=Duration.seconds(1),
        )
    )

    assert len(found) == 5


def test_an_evaluation_without_a_threshold_is_no_gate(stack, key, bucket, nova):
    """And metrics that this evaluator cannot measure are named with those that it can."""
    questions = Dataset(bucket=bucket, path="questions", file="a.jsonl")

    def made(id, **more):
        return lambda: Evaluation(
            stack,
            id,
            **{
                "subject": ModelAnswers(model=nova),
                "evaluator": Judge(model=nova),
                "dataset": questions,
                "thresholds": [],
                "output": bucket,
                "output_path": "marks",
                "key": key,
                **more,
            },
        )

    (empty,) = faults(made("Empty"))
    (unknown,) = faults(made("Unknown", thresholds=[Threshold(metric="Toxicity", at_most=0.1)]))
    bounds = faults(
        made(
            "Bounds",
            subject=GivenAnswers(source="chat"),
            thresholds=[Threshold(metric="Correctness"), Threshold(metric="Relevance", at_least=0.9, at_most=0.1)],
            rated_share=2,
        )
    )

    assert "an evaluation that cannot fail is no gate" in empty
    assert "choose Coherence, Completeness, Correctness" in unknown
    assert len(bounds) == 3


def test_an_algorithm_cannot_mark_what_a_knowledge_base_finds(stack, key, bucket):
    """Only a judge reads passages."""
    base = KnowledgeBase(stack, "Knowledge", key=key, access_logs=None)
    found = faults(
        lambda: Evaluation(
            stack,
            "Quality",
            subject=RetrievedPassages(knowledge_base=base),
            evaluator=Algorithm(of="Poetry"),
            dataset=Dataset(bucket=bucket, path="questions", file="a.jsonl"),
            thresholds=[Threshold(metric="Accuracy", at_least=0.5)],
            output=bucket,
            output_path="marks",
            key=key,
        )
    )

    assert "the task is 'Poetry'" in found[0]
    assert "take a Judge" in found[1]


@pytest.mark.parametrize(("hours", "tolerated"), [(23, 0), (169, 0), (24, -1)])
def test_a_batch_has_the_times_and_counts_of_the_service(stack, key, bucket, nova, hours, tolerated):
    """24 to 168 hours, and no less than nothing to tolerate."""
    records = Dataset(bucket=bucket, path="records", file="a.jsonl")
    found = faults(
        lambda: BatchInference(
            stack,
            "Batch",
            model=nova,
            records=records,
            output=bucket,
            output_path="answers",
            key=key,
            hours=hours,
            tolerated_errors=tolerated,
        )
    )

    assert len(found) == 1


def test_the_longest_batch_fits_into_an_execution(stack, key, bucket, nova):
    """A week at a look every ten minutes."""
    records = Dataset(bucket=bucket, path="records", file="a.jsonl")
    BatchInference(
        stack, "Batch", model=nova, records=records, output=bucket, output_path="answers", key=key, hours=168
    )
