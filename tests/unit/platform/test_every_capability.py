"""Every capability of layer 2 is whole: alarms, price, rules, page, example. `docs/capabilities.md` is the table."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from constructs import Construct

from genai_layers.compliance.pack import genai_checks
from genai_layers.cost import PRICE_LIST, Report, idle_floor
from genai_layers.operations import Monitoring
from genai_layers.platform import IModel

pytestmark = pytest.mark.synth

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "capabilities.md"
ROOMS = ("platform", "platform.agents", "platform.flows", "platform.prompts", "jobs", "jobs.bedrock")
PARTS = {
    "AgentNetwork": "where an AgentRuntime stands",
    "BatchTransform": "of SageMaker",
    "BedrockJob": "what every job on Bedrock is",
    "DataSource": "of a KnowledgeBase",
    "ModelAlias": "of a ModelImport, a ModelDeployment or a Promotion",
    "MonitorBaseline": "of SageMaker",
    "Workflow": "what every job is",
}

NO_CAPABILITY = {"EmbeddingModel", "GuardrailProfile"}
"""Values that end like a capability: the model of a knowledge base, and where a guardrail is judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the table, cell by cell."""

    name: str
    makes: str
    watched: str
    price: str
    rules: str
    page: str
    example: str

    @property
    def types(self) -> set[str]:
        """Types of CloudFormation that the capability makes."""
        return set(re.findall(r"`(\w+::\w+::\w+)`", self.makes))

    @property
    def folder(self) -> str:
        """Folder of the example."""
        return re.findall(r"\.\./examples/(\w+)/", self.example)[0]

    @property
    def code(self) -> str:
        """Code of the example."""
        return (ROOT / "examples" / self.folder / "app.py").read_text(encoding="utf-8")


ROWS = [
    Row(**dict(zip(Row.__dataclass_fields__, cells, strict=True)))
    for cells in re.findall(
        r"^\| `(\w+)` \| (.*?) \| (.*?) \| (.*?) \| (.*?) \| (.*?) \| (.*?) \|$", PAGE.read_text(encoding="utf-8"), re.M
    )
]
every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Templates of each example of the table by stack; an example exits with 0 only without a finding."""
    runs = {}
    for folder in sorted({row.folder for row in ROWS}):
        out, home = tmp_path_factory.mktemp(folder), ROOT / "examples" / folder
        flags = json.loads((home / "cdk.json").read_text(encoding="utf-8"))["context"]
        environment = {
            **os.environ,
            "CDK_CONTEXT_JSON": json.dumps(flags),
            "CDK_OUTDIR": str(out),
            "PYTHONPATH": str(ROOT / "constructs"),
        }
        with (out / "said").open("w", encoding="utf-8") as said:
            run = subprocess.Popen(
                [sys.executable, "app.py"], cwd=home, env=environment, stdout=said, stderr=subprocess.STDOUT
            )
        runs[folder] = (run, out)
    for run, out in runs.values():
        assert run.wait(timeout=600) == 0, (out / "said").read_text(encoding="utf-8")[-4000:]
    return {
        folder: {
            path.name.partition(".")[0]: json.loads(path.read_text(encoding="utf-8"))
            for path in out.glob("*.template.json")
        }
        for folder, (_, out) in runs.items()
    }


@pytest.fixture(scope="module")
def reports(templates: dict[str, dict[str, Any]]) -> dict[str, Report]:
    """What each example costs."""
    return {folder: idle_floor(stacks, "us-east-1") for folder, stacks in templates.items()}


def types_in(stacks: dict[str, Any]) -> set[str]:
    """Return every type of some templates."""
    return {resource["Type"] for template in stacks.values() for resource in template["Resources"].values()}


def lines_of(report: Report, types: set[str]) -> set[str]:
    """Return the price lines of resources of some types."""
    used = {price.line for usage in report.usage if usage.type in types for price in usage.prices}
    return used | {line.price.line for line in report.lines if line.type in types}


