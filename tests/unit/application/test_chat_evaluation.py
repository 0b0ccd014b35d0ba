"""The evaluation asks as the chat does, in a role that reads no conversation, and cannot be talked out of its set."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from genai_layers import testing
from genai_layers.application import ChatEvaluation, EvaluationError, EvaluationThresholds, GoldenSet
from genai_layers.foundation import EncryptionKey, SecureBucket
from genai_layers.operations import Monitoring
from genai_layers.operations.evaluation_watches import EVALUATION, IMeteredEvaluation
from genai_layers.runtime.application_evaluation import report
from genai_layers.runtime.application_evaluation.measures import Measure
from genai_layers.runtime.application_evaluation.verdict import Threshold
from genai_layers.testing import Request, Resolver, Template, evaluate, policies_of, resources
from tests.unit.application.conftest import Estate, make_estate

pytestmark = pytest.mark.synth

CASES = ({"question": "How much leave?", "sources": ["leave.md"]}, {"question": "Rules?", "should_refuse": True})


@pytest.fixture(scope="module")
def golden_set(tmp_path_factory: pytest.TempPathFactory) -> GoldenSet:
    """A golden set of two questions."""
    path = tmp_path_factory.mktemp("golden") / "set.jsonl"
    path.write_text("\n".join(json.dumps(case) for case in CASES), encoding="utf-8")
    return GoldenSet.of_file(path)


@pytest.fixture(scope="module")
def made(golden_set: GoldenSet) -> tuple[Estate, ChatEvaluation]:
    """An estate with a chat and its evaluation, watched."""
    estate = make_estate()
    log_key = EncryptionKey(
        estate.stack,
        "RunKey",
        description="runs",
        uses=[*ChatEvaluation.REQUIRED_LOG_KEY_USES, *Monitoring.REQUIRED_KEY_USES],
    )
    evaluation = ChatEvaluation(
        estate.stack,
        "Evaluation",
        chat=estate.chat(instructions="Be brief."),
        vpc=estate.network.vpc,
        log_key=log_key.key,
        bucket=SecureBucket(estate.stack, "Evaluations", key=estate.data_key.key, access_logs=None).bucket,
        golden_set=golden_set,
    )
    Monitoring(estate.stack, "Monitoring", key=log_key.key).monitor_evaluation(evaluation)
    return estate, evaluation


@pytest.fixture(scope="module")
def evaluated(made: tuple[Estate, ChatEvaluation]) -> Template:
    """Its template."""
    return testing.template(made[0].stack)


def _named(template: Template, type: str, prefix: str) -> str:
    (found,) = [name for name in resources(template, type) if name.startswith(prefix)]
    return found


def test_it_is_told_what_the_chat_is_told_and_of_no_table(evaluated: Template) -> None:
    """Model, guardrail, passages and instructions cannot differ from what people use."""
    functions = resources(evaluated, "AWS::Lambda::Function")
    chat, evaluation = (
        functions[_named(evaluated, "AWS::Lambda::Function", name)]["Properties"]["Environment"]["Variables"]
        for name in ("ChatFunction", "EvaluationFunction")
    )

    same = {name: value for name, value in chat.items() if name not in ("TABLE_NAME", "AWS_LAMBDA_EXEC_WRAPPER")}
    assert evaluation == {**same, "TABLE_NAME": "none"}


def test_its_role_asks_and_writes_reports_and_nothing_else(evaluated: Template) -> None:
    """It reads no conversation, deletes no report, and changes no golden set."""
    resolver = Resolver(template=evaluated)
    role = _named(evaluated, "AWS::IAM::Role", "EvaluationFunctionRole")
    bucket = resolver.arn(_named(evaluated, "AWS::S3::Bucket", "Evaluations"))
    table = resolver.arn(_named(evaluated, "AWS::DynamoDB::Table", "ChatConversations"))
    policies = policies_of(evaluated, role, resolver)

    def may(action: str, resource: str) -> Request:
        return Request(
            principal=f"arn:aws:sts::{testing.ACCOUNT}:assumed-role/{role}/evaluation",
            action=action,
            resource=resource,
            context={"aws:ResourceAccount": testing.ACCOUNT},
            identity_policies=policies,
        )

    decisions = evaluate(
        [
            may("s3:GetObject", f"{bucket}/golden-sets/a.jsonl"),
            may("s3:PutObject", f"{bucket}/reports/run.json"),
            may("s3:PutObject", f"{bucket}/golden-sets/a.jsonl"),
            may("s3:DeleteObject", f"{bucket}/reports/run.json"),
            may("s3:DeleteObjectVersion", f"{bucket}/reports/run.json"),
            may("s3:BypassGovernanceRetention", f"{bucket}/reports/run.json"),
            may("dynamodb:Query", table),
            may("dynamodb:PutItem", table),
        ]
    )

    assert [decision.allowed for decision in decisions] == [True, True, *[False] * 6]


def test_the_state_machine_names_set_digest_report_and_thresholds(evaluated: Template, golden_set: GoldenSet) -> None:
    """What is asked is fixed by the deploy; each run has a report of its own; below a threshold it fails."""
    machine = resources(evaluated, "AWS::StepFunctions::StateMachine")[
        _named(evaluated, "AWS::StepFunctions::StateMachine", "EvaluationRun")
    ]
    text = Resolver(template=evaluated).resolve(machine["Properties"]["DefinitionString"])
    states = json.loads(text)["States"]

    payload = states["Ask and measure"]["Parameters"]["Payload"]
    assert payload["golden_set"]["key"] == f"golden-sets/{golden_set.sha256}.jsonl"
    assert payload["golden_set"]["sha256"] == golden_set.sha256
    assert "$$.Execution.Id" in payload["report"]["key.$"]
    judged = {threshold["measure"] for threshold in payload["thresholds"]}
    assert judged >= {"retrieval_hit_rate", "citation_correctness", "groundedness", "refusals", "forbidden_finds"}
    assert [Threshold.parse(threshold) for threshold in payload["thresholds"]]
    assert states["Below threshold"]["Error"] == "EvaluationBelowThreshold"


def test_what_is_drawn_and_alarmed_on_is_what_the_function_counts(made: tuple[Estate, ChatEvaluation]) -> None:
    """A metric that nobody writes would be a quiet alarm."""
    evaluation = made[1]
    assert isinstance(evaluation, IMeteredEvaluation)
    written = {"".join(word.capitalize() for word in each.value.split("_")) for each in Measure}

    drawn = {make(evaluation).metric_name for graph in EVALUATION.graphs for make in graph.metrics.values()}
    alarmed = {row.metric(evaluation).metric_name for row in EVALUATION.alarms}

    assert drawn <= written
    assert alarmed == {"BelowThreshold", "Errors"}
    assert evaluation.metric("Usd").namespace == report.NAMESPACE


def test_a_set_that_is_none_is_refused_at_the_synth(tmp_path: Path) -> None:
    """With the line."""
    path = tmp_path / "set.jsonl"
    path.write_text('{"question": "x"}\n', encoding="utf-8")

    with pytest.raises(EvaluationError, match=r"set\.jsonl.*line 1: it has no 'sources'"):
        GoldenSet.of_file(path)


def test_every_threshold_that_cannot_be_is_named() -> None:
    """All at once; and a gate that judges nothing is none."""
    faults = EvaluationThresholds(refusals=2, p95_ms=0, right_answers=None, retrieval_hit_rate=None).faults()

    assert [fault.split(":")[0] for fault in faults] == [
        "threshold refusals is 2",
        "threshold p95_ms is 0",
        "neither right_answers nor retrieval_hit_rate has a threshold",
    ]


def test_a_measure_without_anything_to_measure_has_no_threshold() -> None:
    """A set without attacks is not failed for its refusals, and unjudged groundedness needs no scores."""
    rendered = EvaluationThresholds(groundedness=None).render(has_refusals=False)

    assert {"refusals", "groundedness", "rated_share"}.isdisjoint(str(each["measure"]) for each in rendered)


def test_every_measure_and_alarm_is_on_its_page() -> None:
    """With its default, its threshold and what it means."""
    docs = Path(__file__).parents[3] / "docs"
    page, operations = ((docs / name).read_text(encoding="utf-8") for name in ("evaluation.md", "operations.md"))

    assert [each.value for each in Measure if f"`{each.value}`" not in page] == []
    for row in EVALUATION.alarms:
        assert f"| `monitor_evaluation` | `{row.id}` | {row.threshold:g} in 1 × 5 min | {row.means} |" in operations  # noqa: RUF001
    for name, default in (("retrieval_hit_rate", 0.9), ("citation_correctness", 0.8), ("groundedness", 0.7)):
        assert f"| `{name}` | at least | {default:g} |" in page
        assert getattr(EvaluationThresholds(), name) == default


def test_the_golden_set_of_the_examples_is_one() -> None:
    """About the documents beside it, each of which it asks for, and with questions to refuse."""
    examples = Path(__file__).parents[3] / "examples"
    path = examples / "golden_set" / "mountain_railway.jsonl"

    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    documents = {file.name for file in (examples / "documents").iterdir()}
    assert {source for case in cases for source in case.get("sources", ())} <= documents
    assert GoldenSet.of_file(path).to_refuse >= len(cases) // 5
