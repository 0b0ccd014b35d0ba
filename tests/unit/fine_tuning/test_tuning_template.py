"""The template as a whole: what a linter says, which ids never move, and what it costs while nothing runs."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tuning_estate import MACHINES, Estate

from genai_layers import testing
from genai_layers.cost import idle_floor
from genai_layers.jobs.fine_tuning import TuningMethod

pytestmark = pytest.mark.synth

STATEFUL = ("AWS::S3::Bucket", "AWS::SSM::Parameter", "AWS::SageMaker::ModelPackageGroup", "AWS::Logs::LogGroup")


@pytest.mark.tool
def test_a_linter_has_nothing_to_say(template: dict[str, Any], tmp_path: Path) -> None:
    """Errors and warnings alike, but for an order that is written down twice."""
    file = tmp_path / "template.json"
    file.write_text(json.dumps(template), "utf-8")
    program = Path(sys.executable).with_name("cfn-lint")
    made = subprocess.run([program, "-i", "W3005", "-t", file], capture_output=True, text=True, check=False)

    assert (made.returncode, made.stdout) == (0, "")


def test_ids_of_what_holds_data_never_move(template: dict[str, Any]) -> None:
    """A changed id loses data, models, or the memory of which model is current."""
    ours = {
        name
        for kind in STATEFUL
        for name in testing.resources(template, kind)
        if name.startswith(("Data", "Tuning")) and not name.startswith("TuningGates")
    }

    assert ours == {
        "DataStore9482F166",
        "TuningGroup3B7A8E54",
        "TuningHandOffCurrentBBFF9118",
        "TuningHandOffPreviousAECD304B",
        "TuningLogsCEE82A4C",
        "TuningRuns56636184",
    }


def test_a_change_of_the_training_replaces_nothing_that_holds_data(template: dict[str, Any]) -> None:
    """Only the state machine and the roles know of method and machines."""
    other = testing.template(Estate(method=TuningMethod.lora(rank=64), machines=MACHINES).stack)

    for kind in STATEFUL:
        assert testing.resources(other, kind) == testing.resources(template, kind)


def test_data_and_models_stay_when_the_stack_goes(template: dict[str, Any]) -> None:
    """Buckets are kept by default."""
    for bucket in testing.resources(template, "AWS::S3::Bucket").values():
        assert bucket["DeletionPolicy"] == "Retain"


def test_nothing_but_the_keys_costs_anything_while_no_run_is_on(template: dict[str, Any]) -> None:
    """Every type has a pricing line."""
    report = idle_floor({"Tuning": template}, "us-east-1")

    assert report.unpriced == ()
    assert {line.what for line in report.lines} == {"customer-managed key"}
    assert report.usd_per_month == Decimal("2.00")
