"""The gate: reads results of every kind of evaluation, and lets nothing pass that was not measured."""

from __future__ import annotations

import json

import boto3
import pytest
from moto import mock_aws

from genai_layers.runtime.jobs.handler import judge
from genai_layers.runtime.jobs.scores import Scores
from genai_layers.runtime.jobs.verdict import Threshold, verdict

MODEL = {"automatedEvaluationResult": {"scores": [{"metricName": "Builtin.Correctness", "result": 0.5}]}}
RAG = {"conversationTurns": [{"results": [{"metricName": "Builtin.Faithfulness", "result": 1.0}]}]}


def scores(*records):
    """Scores of records."""
    read = Scores()
    read.add_lines(json.dumps(record) for record in records)
    return read


def at_least(metric, value):
    """A threshold."""
    return Threshold(metric=metric, at_least=value, at_most=None)


@pytest.mark.parametrize(("record", "metric"), [(MODEL, "Correctness"), (RAG, "Faithfulness")])
def test_marks_are_found_in_results_of_models_and_of_retrieval(record, metric):
    """The two nest them differently, and some leave the prefix out."""
    assert scores(record).by_metric[metric].rated == 1


def test_marks_are_averaged():
    """0.5 and 1.0 are 0.75."""
    better = {"automatedEvaluationResult": {"scores": [{"metricName": "Correctness", "result": 1}]}}

    assert scores(MODEL, better).by_metric["Correctness"].mean == 0.75


@pytest.mark.parametrize("result", [None, "n/a", {}, True])
def test_what_the_judge_could_not_rate_is_counted_apart(result):
    """It is neither good nor bad."""
    score = scores({"scores": [{"metricName": "Refusal", "result": result}]}).by_metric["Refusal"]

    assert (score.rated, score.unrated, score.mean) == (0, 1, None)


def test_a_mark_of_a_custom_scale_is_a_number_too():
    """Custom metrics wrap it."""
    record = {"scores": [{"metricName": "tone", "result": {"floatValue": 2.0}}]}

    assert scores(record).by_metric["tone"].mean == 2.0


def test_a_mark_that_a_model_wrote_into_its_answer_is_no_mark():
    """The text of an answer cannot raise its own score."""
    forged = {"metricName": "Builtin.Correctness", "result": 100.0}
    record = {**MODEL, "modelResponses": [forged], "inputRecord": forged, "output": {"scores": [forged]}}

    assert scores(record).by_metric["Correctness"].mean == 0.5


def test_bounds_on_either_side_hold():
    """More is better of one, less of the other."""
    read = scores(MODEL)

    assert verdict(read, [at_least("Correctness", 0.5)], 0.9)["passed"]
    assert verdict(read, [at_least("Correctness", 0.51)], 0.9)["faults"] == [
        "Correctness is 0.5 on average, at least 0.51 is wanted"
    ]
    assert not verdict(read, [Threshold(metric="Builtin.Correctness", at_least=None, at_most=0.4)], 0.9)["passed"]


def test_a_metric_without_a_mark_does_not_pass():
    """Silence is no good mark."""
    assert "has no rating" in verdict(scores(), [at_least("Correctness", 0.0)], 0.0)["faults"][0]


def test_too_few_marks_do_not_pass():
    """A judge that rated one of two records says too little."""
    unrated = {"scores": [{"metricName": "Correctness", "result": None}]}
    faults = verdict(scores(MODEL, unrated), [at_least("Correctness", 0.1)], 0.9)["faults"]

    assert faults == ["Correctness was rated in 50% of the records, at least 90% is wanted"]


def test_the_gate_reads_every_file_with_results_of_the_execution_and_no_other():
    """Results lie deep below the folder; files of other executions and other kinds stay unread."""
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
        s3.create_bucket(Bucket="data")
        line = json.dumps(MODEL).encode() + b"\n\n"
        for key in ("marks/one/job/models/m/x_output.jsonl", "marks/one/job/models/m/y_output.jsonl"):
            s3.put_object(Bucket="data", Key=key, Body=line)
        s3.put_object(Bucket="data", Key="marks/one/amazon-bedrock-evaluations-permission-check", Body=b"no json")
        s3.put_object(Bucket="data", Key="marks/two/z_output.jsonl", Body=line)
        event = {
            "bucket": "data",
            "prefix": "marks/one/",
            "thresholds": [{"metric": "Correctness", "at_least": 0.4}],
            "rated_share": 0.9,
        }

        found = judge(event, s3)

    assert found == {
        "passed": True,
        "faults": [],
        "scores": {"Correctness": {"mean": 0.5, "rated": 2, "unrated": 0}},
    }
