"""Jobs on Bedrock with IAM enforced: state machines and their functions run under their own policies."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING

import pytest
from bedrock_jobs_stack import TEST_SET, Deployed, code

from tools.local_cloud.clients import Clients
from tools.local_cloud.layout import ACCOUNT, REGION

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.emulator


@pytest.fixture(scope="module", autouse=True)
def _shipped(guarded: Clients) -> None:
    guarded("s3").create_bucket(Bucket="code")
    guarded("s3").put_object(Bucket="code", Key="runtime.zip", Body=code())


def test_an_import_runs_under_the_policy_of_its_state_machine(guarded: Clients) -> None:
    """Files, digests, job, model, question and parameter: each step is allowed by what the stack says."""
    job = Deployed(guarded, "Import")
    job.deploy()

    told = job.run(job.put_weights("one", **{"config.json": b"{}"}))

    assert told["status"] == "SUCCEEDED", (told.get("error"), told.get("cause"))
    assert job.alias() == json.loads(told["output"])["arn"]


def test_the_other_jobs_run_under_theirs(guarded: Clients) -> None:
    """A training, an evaluation with its gate, and a batch."""
    record = json.dumps({"recordId": "1", "modelInput": {"prompt": "a"}}).encode()
    question = json.dumps({"prompt": "Capital?", "referenceResponse": "Paris", "answer": "Paris."}).encode()
    for name, folder, content in (
        ("Tuning", "training", b'{"prompt": "a", "completion": "b"}'),
        ("Quality", "questions", question),
        ("Batch", "records", record),
    ):
        job = Deployed(guarded, name)
        job.deploy()
        job.put(f"{folder}/one.jsonl", content)

        told = job.run({})

        assert told["status"] == "SUCCEEDED", (name, told.get("error"), told.get("cause"))


def test_a_deployment_on_demand_runs_under_its_policy(guarded: Clients) -> None:
    """Read what is newest, find, deploy, ask, and make current."""
    job = Deployed(guarded, "Deployment")
    job.deploy()

    none = job.run({})
    told = job.run({"model_arn": f"arn:aws:bedrock:{REGION}:{ACCOUNT}:custom-model/amazon.nova-lite-v1:0/abcdef123456"})

    assert none["error"] == "NoModelYet", none.get("cause")
    assert told["status"] == "SUCCEEDED", (told.get("error"), told.get("cause"))


def test_access_is_asked_for_and_agreed_to_under_its_policy(guarded: Clients) -> None:
    """Ask, send the form, agree and wait are allowed; without the right to agree, nothing is agreed to."""
    job = Deployed(guarded, "Access")
    job.deploy()

    told = job.run({})
    give_back = _take_away(guarded, "JobRunRole", "bedrock:CreateFoundationModelAgreement")
    denied = job.run({"accept": True})
    give_back()
    agreed = job.run({"accept": True})

    assert told["status"] == "SUCCEEDED", (told.get("error"), told.get("cause"))
    assert denied["error"] == "Bedrock.AccessDeniedException"
    assert agreed["status"] == "SUCCEEDED", (agreed.get("error"), agreed.get("cause"))
    assert [each["granted"] for each in json.loads(agreed["output"])] == [True, True]


def test_a_promotion_runs_under_the_policies_of_its_state_machine_and_functions(guarded: Clients) -> None:
    """The function asks, the state machine moves the alias; without the right to move it, it cannot."""
    job = Deployed(guarded, "Promotion")
    job.deploy()
    job.put("questions/one.jsonl", TEST_SET)
    allowed = job.run({})
    _take_away(guarded, "JobRunRole", "bedrock:UpdateFlowAlias")
    denied = job.run({})

    assert allowed["status"] == "SUCCEEDED", (allowed.get("error"), allowed.get("cause"))
    assert denied["error"] == "BedrockAgent.AccessDeniedException"


def _take_away(guarded: Clients, part: str, action: str) -> Callable[[], object]:
    """Drop every statement with an action from the policies of the role that has it; return what puts them back."""
    iam, changed = guarded("iam"), []
    for role in iam.list_roles()["Roles"]:
        if part not in role["RoleName"]:
            continue
        for policy in iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]:
            document = iam.get_role_policy(RoleName=role["RoleName"], PolicyName=policy)["PolicyDocument"]
            kept = [each for each in document["Statement"] if action not in json.dumps(each["Action"])]
            if len(kept) < len(document["Statement"]):
                put = functools.partial(iam.put_role_policy, RoleName=role["RoleName"], PolicyName=policy)
                put(PolicyDocument=json.dumps({**document, "Statement": kept}))
                changed.append(functools.partial(put, PolicyDocument=json.dumps(document)))
    (give_back,) = changed
    return give_back
