"""Every part of the agents under every check that there is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import agent_builders
import aws_cdk as cdk
import pytest
from agent_builders import everything

from genai_layers import testing
from genai_layers.foundation.nag import attach_checks, synthesize

pytestmark = pytest.mark.synth


@pytest.fixture(scope="module")
def assembly():
    """Return the assembly of an app with everything, synthesized under every check."""
    app = testing.app()
    attach_checks(app)
    everything(app=app)
    return synthesize(app)


def test_agents_are_clean_under_every_pack(assembly):
    """Every cdk-nag pack, our own rules and the CloudFormation validator have nothing to say."""
    report = json.loads((Path(assembly.directory) / "validation-report.json").read_text(encoding="utf-8"))

    assert [each["pluginName"] for each in report["pluginReports"] if each["violations"]] == []


@pytest.mark.tool
def test_agents_are_clean_under_cfn_lint(assembly):
    """A second validator, of another maker, finds nothing but an order that is written down twice."""
    templates = sorted(str(path) for path in Path(assembly.directory).glob("*.template.json"))
    command = [str(Path(sys.executable).parent / "cfn-lint"), "--format", "parseable", "--ignore-checks", "W3005"]

    run = subprocess.run(
        [*command, "--regions", "us-east-1", "--", *templates], capture_output=True, text=True, check=False
    )

    assert (run.returncode, run.stdout) == (0, "")


@pytest.mark.parametrize("region", ["eu-west-1", "ap-northeast-1"])
def test_agents_synthesize_in_other_regions(region):
    """Every part, in zones of that region, with nothing that names another one."""
    text = json.dumps(testing.template(everything(region)))

    assert "us-east-1" not in text


def test_agents_are_clean_in_an_app_that_has_none_of_our_flags(tmp_path, monkeypatch):
    """Another team's app: no account, no feature flags, references between stacks as exports."""

    def bare(app, id="Stack", region="us-east-1"):
        return cdk.Stack(app, id, env=cdk.Environment(region=region))

    app = cdk.App(outdir=str(tmp_path), builtin_cloud_formation_validation=False)
    attach_checks(app)
    monkeypatch.setattr(agent_builders.testing, "stack", bare)

    everything(app=app)

    synthesize(app)
