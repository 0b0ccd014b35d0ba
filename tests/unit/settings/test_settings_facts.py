"""Settings that are well-formed and impossible: the facts refuse them, all at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from genai_layers.settings import SettingsError, validate

ROOT = Path(__file__).resolve().parents[3]
FLEET = {"enabled": True, "plaintext_reason": "nothing leaves this test, so nothing needs to be encrypted"}


def faults_of(**tree: object) -> dict[str, str]:
    with pytest.raises(SettingsError) as caught:
        validate({"environment": "test", "region": "us-east-1", **tree}, source="test")
    return {fault.path: fault.message for fault in caught.value.faults}


@pytest.mark.parametrize("name", ["g6e.2xlrge", "m5.large", "p2.xlarge"])
def test_a_machine_that_is_not_an_accelerated_nitro_type_is_refused(name: str) -> None:
    """The message holds what was given, and names to choose from."""
    faults = faults_of(inference={**FLEET, "instance_types": (name,)})

    assert name in faults["inference.instance_types.0"]
    assert "smallest that fit 'llama-3.1-8b': " in faults["inference.instance_types.0"]


def test_a_model_that_does_not_fit_its_machine_is_refused_with_both_sizes() -> None:
    """Memory needed, memory there, and what to change."""
    message = faults_of(inference={**FLEET, "model": "llama-3.1-70b", "instance_types": ("g5.xlarge",)})[
        "inference.instance_types.0"
    ]

    assert "GiB" in message
    assert "g5.xlarge" in message


def test_a_region_without_the_service_is_refused_with_one_that_has_it() -> None:
    """A deploy there would fail on its first resource of that type."""
    message = faults_of(region="cn-north-1", platform={"model": "amazon.nova-lite-v1:0"})["region"]

    assert "lacks bedrock:Guardrail" in message


def test_vectors_of_a_length_the_model_does_not_make_are_refused() -> None:
    """The index would be made, and every ingestion would fail."""
    message = faults_of(platform={"embedding_dimensions": 1000})["platform.embedding_model"]

    assert "1024 or" in message or "or 1024" in message
    assert "1000" in message


def test_a_model_that_answers_nothing_is_refused() -> None:
    """The deploy would succeed, and every question would fail."""
    message = faults_of(platform={"model": "amazon.titan-embed-text-v2:0"})["platform.model"]

    assert "'amazon.titan-embed-text-v2:0' makes vectors and no answers" in message


@pytest.mark.parametrize(
    ("table", "path", "said"),
    [
        ({"application": {"requests_per_second": 100}}, "application", "burst 20 is below requests_per_second 100"),
        (
            {"application": {"daily_tokens_per_user": 8_000, "max_output_tokens": 8_000}},
            "application",
            "daily_tokens_per_user 8000 leaves no room for one answer",
        ),
        ({"network": {"nat_gateways": 3}}, "network", "nat_gateways 3 is above zone_count 2"),
        ({"network": {"cidr": "10.0.0.0/24"}}, "network.cidr", "10.0.0.0/24"),
    ],
)
def test_limits_that_a_construct_would_refuse_are_refused_with_their_path(
    table: dict[str, object], path: str, said: str
) -> None:
    """With every other fault of the file, and before any construct is made."""
    assert said in faults_of(**table)[path]


def test_unknown_models_of_every_kind_are_reported_together() -> None:
    """Three wrong names, three lines."""
    faults = faults_of(
        inference={**FLEET, "model": "llama-9"},
        platform={"model": "amazon.nova-lit-v1:0", "embedding_model": "amazon.titan-embed-text-v9:0"},
    )

    assert set(faults) == {"inference.model", "platform.model", "platform.embedding_model"}
    assert "amazon.nova-lite-v1:0" in faults["platform.model"]


@pytest.mark.synth
@pytest.mark.parametrize(
    ("override", "said"),
    [
        ({"inference.instance_types": '["m5.large"]', "environment": "prod"}, "m5.large"),
        ({"region": "mars-north-1", "environment": "prod"}, "mars-north-1"),
        (
            {"inference.model": "llama-3.1-70b", "inference.instance_types": '["g5.xlarge"]', "environment": "prod"},
            "GiB",
        ),
        ({"environment": "nowhere"}, "choose one of"),
    ],
)
def test_the_app_says_it_once_exits_2_and_writes_nothing(override: dict[str, str], said: str, tmp_path: Path) -> None:
    """No traceback, no half-written assembly."""
    out = tmp_path / "cdk.out"

    run = run_app(override, out)

    assert run.returncode == 2, run.stderr
    assert said in run.stderr
    assert "Traceback" not in run.stderr
    assert not list(out.glob("*"))


@pytest.mark.synth
def test_what_only_a_construct_can_refuse_is_said_as_plainly(tmp_path: Path) -> None:
    """The file, the value and what is allowed; no traceback and no template."""
    out = tmp_path / "cdk.out"

    run = run_app({"network.cidr": "8.8.0.0/16", "environment": "dev"}, out)

    assert run.returncode == 2, run.stderr
    assert "dev.toml cannot be built: cidr '8.8.0.0/16' is not private: choose one within 10.0.0.0/8" in run.stderr
    assert "Traceback" not in run.stderr
    assert not list(out.glob("*.template.json"))


def run_app(override: dict[str, str], out: Path) -> subprocess.CompletedProcess[str]:
    flags = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    return subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**os.environ, "CDK_OUTDIR": str(out), "CDK_CONTEXT_JSON": json.dumps({**flags, **override})},
        capture_output=True,
        text=True,
        check=False,
    )
