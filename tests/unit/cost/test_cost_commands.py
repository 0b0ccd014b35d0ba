"""The two commands, from what is typed to what is printed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from genai_layers.cli import cost, size

APP = """
import json, os, pathlib, sys
context = json.loads(os.environ["CDK_CONTEXT_JSON"])
if context["environment"] != "dev":
    sys.exit(f"there is no environment {context['environment']!r}")
out = pathlib.Path(os.environ["CDK_OUTDIR"])
resources = {"Key": {"Type": "AWS::KMS::Key", "Properties": {}}} if context["flag"] else {}
(out / "S.template.json").write_text(json.dumps({"Resources": resources}))
stack = {
    "type": "aws:cloudformation:stack",
    "environment": "aws://unknown-account/us-east-1",
    "properties": {"templateFile": "S.template.json"},
}
(out / "manifest.json").write_text(json.dumps({"artifacts": {"S": stack}}))
"""


def run(command: str, *arguments: str) -> Result:
    app = typer.Typer()
    app.command("cost")(cost.cost)
    app.command("size")(size.size)
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, [command, *arguments])


def assembly(folder: Path, templates: dict[str, dict[str, Any]], environment: str = "aws://1/us-east-1") -> Path:
    """Write a cloud assembly as `cdk synth` does."""
    artifacts = {}
    for name, template in templates.items():
        (folder / f"{name}.template.json").write_text(json.dumps(template), "utf-8")
        artifacts[name] = {
            "type": "aws:cloudformation:stack",
            "environment": environment,
            "properties": {"templateFile": f"{name}.template.json", "stackName": name},
        }
    (folder / "manifest.json").write_text(json.dumps({"artifacts": artifacts}), "utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path, fleet_template: dict[str, Any], platform_template: dict[str, Any]) -> Path:
    """Two stacks and a nested one."""
    nested = {"Resources": {"Gateway": {"Type": "AWS::EC2::NatGateway", "Properties": {}}}}
    (tmp_path / "Deep.nested.template.json").write_text(json.dumps(nested), "utf-8")
    return assembly(tmp_path, {"Inference": fleet_template, "Platform": platform_template})


def test_prints_the_floor_the_tokens_and_what_has_no_price(folder: Path) -> None:
    """One report with all four parts, and exit 0."""
    result = run("cost", "--template-dir", str(folder))

    assert result.exit_code == 0
    for part in ("Idle floor, USD a month", "NAT gateway", "2 x g6.xlarge", "A million tokens, USD",
                 "Bedrock amazon.nova-lite-v1:0", "guardrail on top", "llama-3.1-8b in bf16 on g6.xlarge",
                 "roofline estimate, not a measurement", "Without a price"):  # fmt: skip
        assert part in result.stdout


def test_json_has_the_same_with_every_source(folder: Path) -> None:
    """A program reads amounts as text, each with source and date."""
    data = json.loads(run("cost", "--template-dir", str(folder), "--json").stdout)

    assert {line["stack"] for line in data["lines"]} == {"Inference", "Platform", "Deep"}
    assert all(line["price"]["source"] and line["price"]["as_of"] for line in data["lines"])
    assert len(data["per_million_tokens"]) == 3
    assert data["unpriced"] == []


def test_a_measured_figure_replaces_the_estimate(folder: Path) -> None:
    """The path says that it was given."""
    data = json.loads(run("cost", "--template-dir", str(folder), "--json", "--tokens-per-second", "200").stdout)

    (fleet,) = [path for path in data["per_million_tokens"] if "g6.xlarge" in path["path"]]
    assert any("--tokens-per-second" in item for item in fleet["assumptions"])


def test_paths_without_a_price_are_listed_not_dropped(
    tmp_path: Path, fleet_template: dict[str, Any], platform_template: dict[str, Any]
) -> None:
    """In another region the guardrail and the fleet have no price; an unknown model never has one."""
    arn = "arn:x:bedrock:eu-west-3::foundation-model/acme.unheard-of-v1:0"
    video = "arn:x:bedrock:eu-west-3::foundation-model/twelvelabs.pegasus-1-2-v1:0"
    platform_template["Resources"]["Role"]["Properties"]["Extra"] = [arn, video]
    where = "aws://1/eu-west-3"
    folder = assembly(tmp_path, {"Inference": fleet_template, "Platform": platform_template}, where)

    data = json.loads(run("cost", "--template-dir", str(folder), "--json").stdout)
    table = run("cost", "--template-dir", str(folder)).stdout

    reasons = " ".join(item["reason"] for item in data["unpriced"] if item["what"] == "tokens")
    for part in ("acme.unheard-of-v1:0", "pegasus-1-2", "guardrail Platform/Guardrail", "fleet Inference/Group"):
        assert part in reasons
        assert part in table
    assert [path["path"] for path in data["per_million_tokens"]] == ["Bedrock amazon.nova-lite-v1:0, on demand"]


def test_reads_the_stacks_of_a_stage(tmp_path: Path, platform_template: dict[str, Any]) -> None:
    """A stage is an assembly inside the assembly."""
    (tmp_path / "stage").mkdir()
    assembly(tmp_path / "stage", {"Inner": platform_template})
    artifacts = {"Stage": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "stage"}}}
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": artifacts}), "utf-8")

    data = json.loads(run("cost", "--template-dir", str(tmp_path), "--json").stdout)

    assert data["stacks"] == {"Inner": "1.00"}


def test_synthesizes_the_app_with_its_context_and_environment(tmp_path: Path) -> None:
    """cdk.json's context and the environment reach the app, and an override wins."""
    (tmp_path / "app.py").write_text(APP, "utf-8")
    (tmp_path / "cdk.json").write_text('{"context": {"flag": true}}', "utf-8")

    priced = run("cost", "-e", "dev", "--directory", str(tmp_path), "--json")
    without = run("cost", "-e", "dev", "--directory", str(tmp_path), "--json", "-c", "flag=")

    assert json.loads(priced.stdout)["usd_per_month"] == "1.00"
    assert json.loads(without.stdout)["usd_per_month"] == "0"


