"""Customized models on demand in the local cloud: deployed, asked, current; and what fails leaves callers alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from bedrock_jobs_stack import Deployed

from tools.local_cloud.layout import ACCOUNT, REGION

if TYPE_CHECKING:
    from tools.local_cloud.clients import Clients

pytestmark = pytest.mark.emulator

MODEL = f"arn:aws:bedrock:{REGION}:{ACCOUNT}:custom-model/amazon.nova-lite-v1:0"


def test_a_model_becomes_current_and_stays_so_when_the_next_one_fails(clients: Clients) -> None:
    """The same model is the same deployment, a wrong one moves nobody, and an earlier one can be gone back to."""
    job = Deployed(clients, "Deployment")
    job.deploy()

    nothing = job.run({})
    first = job.run({"model_arn": f"{MODEL}/abcdef123456"})
    current = job.alias()
    again = job.run({"model_arn": f"{MODEL}/abcdef123456"})
    wrong = job.run({"model_arn": f"{MODEL}/short"})
    kept = job.alias()
    second = job.run({"model_arn": f"{MODEL}/abcdef654321"})
    moved = job.alias()
    job.run({"model_arn": f"{MODEL}/abcdef123456"})

    assert nothing["error"] == "NoModelYet"
    assert first["status"] == "SUCCEEDED", (first.get("error"), first.get("cause"))
    assert json.loads(first["output"])["arn"] == json.loads(again["output"])["arn"] == current == kept
    assert ":custom-model-deployment/" in current
    assert wrong["error"] == "ModelDeploymentFailed"
    assert json.loads(second["output"])["arn"] == moved != current
    assert job.alias() == current
