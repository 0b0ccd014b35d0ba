"""What runs beside the engine in a task: its health check, and its metrics in the log."""

from __future__ import annotations

import http.client
import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from inference_estate import fill, only
from stub_engine import StubEngine

import genai_layers

BOOT = Path(genai_layers.__file__).parent / "inference" / "boot"
LABELS = ["Space", "Fleet", "one"]
PUBLISHED = {"vllm:num_requests_waiting": "waiting", "vllm:generation_tokens_total": "tokens"}
LATENCY = "vllm:time_to_first_token_seconds"


@pytest.fixture
def modules(monkeypatch):
    """Return probe and meter as modules, as they find each other in a task."""
    made = []
    for name in ("probe", "meter"):
        spec = importlib.util.spec_from_file_location(name, BOOT / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)
        spec.loader.exec_module(module)
        made.append(module)
    return made


@pytest.fixture
def engine():
    """Return a running engine."""
    with StubEngine() as running:
        yield running


@pytest.fixture
def meter(modules, engine):
    """Return the meter of the engine."""
    probe, module = modules
    seen = probe.Engine(engine.port, "/v1/completions", "{}", list(PUBLISHED), "secret")
    return module.Meter(seen, PUBLISHED, LATENCY, LABELS)


def test_a_gauge_is_told_as_it_is_and_a_counter_by_its_growth(meter, engine):
    """A total since the start says nothing of the last half minute."""
    first = meter.read()
    engine.tokens += 40

    second = meter.read()

    assert first == {"waiting": [3.0]}
    assert second == {"waiting": [3.0], "tokens": 40.0}


def test_the_time_to_the_first_token_is_the_mean_since_the_last_look(meter, engine):
    """And nothing where nobody asked."""
    meter.read()
    engine.seconds, engine.requests = 3.0, 2.0

    busy, idle = meter.read(), meter.read()

    assert busy[LATENCY] == 1.5
    assert LATENCY not in idle


def test_an_engine_that_was_started_again_tells_no_negative_growth(meter, engine):
    """Its counters begin at nothing."""
    engine.tokens = 100
    meter.read()
    engine.tokens = 0

    assert "tokens" not in meter.read()


def test_a_line_is_in_the_embedded_metric_format(meter):
    """Every metric that the head names is a member, and so is the dimension."""
    line = json.loads(meter.line())

    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "Space"
    assert directive["Dimensions"] == [["Fleet"]]
    assert line["Fleet"] == "one"
    assert {item["Name"] for item in directive["Metrics"]} == {"waiting"} == set(line) - {"_aws", "Fleet"}


@pytest.mark.synth
def test_the_probe_of_the_task_definition_runs(container_templates, engine, tmp_path):
    """The command and the variables as ECS would start them, beside an engine that answers."""
    task = fill(only(container_templates["plain"], "AWS::ECS::TaskDefinition"))
    (probe,) = [item for item in task["ContainerDefinitions"] if item["Name"] == "probe"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        health_port = free.getsockname()[1]
    variables = {item["Name"]: item["Value"] for item in probe["Environment"]}
    variables |= {"PORT": str(engine.port), "HEALTH_PORT": str(health_port), "API_KEY": "secret"}
    command = [*probe["EntryPoint"], *(text.replace("/tmp", str(tmp_path)) for text in probe["Command"])]  # noqa: S108

    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    with subprocess.Popen(command, env={**variables, "PATH": path}, stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            told = json.loads(running.stdout.readline())
            status = _health(health_port)
        finally:
            running.kill()

    assert status == 200
    assert told["vllm:num_requests_waiting"] == [3.0]
    assert told["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "GenAiLayers/Inference"


def _health(port: int) -> int:
    for _ in range(100):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/health")
            status = connection.getresponse().status
            if status == 200:
                return status
        except OSError:
            status = 0
        finally:
            connection.close()
        time.sleep(0.1)
    return status
