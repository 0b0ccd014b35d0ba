"""The health probe of a machine, against an engine that can be made to fail in every way that a real one does."""

from __future__ import annotations

import http.client
import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest
from stub_engine import StubEngine

import genai_layers

PROBE = Path(genai_layers.__file__).parent / "inference" / "boot" / "probe.py"
BODY = '{"model": "m", "prompt": "ready", "max_tokens": 1}'


@pytest.fixture(scope="module")
def probe() -> ModuleType:
    """Return the probe as a module."""
    spec = importlib.util.spec_from_file_location("probe", PROBE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def engine():
    """Return a running engine."""
    with StubEngine() as running:
        yield running


@pytest.fixture
def health(probe, engine, tmp_path):
    """Return the probe's view of the engine."""
    return watch(probe, engine.port, tmp_path)


def watch(probe, port, folder, api_key="secret"):
    """Return the health of the engine on *port*."""
    seen = probe.Engine(port, "/v1/completions", BODY, ["vllm:generation_tokens_total"], api_key)
    return probe.Health(seen, folder / "draining")


def test_a_machine_is_not_healthy_before_the_first_look(health):
    """Until somebody has looked, nobody knows."""
    assert health.fault() == "not looked at yet"


def test_a_model_that_replies_is_healthy(health, engine):
    """An idle model is asked for one token."""
    health.look()

    assert health.fault() is None
    assert engine.asked == 1


def test_a_busy_model_is_not_asked_on_top_of_its_work(health, engine):
    """Its token count has grown since the last look, which is answer enough."""
    health.look()
    engine.tokens += 50

    health.look()

    assert health.fault() is None
    assert engine.asked == 1


def test_an_idle_model_is_asked_again(health, engine):
    """The probe's own token does not pass for work."""
    health.look()

    health.look()

    assert health.fault() is None
    assert engine.asked == 2


def test_an_engine_that_listens_but_does_not_answer_is_found(health, engine):
    """The port is open, the metrics are there, and the model is dead."""
    health.look()
    engine.hangs = True

    health.look()

    assert health.fault() == "the model does not answer: POST /v1/completions gives 500"


def test_a_model_that_comes_back_is_healthy_again(health, engine):
    """A restart sets the count back to zero, which is no reason for alarm."""
    health.look()
    engine.hangs = True
    health.look()
    engine.hangs = False
    engine.tokens = 0

    health.look()

    assert health.fault() is None


def test_an_engine_that_is_gone_is_found(probe, tmp_path):
    """Nobody listens."""
    with StubEngine() as engine:
        port = engine.port
    health = watch(probe, port, tmp_path)

    health.look()

    assert health.fault().startswith("the model does not answer: ")


def test_a_wrong_api_key_is_not_taken_for_an_answer(probe, engine, tmp_path):
    """A 401 is an answer of the web server, not of the model."""
    health = watch(probe, engine.port, tmp_path, api_key="stale")

    health.look()

    assert health.fault() == "the model does not answer: POST /v1/completions gives 401"


def test_a_machine_that_is_about_to_go_takes_no_more_requests(health, tmp_path):
    """The model still answers those that run."""
    health.look()
    (tmp_path / "draining").touch()

    assert health.fault() == "draining: the machine is about to be taken away"


def test_a_probe_that_has_stopped_looking_is_not_believed(health, monkeypatch):
    """Old news is no news."""
    health.look()
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 1000)

    assert health.fault() == "the last look is 1000 s old"


def test_the_time_to_the_first_token_is_the_mean_since_the_last_scrape(health, engine):
    """The agent drops histograms, so the probe makes a gauge of one; without a request there is nothing to say."""
    name = "vllm:time_to_first_token_seconds"
    engine.seconds, engine.requests = 10.0, 10.0
    first = health.latency(name)
    engine.seconds, engine.requests = 16.0, 12.0
    second = health.latency(name)

    assert first == f"# TYPE {name} gauge\n{name} 1.0\n"
    assert second == f"# TYPE {name} gauge\n{name} 3.0\n"
    assert health.latency(name) == ""


def test_the_program_answers_the_load_balancer(engine, tmp_path):
    """Started as the unit starts it, it says 200 with the reason, and 404 elsewhere."""
    (tmp_path / "api-key").write_text("secret", encoding="utf-8")
    with StubEngine() as spare:
        port = spare.port
    variables = {
        "PORT": str(engine.port),
        "HEALTH_PORT": str(port),
        "PROBE_PATH": "/v1/completions",
        "PROBE_BODY": BODY,
        "PROGRESS_METRICS": "vllm:generation_tokens_total",
        "PROBE_INTERVAL_SECONDS": "0.1",
        "CREDENTIALS_DIRECTORY": str(tmp_path),
        "LATENCY_METRIC": "vllm:time_to_first_token_seconds",
        "DRAIN_MARKER": str(tmp_path / "draining"),
    }
    process = subprocess.Popen([sys.executable, str(PROBE)], env={**os.environ, **variables})
    try:
        assert answer(port, "/health") == (200, "the model answers")
        assert answer(port, "/metrics") == (200, "")
        assert answer(port, "/v1/models")[0] == 404
        (tmp_path / "draining").touch()
        assert answer(port, "/health")[0] == 503
    finally:
        process.kill()
        process.wait()


def answer(port: int, path: str) -> tuple[int, str]:
    """Return status and text of *path*, after waiting for somebody to listen and to have looked."""
    for _ in range(100):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            text = response.read().decode()
        except OSError:
            text = "not looked at yet"
        finally:
            connection.close()
        if text != "not looked at yet":
            return response.status, text
        time.sleep(0.1)
    raise AssertionError(f"nobody answers on port {port}")
