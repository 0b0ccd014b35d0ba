"""A gate before a flow, deployed and really run: callers move when a version passes, and only then."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from bedrock_jobs_stack import TEST_SET, Deployed, code

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.local_cloud.clients import Clients

pytestmark = pytest.mark.emulator

POLITE = "Please: {{question}}"


@pytest.fixture(scope="module")
def gate(clients: Clients) -> Deployed:
    """A gate whose flow has a second version, and its callers still the first."""
    clients("s3").create_bucket(Bucket="code")
    clients("s3").put_object(Bucket="code", Key="runtime.zip", Body=code())
    job = Deployed(clients, "Promotion")
    job.deploy()
    job.deploy(words=POLITE)
    return job


def callers(gate: Deployed, clients: Clients) -> str:
    """Return the version that callers get."""
    told = clients("bedrock-agent").get_flow_alias(
        flowIdentifier=gate.outputs["Flow"], aliasIdentifier=gate.outputs["Live"]
    )
    return str(told["routingConfiguration"][0]["flowVersion"])


def test_a_failed_gate_leaves_callers_and_a_passed_one_moves_them(gate: Deployed, clients: Clients) -> None:
    """Another test set, an answer that breaks a check, marks that are too low; then one that passes."""
    gate.put("questions/one.jsonl", b'{"input": "Capital?"}')
    unmeant = gate.run({})
    assert "put the test set that was reviewed" in unmeant["cause"]
    assert callers(gate, clients) == "1"

    for content, error in (
        (TEST_SET.replace(b'["mock flow output"]', b'["Paris"]'), "ExactChecksFailed"),
        (TEST_SET.replace(b'"reference": "mock flow"', b'"reference": "Paris"'), "EvaluationBelowThreshold"),
    ):
        gate.put("questions/one.jsonl", content)
        gate.deploy(_meaning(content), words=POLITE)
        failed = gate.run({})
        assert (failed["error"], callers(gate, clients)) == (error, "1"), failed

    gate.put("questions/one.jsonl", TEST_SET)
    gate.deploy(words=POLITE)
    passed = gate.run({})

    assert passed["status"] == "SUCCEEDED", passed
    assert callers(gate, clients) == "2"


def _meaning(content: bytes) -> Callable[[str], str]:
    before, after = (hashlib.sha256(each).hexdigest() for each in (TEST_SET, content))
    return lambda definition: definition.replace(before, after)
