"""Boot files as data: every variant is checked by the tools that would complain on the machine."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from inference_estate import VARIANTS, boot_files, user_data

from genai_layers.inference.user_data import MAX_BYTES

pytestmark = pytest.mark.synth

UNITS = "/etc/systemd/system"


@pytest.fixture(params=sorted(VARIANTS))
def variant(request, templates):
    """Return the template of one variant after the other."""
    return templates[request.param]


@pytest.fixture
def machine(variant, tmp_path) -> Path:
    """Return a folder with the files of a machine, and stand-ins for what a deep learning AMI brings along."""
    for path, content in boot_files(variant).items():
        file = tmp_path / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
        file.chmod(0o755 if path.endswith(".sh") else 0o644)
    for name in (
        "usr/bin/dnf",
        "usr/bin/docker",
        "usr/bin/python3",
        "usr/bin/systemctl",
        "opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl",
    ):
        program = tmp_path / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text("#!/bin/sh\n", encoding="utf-8")
        program.chmod(0o755)
    for name in ("docker.service", "network-online.target", "multi-user.target", "basic.target", "sysinit.target"):
        unit = tmp_path / "usr/lib/systemd/system" / name
        unit.parent.mkdir(parents=True, exist_ok=True)
        service = "[Service]\nExecStart=/usr/bin/docker\n" if name.endswith(".service") else ""
        unit.write_text(f"[Unit]\nDescription={name}\nDefaultDependencies=no\n{service}", encoding="utf-8")
    return tmp_path


def test_user_data_is_a_cloud_config_that_fits(variant):
    """EC2 takes 16 KiB; cloud-init takes what it knows and drops the rest without a word."""
    text = user_data(variant)
    document = yaml.safe_load(text)

    assert text.startswith("#cloud-config\n")
    assert len(text.encode()) <= MAX_BYTES
    assert set(document) == {"write_files", "runcmd"}
    for file in document["write_files"]:
        assert set(file) == {"path", "permissions", "content"}
        assert file["permissions"] in {"0644", "0755"}
    assert all(isinstance(word, str) for command in document["runcmd"] for word in command)


def test_cloud_init_accepts_the_document(variant, tmp_path):
    """The schema of cloud-init itself has no complaint."""
    cloud_init = shutil.which("cloud-init")
    if cloud_init is None:
        pytest.skip("cloud-init is not installed (apt-get install cloud-init): its own schema was not consulted")
    file = tmp_path / "user-data"
    file.write_text(user_data(variant), encoding="utf-8")

    done = subprocess.run(
        [cloud_init, "schema", "--config-file", str(file)], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_shellcheck_has_no_finding(machine):
    """Every script as it lands on the machine, at the strictest level."""
    scripts = sorted(str(script) for script in (machine / "opt/genai").glob("*.sh"))

    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("shellcheck")),
            "--severity=style",
            "--enable=quote-safe-variables",
            *scripts,
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_systemd_has_no_complaint(machine):
    """An unknown key is only a warning to systemd and leaves its exit code at 0, so any word is a failure."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed (apt-get install systemd): no unit was verified")
    units = sorted(str(unit) for unit in (machine / UNITS.lstrip("/")).glob("*-*.*"))

    done = subprocess.run(
        [analyze, "verify", f"--root={machine}", "--man=no", *(Path(unit).name for unit in units)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_started_unit_is_written_and_every_written_script_is_used(variant):
    """Nothing is started that is not there, and nothing lies about that nobody starts."""
    files = boot_files(variant)
    (enable,) = [command for command in yaml.safe_load(user_data(variant))["runcmd"] if "enable" in command]
    started = {word for word in enable if word.endswith((".service", ".mount"))}
    units = {Path(path).name for path in files if path.startswith(UNITS)}
    scripts = {path for path in files if path.startswith("/opt/genai/")}

    assert started == units
    text = "".join(content for path, content in files.items() if path.startswith(UNITS))
    assert all(script in text for script in scripts)


def test_no_secret_and_no_key_is_in_user_data(variant):
    """Whoever may describe a machine may read its user data."""
    text = user_data(variant)

    assert "GenerateSecretString" not in text
    assert "AWS_SECRET_ACCESS_KEY=" not in text
    assert "{{resolve:secretsmanager" not in text


def test_the_container_has_no_privileges(variant):
    """It cannot write to its image, gain capabilities or reach the host's devices beyond its accelerators."""
    script = boot_files(variant)["/opt/genai/serve.sh"]

    assert "--read-only --cap-drop ALL --security-opt no-new-privileges" in script
    for word in ("--privileged", "--cap-add", "--network host", "--pid host", "--ipc host", "docker.sock"):
        assert word not in script


def test_the_probe_runs_on_the_python_of_the_machine(templates):
    """Amazon Linux 2023 has Python 3.9; newer syntax would fail on the machine and nowhere else."""
    source = boot_files(templates["plain"])["/opt/genai/probe.py"]

    compile(source, "probe.py", "exec")
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("ruff")),
            "check",
            "--isolated",
            "--select=F",
            "--target-version",
            "py39",
            "--quiet",
            "-",
        ],
        input=source,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_every_start_of_the_engine_starts_the_probe(templates):
    """A first start that fails takes the probe with it, and a new API key has to reach it."""
    unit = boot_files(templates["plain"])[f"{UNITS}/genai-engine.service"]

    assert "ExecStartPost=+/usr/bin/systemctl --no-block restart genai-probe.service" in unit


