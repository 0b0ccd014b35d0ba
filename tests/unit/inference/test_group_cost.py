"""What a multi-node fleet costs, and who is told when it fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from group_estate import GroupEstate
from inference_estate import ACCOUNT
from typer.testing import CliRunner

from genai_layers import testing
from genai_layers.cli.main import app
from genai_layers.foundation import EncryptionKey
from genai_layers.operations import Monitoring

pytestmark = pytest.mark.synth


def test_tokens_are_priced_by_all_machines_of_a_group(
    group_templates: dict[str, testing.Template], tmp_path: Path
) -> None:
    """And the idle floor counts all of them."""
    (tmp_path / "Stack.template.json").write_text(json.dumps(group_templates["block"]), encoding="utf-8")
    stack = {
        "type": "aws:cloudformation:stack",
        "environment": f"aws://{ACCOUNT}/{testing.REGION}",
        "properties": {"templateFile": "Stack.template.json", "stackName": "Stack"},
    }
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": {"Stack": stack}}), encoding="utf-8")

    done = CliRunner().invoke(app, ["cost", "--template-dir", str(tmp_path), "--json"])

    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    (path,) = report["per_million_tokens"]
    assert path["path"] == "llama-3.1-405b in bf16 on 2 x p5.48xlarge, busy all the time"
    (machines,) = [line for line in report["lines"] if line["what"].startswith("2 x p5.48xlarge")]
    assert float(machines["usd_per_month"]) > 80_000


def test_a_multi_node_fleet_is_watched_as_every_fleet_is() -> None:
    """Alarms on what it fails, leaves unanswered or answers late."""
    estate = GroupEstate()
    key = EncryptionKey(estate.stack, "TopicKey", description="alarms", uses=Monitoring.REQUIRED_KEY_USES)

    alarms = Monitoring(estate.stack, "Monitoring", key=key.key).monitor_fleet(estate.group())

    assert len(alarms) == 3
