"""The gate behind a training: good enough, not worse than the base model, and all there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from gate_fakes import RUN, Buckets

from genai_layers.runtime.model_gate.gate import judge
from genai_layers.runtime.model_gate.standards import EvaluationError, Standard, parse

FACTS = {"creator": "team", "purpose": "p", "uses": "u", "limits": "l", "risk": "Low", "risk_reason": "r"}
EVENT = {
    "run": RUN,
    "bucket": "out",
    "folder": f"runs/{RUN}/",
    "evaluation_folder": "s3://out/evaluation",
    "artifacts": "s3://out/model/",
    "records": 50,
    "lineage": {"data_sha256": "d" * 64, "base_model": "tiny 1", "base_model_sha256": "b" * 64, "method": "lora"},
}


def judged(base: object, tuned: object, *standards: Standard, records: object = 50, model: bool = True) -> Any:
    """The judgement on what was measured."""
    buckets = Buckets()
    measured = {"records": records, "base": base, "tuned": tuned}
    buckets.put("out", "evaluation/evaluation.json", json.dumps(measured).encode())
    if model:
        buckets.put("out", "model/weights", b"w")
    return judge(EVENT, standards or (Standard(metric="accuracy"),), FACTS, buckets)


def test_a_better_model_passes_and_waits_for_a_person() -> None:
    """Nothing is approved by default."""
    answer = judged({"accuracy": 0.7}, {"accuracy": 0.8})

    assert (answer["passed"], answer["approval"]) == (True, "PendingManualApproval")


def test_a_model_that_is_worse_than_its_base_is_stopped_with_both_numbers() -> None:
    """The default allows no loss."""
    answer = judged({"accuracy": 0.8}, {"accuracy": 0.79})

    assert answer["passed"] is False
    assert answer["reasons"] == ["accuracy is 0.79 and 0.8 for the base model, allowed loss 0"]


@pytest.mark.parametrize(
    ("standard", "base", "tuned", "passes"),
    [
        (Standard(metric="m", tolerance=0.05), 0.80, 0.76, True),
        (Standard(metric="m", tolerance=-0.05), 0.80, 0.82, False),
        (Standard(metric="m", tolerance=None, least=0.5), 0.80, 0.6, True),
        (Standard(metric="m", least=0.9), 0.80, 0.85, False),
        (Standard(metric="m", higher_is_better=False), 3.0, 2.9, True),
        (Standard(metric="m", higher_is_better=False), 3.0, 3.1, False),
        (Standard(metric="m", higher_is_better=False, least=2.0), 3.0, 2.5, False),
        (Standard(metric="m", higher_is_better=False, least=2.0), 3.0, 1.5, True),
    ],
)
def test_standards_hold_in_both_directions(standard: Standard, base: float, tuned: float, passes: bool) -> None:
    """Accuracy must be high, loss must be low."""
    assert judged({"m": base}, {"m": tuned}, standard)["passed"] is passes


def test_a_gain_that_speaks_for_itself_needs_every_standard_to_say_so() -> None:
    """One standard without a margin keeps a person in it."""
    sure = Standard(metric="m", margin=0.1)

    assert judged({"m": 0.5}, {"m": 0.7}, sure)["approval"] == "Approved"
    assert judged({"m": 0.5}, {"m": 0.55}, sure)["approval"] == "PendingManualApproval"
    values = ({"m": 0.5, "n": 1}, {"m": 0.7, "n": 1})
    assert judged(*values, sure, Standard(metric="n"))["approval"] == "PendingManualApproval"


def test_an_evaluation_of_a_part_of_the_held_out_set_does_not_count() -> None:
    """An evaluator that skips what is hard looks good."""
    assert judged({"accuracy": 0.5}, {"accuracy": 0.9}, records=10)["reasons"] == [
        "10 records were evaluated, 50 are held out"
    ]


def test_a_training_that_left_no_model_is_stopped() -> None:
    """A good number about nothing is not registered."""
    assert judged({"accuracy": 0.5}, {"accuracy": 0.9}, model=False)["reasons"] == [
        "the training left no model at model/"
    ]


@pytest.mark.parametrize(
    ("base", "tuned", "records", "message"),
    [
        ({"accuracy": 0.5}, {"accuracy": float("nan")}, 50, "accuracy of the tuned model is no finite number"),
        ({"accuracy": True}, {"accuracy": 1}, 50, "accuracy of the base model is no finite number"),
        ({}, {"accuracy": 1}, 50, "no metrics of the base model"),
        ({"accuracy": 1}, [1], 50, "no metrics of the tuned model"),
        ({"loss": 1}, {"loss": 1}, 50, "accuracy of the base model was not measured, only loss"),
        ({"accuracy": 1}, {"accuracy": 1}, None, "must hold records"),
    ],
)
def test_an_evaluation_that_says_nothing_is_an_error(base: Any, tuned: Any, records: Any, message: str) -> None:
    """NaN compares as not worse, so it must not be compared."""
    with pytest.raises(EvaluationError, match=message):
        judged(base, tuned, records=records)


def test_an_evaluation_that_is_no_json_is_an_error() -> None:
    """An evaluator that died half-way."""
    buckets = Buckets()
    buckets.put("out", "evaluation/evaluation.json", b"{")

    with pytest.raises(EvaluationError, match="is no JSON"):
        judge(EVENT, (Standard(metric="m"),), FACTS, buckets)


def test_the_card_holds_lineage_and_both_measurements() -> None:
    """Who looks at the model in the registry sees what it was made of and what it replaced."""
    answer = judged({"accuracy": 0.7}, {"accuracy": 0.8})
    card = json.loads(answer["card"])

    assert card["additional_information"]["custom_details"]["data_sha256"] == "d" * 64
    assert card["additional_information"]["custom_details"]["artifacts_sha256"] == answer["artifacts_sha256"]
    assert [part["metric_groups"][0]["metric_data"][0]["value"] for part in card["evaluation_details"]] == [0.8, 0.7]
    # A card of a package has no package details, and two names in its overview (SageMaker API, ModelPackageModelCard).
    assert set(card["model_overview"]) == {"model_creator", "model_artifact"}
    assert len(answer["card"]) < 100_000


def test_standards_are_read_from_the_environment() -> None:
    """As the construct writes them."""
    assert parse('[{"metric": "loss", "higher_is_better": false}]') == (
        Standard(metric="loss", higher_is_better=False),
    )


def test_a_model_elsewhere_is_not_judged() -> None:
    """A job that wrote to another bucket is not the one that was started."""
    with pytest.raises(EvaluationError, match="is not in the bucket of the runs"):
        judge({**EVENT, "artifacts": "s3://other/model/"}, (Standard(metric="m"),), FACTS, Buckets())
