"""Templates guarded against accident: a change shows up in the diff, and a moved stateful id stops it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from tests.synthesized import ENVIRONMENTS, ROOT, masked, synthesize

pytestmark = pytest.mark.synth

STATEFUL_TYPES = {
    "AWS::Bedrock::KnowledgeBase",
    "AWS::CloudTrail::Trail",
    "AWS::Cognito::UserPool",
    "AWS::DynamoDB::GlobalTable",
    "AWS::DynamoDB::Table",
    "AWS::EC2::VPC",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::S3Vectors::Index",
    "AWS::S3Vectors::VectorBucket",
    "AWS::SecretsManager::Secret",
}
STACKS = ("Security", "Network", "Inference", "Platform", "Application", "Operations")
FROZEN = Path(__file__).parent / "stateful_ids.json"


@pytest.fixture
def snapshot_json(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(JSONSnapshotExtension)


def stateful_ids(templates: dict[str, dict[str, Any]]) -> dict[str, dict[str, str]]:
    """Logical id to type of what holds data, by stack."""
    return {
        stack: {
            logical_id: resource["Type"]
            for logical_id, resource in sorted(template["Resources"].items())
            if resource["Type"] in STATEFUL_TYPES
        }
        for stack, template in sorted(templates.items())
    }


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_snapshot_of_each_stack(environment: str, stack: str, snapshot_json: SnapshotAssertion) -> None:
    """The template is the one that was reviewed; `make snap` after a change that is meant."""
    template = synthesize(environment).templates.get(f"GenAi-{environment}-{stack}")
    if template is None:
        assert (environment, stack) == ("dev", "Inference"), "only dev runs no accelerators"
        return

    assert masked(template) == snapshot_json


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_stateful_resources_keep_their_logical_ids(environment: str) -> None:
    """A renamed key, bucket or table is a deleted one: edit stateful_ids.json only with a migration in hand."""
    frozen = json.loads(FROZEN.read_text(encoding="utf-8"))

    assert stateful_ids(synthesize(environment).templates) == frozen[environment]


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_what_holds_data_is_kept_where_the_environment_says_so(environment: str) -> None:
    """`retain` reaches every stateful resource, and `destroy` leaves none behind."""
    wanted = {"prod": "Retain", "staging": "Delete"}[environment]
    policies = {
        (stack, logical_id): resource.get("DeletionPolicy", "Delete")
        for stack, template in synthesize(environment).templates.items()
        for logical_id, resource in template["Resources"].items()
        if resource["Type"]
        in STATEFUL_TYPES - {"AWS::EC2::VPC", "AWS::CloudTrail::Trail", "AWS::Bedrock::KnowledgeBase"}
    }

    assert {where: policy for where, policy in policies.items() if policy != wanted} == {}


def test_templates_are_the_same_on_another_path(tmp_path: Path) -> None:
    """A clone elsewhere, with other file times, writes the same bytes, assets included."""
    clone = tmp_path / "elsewhere" / "clone"
    for name in ("app.py", "cdk.json", "stacks", "constructs"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(
                source,
                clone / name,
                ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"),
                copy_function=shutil.copyfile,
            )
        else:
            clone.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, clone / name)

    written = {}
    for place in (ROOT, clone):
        out = tmp_path / f"out-{place.name}"
        context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"] | {"environment": "dev"}
        subprocess.run(
            [sys.executable, "-B", "app.py"],
            cwd=place,
            check=True,
            env={
                **os.environ,
                "PYTHONPATH": str(place / "constructs"),
                "CDK_OUTDIR": str(out),
                "CDK_CONTEXT_JSON": json.dumps(context),
            },
        )
        written[place] = {path.name: path.read_bytes() for path in out.glob("*.template.json")}

    assert len(written[ROOT]) == 5
    assert written[clone] == written[ROOT]


def test_a_changed_setting_moves_the_revision_of_every_stack() -> None:
    """What another stack reads may have been replaced by it, and no template says so (decision 0030)."""
    dev, prod = synthesize("dev").templates, synthesize("prod").templates

    revisions = [{template["Outputs"]["Revision"]["Value"] for template in made.values()} for made in (dev, prod)]

    assert [len(found) for found in revisions] == [1, 1]
    assert revisions[0] != revisions[1]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_synth_asks_the_account_for_nothing(environment: str) -> None:
    """No look-up is missing, so the command line runs the app once and needs no credentials."""
    manifest = json.loads((synthesize(environment).directory / "manifest.json").read_text(encoding="utf-8"))

    assert manifest.get("missing") is None