def test_an_app_that_does_not_synthesize_is_quoted(tmp_path: Path) -> None:
    """The app's own words and exit 2, nothing else."""
    (tmp_path / "app.py").write_text(APP, "utf-8")
    (tmp_path / "cdk.json").write_text("{}", "utf-8")

    result = run("cost", "-e", "prd", "--directory", str(tmp_path))

    assert result.exit_code == 2
    assert "there is no environment 'prd'" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "give an environment with -e"),
        (("--template-dir", "nowhere"), "nowhere holds no manifest.json"),
        (("-e", "dev", "--directory", "/nonexistent"), "holds no app.py and no cdk.json"),
        (("-e", "dev", "-c", "nonsense"), "'nonsense' has no '='"),
        (("-e", "dev", "--input-tokens", "-1"), "has no price"),
    ],
)
def test_bad_input_is_one_message_and_exit_2(arguments: Sequence[str], message: str) -> None:
    """What was wrong and what to do, on standard error."""
    result = run("cost", *arguments)

    assert result.exit_code == 2
    assert message in result.stderr


def test_a_stack_without_a_region_needs_one(tmp_path: Path, platform_template: dict[str, Any]) -> None:
    """Prices differ by region, so none is assumed."""
    folder = assembly(tmp_path, {"S": platform_template}, "aws://unknown-account/unknown-region")

    refused = run("cost", "--template-dir", str(folder))
    given = run("cost", "--template-dir", str(folder), "--region", "us-east-1")

    assert (refused.exit_code, given.exit_code) == (2, 0)
    assert "stack 'S' names no region: give one with --region" in refused.stderr


def test_size_prints_machines_that_fit_with_prices_and_assumptions() -> None:
    """The command of the issue."""
    result = run("size", "--model", "llama-3.1-70b", "--context", "32768", "--concurrency", "64")

    assert result.exit_code == 0
    assert "p5en.48xlarge" in result.stdout
    assert "g6.48xlarge" not in result.stdout
    assert "Assumptions:" in result.stdout
    assert "roofline estimate, not a measurement" in result.stdout


def test_size_gives_the_cheapest_first_and_unpriced_last() -> None:
    """By the hour; what has no price is there too."""
    rows = json.loads(run("size", "--model", "llama-3.1-8b", "--json").stdout)
    prices = [row["usd_per_hour"] for row in rows]
    known = [float(price) for price in prices if price is not None]

    assert known == sorted(known)
    assert None not in prices[: len(known)]
    assert all(row["concurrency"] >= 1 for row in rows)


def test_size_takes_a_measured_figure_for_a_machine() -> None:
    """The price of that machine follows from it, the others stay estimates."""
    given = ("--measured", "g6.xlarge=200", "--json")
    rows = {row["instance_type"]: row for row in json.loads(run("size", "--model", "llama-3.1-8b", *given).stdout)}

    assert "measured: given with --measured" in rows["g6.xlarge"]["assumptions"]
    assert "roofline estimate, not a measurement" in rows["g5.xlarge"]["assumptions"]
    assert "measured" in run("size", "--model", "llama-3.1-8b", *given[:2]).stdout


def test_size_can_be_limited_to_one_vendor() -> None:
    """Neuron only."""
    rows = json.loads(run("size", "--model", "llama-3.1-8b", "--vendor", "neuron", "--json").stdout)

    assert {row["accelerator"] for row in rows} <= {"Inferentia2", "Trainium", "Trainium2", "Inferentia"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--model", "llama-3.1-71b"), "choose one like llama-3.1-70b"),
        (("--model", "llama-3.1-8b", "--context", "999999", "--concurrency", "0"),
         "takes 1 to 131072 tokens; --concurrency 0 must be at least 1"),
        (("--model", "llama-3.1-8b", "--precision", "fp2"), "choose one of fp16, bf16, fp8"),
        (("--model", "llama-3.1-8b", "--vendor", "acme"), "choose one of nvidia, neuron"),
        (("--model", "llama-3.1-8b", "--region", "mars"), "'mars' has not the form"),
        (("--model", "llama-3.1-8b", "--measured", "g6.xlarge=fast"), "has no rate above 0: write it as g6.xlarge=850"),
        (("--model", "llama-3.1-8b", "--measured", "g6.xlrage=1"), "choose one like g6.xlarge"),
        (("--model", "deepseek-r1", "--vendor", "neuron", "--concurrency", "9999"), "fits no single machine"),
    ],
)  # fmt: skip
def test_size_refuses_bad_input_with_exit_2(arguments: Sequence[str], message: str) -> None:
    """One clear message each."""
    result = run("size", *arguments)

    assert result.exit_code == 2
    assert message in result.stderr