def test_the_agent_gets_only_keys_that_it_knows(templates):
    """It refuses its whole configuration for one that it does not, and the fleet would stand still."""
    logs = json.loads(boot_files(templates["plain"])["/etc/genai/agent.json"])["logs"]

    # amazon-cloudwatch-agent, translator/config/schema.json, 2026-08-07: no further properties are allowed.
    assert set(logs) == {"logs_collected", "metrics_collected"}
    assert set(logs["metrics_collected"]["prometheus"]) == {
        "prometheus_config_path",
        "log_group_name",
        "emf_processor",
    }
    assert set(logs["metrics_collected"]["prometheus"]["emf_processor"]) == {"metric_namespace", "metric_declaration"}


def test_a_spot_machine_watches_for_its_end(templates):
    """Only there: others are never interrupted, and need not ask every five seconds."""
    assert f"{UNITS}/genai-drain.service" in boot_files(templates["spot"])
    assert f"{UNITS}/genai-drain.service" not in boot_files(templates["plain"])


def test_the_agent_publishes_the_engine_under_one_name_old_or_new(templates):
    """A fleet keeps its alarms when vLLM renames a gauge."""
    files = boot_files(templates["plain"])
    declaration = json.loads(files["/etc/genai/agent.json"])["logs"]["metrics_collected"]["prometheus"]["emf_processor"]
    scrape = json.loads(files["/etc/genai/prometheus.json"])["scrape_configs"][0]

    assert declaration["metric_namespace"] == "GenAiLayers/Inference"
    (selector,) = declaration["metric_declaration"][0]["metric_selectors"]
    assert [
        name
        for name in ("vllm:num_requests_waiting", "vllm:time_to_first_token_seconds", "up")
        if re.match(selector, name)
    ] == [
        "vllm:num_requests_waiting",
        "vllm:time_to_first_token_seconds",
    ]
    assert {
        "source_labels": ["__name__"],
        "regex": "vllm:gpu_cache_usage_perc",
        "target_label": "__name__",
        "replacement": "vllm:kv_cache_usage_perc",
    } in scrape["metric_relabel_configs"]
    assert scrape["static_configs"][0]["labels"] == {
        declaration["metric_declaration"][0]["dimensions"][0][0]: "StackplainFleet"
        + scrape["static_configs"][0]["labels"]["Fleet"].removeprefix("StackplainFleet")
    }
