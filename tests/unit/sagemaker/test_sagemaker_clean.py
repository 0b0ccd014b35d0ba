"""All of it together is clean under every check."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from aws_cdk import App
from sagemaker_estate import IDLE, Rendered

from genai_layers.foundation.nag import ledger, unmatched_acknowledgements

pytestmark = pytest.mark.synth


def test_every_kind_of_endpoint_is_clean_under_every_pack(rendered: Rendered) -> None:
    """The fixture synthesizes under four packs, our rules and the CloudFormation validator, or raises."""
    assert len(rendered.all("AWS::SageMaker::Endpoint")) == 5
    assert len(rendered.all("AWS::SageMaker::InferenceComponent")) == 4


def test_every_acceptance_of_a_finding_is_really_found(rendered: Rendered) -> None:
    """An acceptance of nothing would hide the next finding of its kind."""
    app = rendered.estate.stack.node.root
    assert isinstance(app, App)

    assert [f"{entry.where}: {entry.rule}" for entry in unmatched_acknowledgements(app.outdir)] == []


def test_fewer_than_two_machines_are_in_the_ledger_with_the_reason_that_was_given(rendered: Rendered) -> None:
    """Security Hub SageMaker.4 asks for two; an auditor reads why there are fewer."""
    app = rendered.estate.stack.node.root
    assert isinstance(app, App)

    reasons = {entry.reason for entry in ledger(app.outdir).entries if "GENAI-SAGEMAKER-05" in entry.rule}

    assert reasons == {IDLE}


@pytest.mark.tool
def test_cfn_lint_has_no_finding_of_sagemaker(rendered: Rendered, tmp_path: Path) -> None:
    """A second validator agrees; a dependency that is said twice is how the CDK writes them."""
    file = tmp_path / "template.json"
    file.write_text(json.dumps(rendered.template), encoding="utf-8")

    run = subprocess.run(
        [sys.executable, "-m", "cfnlint", "--regions", "us-east-1", "--ignore-checks", "W3005", "--", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.stdout.strip() == ""
