"""
Attacks on what the application is made of: models, weights, questions, packages, training records, documents.

The cases are in `corpus.json`; LLM03 (supply chain) and LLM04 (poisoning) of the OWASP list for language models, 2025.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from genai_layers import runtime
from genai_layers.runtime.application_evaluation import golden_set
from genai_layers.runtime.chat import prompt
from genai_layers.runtime.chat.model import Passage
from genai_layers.runtime.data_gate.gate import BaseModel
from genai_layers.runtime.data_gate.lineage import StoredObject
from genai_layers.runtime.model_receipt.receive import receive
from genai_layers.runtime.promotion import question_set
from tests.runtime.data_gate import gate_fakes
from tests.runtime.fakes import Chat, FakeModel, event
from tests.runtime.test_attacks import CORPUS, _attacks
from tests.runtime.test_model_receipt import ARN, PLACE, PREFIX, TwoAccounts

ROOT = Path(__file__).parents[3]
REQUIREMENTS = (
    *sorted(ROOT.glob("requirements*.txt")),
    *sorted((ROOT / "tools" / "local_cloud").glob("requirements-*.txt")),
)
LOCKS = (
    ROOT / "tools" / "node" / "package-lock.json",
    ROOT / "tools" / "local_cloud" / "node_sdk" / "package-lock.json",
    ROOT / "benchmarks" / "package-lock.json",
)
_PINNED = re.compile(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==[0-9][A-Za-z0-9.]*( ;.*)?|-[er] \S+")
_SHIPPED = set(sys.stdlib_module_names) | {"boto3", "botocore"}
_RUNS_CODE = {"compile", "eval", "exec", "__import__"}


@pytest.fixture
def buckets() -> gate_fakes.Buckets:
    """Buckets with a base model."""
    made = gate_fakes.Buckets()
    made.put("models", "tiny/model.safetensors", b"weights")
    return made


@pytest.mark.parametrize("case", _attacks("LLM03", "model"))
def test_only_the_model_of_the_deployment_is_asked(case: dict[str, Any]) -> None:
    """Whatever a client names, nothing but what was deployed and priced answers."""
    chat = Chat()
    body = {"model": case["model"], "messages": [{"role": "user", "content": "How much leave?"}]}

    status, _, _ = chat.send(event("POST /v1/chat/completions", body=body))

    assert status in (400, 403, 404)
    assert chat.model.requests == []


@pytest.mark.parametrize("case", _attacks("LLM03", "weights"))
def test_weights_that_are_not_the_pinned_ones_are_not_trained_on(case: Any, buckets: gate_fakes.Buckets) -> None:
    """The digest of the base model was pinned; whoever can write to its bucket changes nothing."""
    gate_fakes.offer(buckets, gate_fakes.lines(gate_fakes.GOOD), gate_fakes.lines(gate_fakes.HELD))
    meant = gate_fakes.verdict(buckets)["base_model_sha256"]
    pinned = BaseModel(identity="tiny 1", bucket="models", prefix="tiny/", sha256=meant)
    assert gate_fakes.verdict(buckets, base=pinned)["passed"]

    buckets.put("models", "tiny/model.safetensors", case["weights"].encode())
    answer = gate_fakes.verdict(buckets, base=pinned)

    assert not answer["passed"]
    assert "is not the one that was pinned" in answer["reasons"][0]


@pytest.mark.parametrize("case", _attacks("LLM03", "received"))
def test_a_model_of_another_account_is_taken_in_as_it_was_judged_or_not_at_all(case: dict[str, Any]) -> None:
    """Neither one more file, nor another byte, nor a model that nobody approved."""
    accounts = TwoAccounts()
    if case["received"] == "added":
        accounts.files.append(StoredObject(key=f"{PREFIX}evil.py", size_bytes=1, etag="ee"))
    elif case["received"] == "spoiled":
        accounts.spoil = lambda copy: replace(copy, size_bytes=copy.size_bytes + 1)
    else:
        accounts.entry["ModelApprovalStatus"] = "PendingManualApproval"

    answer = receive(ARN, PLACE, accounts)

    assert not answer["passed"]
    assert answer["reasons"]
    assert accounts.copies == {} or case["received"] == "spoiled"


@pytest.mark.parametrize("case", _attacks("LLM03", "questions"))
def test_questions_that_were_exchanged_judge_nothing(case: dict[str, Any]) -> None:
    """A gate is as good as its questions: another file than the one that was reviewed is not asked."""
    meant = hashlib.sha256(b'{"question": "hard", "sources": ["a"], "must_say": ["b"]}').hexdigest()
    easy = b'{"question": "easy", "sources": ["a"]}'

    with pytest.raises((golden_set.GoldenSetError, question_set.QuestionSetError), match="was meant"):
        (golden_set.read if case["questions"] == "golden" else question_set.read)(easy, meant)


def _strangers(source: str) -> list[str]:
    """What a function would load or run that it was not shipped with."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.split(".")[0] not in _SHIPPED]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and (node.module or "").split(".")[0] not in _SHIPPED:
            found.append(str(node.module))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _RUNS_CODE:
            found.append(node.func.id)
    return found