def test_no_capability_is_left_out():
    """A construct, a model or a store that is exported without a row fails here."""
    found = {
        name
        for room in ROOMS
        for name, thing in vars(importlib.import_module(f"genai_layers.{room}")).items()
        if name in importlib.import_module(f"genai_layers.{room}").__all__
        and inspect.isclass(thing)
        and (issubclass(thing, Construct) or name.endswith(("Store", "Model", "Profile", "Router", "Reranker")))
        and not getattr(thing, "_is_protocol", False)
        and thing.__module__.startswith("genai_layers")
    }

    assert found - {row.name for row in ROWS} - set(PARTS) - NO_CAPABILITY == set()
    assert {row.name for row in ROWS} <= found
    assert len(ROWS) == len({row.name for row in ROWS})


@every_row
def test_what_it_makes_is_in_its_example_and_has_a_price_line(row: Row, templates: dict[str, dict[str, Any]]):
    """Nothing that costs is unknown to the report."""
    assert row.types <= types_in(templates[row.folder])
    assert row.types <= set(PRICE_LIST)
    assert row.name in re.findall(r"\w+", row.code)


@every_row
def test_its_price_is_the_one_of_the_report(row: Row, reports: dict[str, Report]):
    """No line is claimed that the report lacks; what has no dated price is told of with its reason."""
    report = reports[row.folder]
    told = set(re.findall(r"`(\w+:[\w-]+)`", row.price))
    reasons = {one.reason for one in report.unpriced if one.type in row.types}

    assert told <= lines_of(report, row.types)
    assert row.price == "nothing" or told or re.search(r"unpriced|tokens|queries|that of the", row.price)
    if "`unpriced`" in row.price:
        assert reasons
    assert not any("nobody wrote" in reason for reason in reasons)


def test_no_price_of_the_report_is_missing_from_the_table(reports: dict[str, Report]):
    """For every type, what the report has of it stands in some row that makes it."""
    for row in ROWS:
        others = [other for other in ROWS if other.folder == row.folder and other.types & row.types]
        told = {line for other in others for line in re.findall(r"`(\w+:[\w-]+)`", other.price)}
        assert lines_of(reports[row.folder], row.types) <= told, row.name
        if any(one.type in row.types for one in reports[row.folder].unpriced):
            assert any("`unpriced`" in other.price for other in others), row.name


@every_row
def test_it_is_watched_or_says_what_is_watched_instead(row: Row, templates: dict[str, dict[str, Any]]):
    """The example calls the method, and has alarms and a dashboard from it."""
    (method, *_) = re.findall(r"`(monitor_\w+)`", row.watched) or [""]
    own = row.watched == f"`{method}`"

    assert hasattr(Monitoring, method) or row.watched.startswith("nothing of its own: ")
    if own:
        assert f".{method}(" in row.code
        assert {"AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard"} <= types_in(templates[row.folder])


@every_row
def test_rules_look_at_it(row: Row, templates: dict[str, dict[str, Any]]):
    """Each is one of the pack, and its types are made by the capability or stand beside it in the example."""
    known = {rule.id: set(rule.types) for rule in genai_checks()}
    named = re.findall(r"\[(GENAI-[A-Z0-9]+-\d+)\]", row.rules)
    own = {rule for rule in named if known[rule] & row.types}

    assert named
    for rule in set(named) - own:
        beside = known[rule] & (types_in(templates[row.folder]) | {"AWS::OpenSearchService::Domain"})
        assert beside, rule


@every_row
def test_its_page_tells_of_it(row: Row):
    """The name is on the page that the row links to."""
    page = PAGE.parent / re.findall(r"\((\w+\.md)\)", row.page)[0]

    assert re.search(rf"\b{row.name}\b", page.read_text(encoding="utf-8"))


def test_every_model_of_the_table_has_a_price_and_metrics():
    """What is watched and priced by the protocol is there on each class."""
    import genai_layers.platform as room

    for name in ("FoundationModel", "InferenceProfile", "ApplicationInferenceProfile", "PromptRouter", "AccountModel"):
        members = {member for member in dir(IModel) if not member.startswith("_")}
        assert members <= set(dir(getattr(room, name))), name