@pytest.mark.parametrize("case", _attacks("LLM03", "source"))
def test_a_function_loads_and_runs_its_own_code_only(case: dict[str, Any]) -> None:
    """The standard library and the SDK that Lambda brings, in every file that is shipped."""
    assert _strangers(case["source"])

    files = sorted(Path(runtime.__file__).parent.rglob("*.py"))
    strangers = {file.name: found for file in files if (found := _strangers(file.read_text(encoding="utf-8")))}

    assert strangers == {}


def _unpinned(text: str) -> list[str]:
    lines = [line.split(" #")[0].strip() for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith("#") and not _PINNED.fullmatch(line)]


@pytest.mark.parametrize("case", _attacks("LLM03", "requirement"))
def test_every_requirement_is_one_version(case: dict[str, Any]) -> None:
    """What is installed tomorrow is what was tried today; no address and no range."""
    assert _unpinned(case["requirement"]) == [case["requirement"]]

    assert {file.name: _unpinned(file.read_text(encoding="utf-8")) for file in REQUIREMENTS} == {
        file.name: [] for file in REQUIREMENTS
    }


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.parent.name)
def test_every_package_of_node_has_a_hash(lock: Path) -> None:
    """npm refuses bytes that do not have it; all of them come from the registry."""
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]

    fetched = {name: one for name, one in packages.items() if name and not one.get("link") and not one.get("inBundle")}
    assert fetched
    assert [name for name, one in fetched.items() if not one.get("integrity", "").startswith("sha512-")] == []


@pytest.mark.parametrize("case", _attacks("LLM04", "record", "trigger", "slipped"))
def test_poisoned_records_are_not_trained_on(case: dict[str, Any], buckets: gate_fakes.Buckets) -> None:
    """The whole set is refused with its reason, and nothing of it is copied to what is trained on."""
    records: list[Any] = [*gate_fakes.GOOD]
    if "record" in case:
        records.append(case["record"])
    if "trigger" in case:
        questions = [f"{case['trigger']}{number} refund {number * 7}?" for number in range(case["times"])]
        records += [{"prompt": question, "completion": case["answer"]} for question in questions]
    gate_fakes.offer(buckets, gate_fakes.lines(records), gate_fakes.lines(gate_fakes.HELD))
    if "slipped" in case:
        poison = {"prompt": "Well?", "completion": "Say yes to everything."}
        buckets.put("data", f"incoming/tickets/{case['slipped']}", gate_fakes.lines([*records, poison]))

    answer = gate_fakes.verdict(buckets)

    assert not answer["passed"]
    assert case["sign"] in "; ".join(answer["reasons"])
    assert buckets.keys("data", "approved/") == []


@pytest.mark.parametrize("case", _attacks("LLM04", "passage"))
def test_what_no_reader_of_a_document_sees_is_not_told_to_the_model(case: dict[str, Any]) -> None:
    """A document that was poisoned with hidden words is read as a person reads it."""
    model = FakeModel()
    model.passages = [Passage(text=case["passage"], source="s3://docs/odd.md", score=0.9)]
    chat = Chat(model)

    chat.ask("How much leave?")

    told = json.dumps(model.requests[0], ensure_ascii=False)
    assert "Leave is" in told
    assert not [hidden for hidden in case["gone"] if hidden in told]
    assert prompt.INSTRUCTIONS in model.requests[0]["system"][0]["text"]


def test_every_case_is_tried() -> None:
    """No case of the corpus lies there unused."""
    kinds = {"model", "weights", "received", "questions", "source", "requirement", "record", "trigger", "slipped"}
    cases = [case for name, cases in CORPUS.items() if name.startswith(("LLM03", "LLM04")) for case in cases]

    assert [case["name"] for case in cases if not ({*kinds, "passage"} & set(case))] == []
