"""The programs of a pod: what runs before the engine, beside it, at its start and before its end."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import boto3
import botocore.exceptions
import pytest
from moto import mock_aws
from stub_engine import StubEngine

import genai_layers

BOOT = Path(genai_layers.__file__).parent / "inference" / "boot"
REGION = "us-east-1"


def load(name, monkeypatch):
    """Return a program of a pod as a module, with its neighbours beside it."""
    spec = importlib.util.spec_from_file_location(name, BOOT / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def cloud(monkeypatch):
    """Return an empty AWS within this process."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_REGION", REGION)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        yield


@pytest.fixture
def prepared(cloud, monkeypatch, tmp_path):
    """Return a way to run the preparation of a pod for weights that are copied."""
    s3 = boto3.client("s3", region_name=REGION)
    s3.create_bucket(Bucket="weights")
    secret = boto3.client("secretsmanager", region_name=REGION).create_secret(Name="key", SecretString="sesame")
    for name in ("run", "model"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("API_KEY_SECRET", secret["ARN"])
    monkeypatch.setenv("RUN_FOLDER", str(tmp_path / "run"))
    monkeypatch.setenv("MODEL_FOLDER", str(tmp_path / "model"))
    monkeypatch.setenv("WEIGHTS", "copied")
    monkeypatch.setenv("WEIGHTS_URI", "s3://weights/llama/")
    module = load("prepare_pod", monkeypatch)
    return SimpleNamespace(run=module.main, s3=s3, folder=tmp_path)


def test_a_pod_fetches_its_api_key_and_its_weights(prepared):
    """Files keep their folders, what is a folder itself is none, and another model stays where it is."""
    for name in ("llama/config.json", "llama/shards/one.safetensors", "llama/empty/", "other/config.json"):
        prepared.s3.put_object(Bucket="weights", Key=name, Body=name.encode())

    prepared.run()

    model = prepared.folder / "model"
    assert (prepared.folder / "run" / "api-key").read_text(encoding="utf-8") == "sesame"
    assert {str(path.relative_to(model)) for path in model.rglob("*") if path.is_file()} == {
        "config.json",
        "shards/one.safetensors",
    }


def test_a_start_after_a_failed_one_reads_only_what_is_missing(prepared):
    """Weights of a hundred gigabytes are not read twice."""
    prepared.s3.put_object(Bucket="weights", Key="llama/config.json", Body=b"new")
    prepared.s3.put_object(Bucket="weights", Key="llama/cut.safetensors", Body=b"whole")
    (prepared.folder / "model" / "config.json").write_bytes(b"old")
    (prepared.folder / "model" / "cut.safetensors").write_bytes(b"wh")

    prepared.run()

    assert (prepared.folder / "model" / "config.json").read_bytes() == b"old"
    assert (prepared.folder / "model" / "cut.safetensors").read_bytes() == b"whole"


def test_a_pod_without_weights_says_so_and_does_not_start(prepared):
    """Otherwise the engine fails minutes later, with a word about a tokenizer."""
    with pytest.raises(SystemExit, match="no weights under s3://weights/llama/"):
        prepared.run()


@pytest.mark.parametrize("name", ["llama/../../etc/passwd", "llama//etc/passwd"])
def test_weights_do_not_lead_out_of_their_folder(prepared, name):
    """A name in a bucket may hold anything."""
    prepared.s3.put_object(Bucket="weights", Key=name, Body=b"x")

    with pytest.raises(SystemExit, match="leads out of the folder"):
        prepared.run()


def test_weights_that_are_streamed_are_not_copied(prepared, monkeypatch):
    """The engine reads them itself, with the role of the pod."""
    monkeypatch.setenv("WEIGHTS", "streamed")

    prepared.run()

    assert not list((prepared.folder / "model").iterdir())


def test_every_python_of_the_engine_finds_the_api_key_in_its_environment(tmp_path):
    """It is in no argument, no file of arguments and no value of the chart."""
    (tmp_path / "sitecustomize.py").write_bytes((BOOT / "pod_environment.py").read_bytes())
    (tmp_path / "api-key").write_text("sesame", encoding="utf-8")
    told = {
        **os.environ,
        "API_KEY_VARIABLE": "VLLM_API_KEY",
        "PYTHONPATH": str(tmp_path),
        "RUN_FOLDER": str(tmp_path),
    }

    done = subprocess.run(
        [sys.executable, "-c", "import os; print(os.environ['VLLM_API_KEY'])"],
        env=told,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "sesame\n"


def test_what_the_probe_tells_gets_to_the_log_group(cloud, monkeypatch):
    """It makes its own stream at its first word, and goes on after that."""
    monkeypatch.setattr("sys.path", [str(BOOT), *sys.path])
    load("probe", monkeypatch)
    load("meter", monkeypatch)
    module = load("pod_meter", monkeypatch)
    client = boto3.client("logs", region_name=REGION)
    client.create_log_group(logGroupName="fleet")
    stream = module.LogStream(client, "fleet", "probe/pod-1")

    stream.write(json.dumps({"waiting": 1}))
    stream.write(json.dumps({"waiting": 2}))

    events = client.get_log_events(logGroupName="fleet", logStreamName="probe/pod-1", startFromHead=True)["events"]
    assert [json.loads(event["message"])["waiting"] for event in events] == [1, 2]


def test_health_goes_on_when_the_log_cannot_be_reached(cloud, monkeypatch, capsys):
    """A model that answers is not taken away because a metric is lost."""
    load("probe", monkeypatch)
    load("meter", monkeypatch)
    module = load("pod_meter", monkeypatch)
    client = boto3.client("logs", region_name=REGION)

    def refuse(**_):
        raise botocore.exceptions.EndpointConnectionError(endpoint_url="https://logs")

    monkeypatch.setattr(client, "put_log_events", refuse)

    module.LogStream(client, "fleet", "probe/pod-1").write("{}")

    assert "not told: Could not connect" in capsys.readouterr().err


def test_a_pod_waits_until_nothing_runs_and_no_longer_than_it_may(monkeypatch):
    """Counts of every copy of the model together; an engine that is gone has nothing to end."""
    monkeypatch.setenv("DRAIN_QUIET_SECONDS", "0")
    monkeypatch.setenv("DRAIN_LOOK_SECONDS", "0.05")
    monkeypatch.setenv("BUSY_METRICS", "vllm:generation_tokens_total")
    module = load("drain_pod", monkeypatch)
    with StubEngine() as engine:
        monkeypatch.setenv("PORT", str(engine.port))
        engine.tokens = 2.0
        monkeypatch.setenv("DRAIN_SECONDS", "0.3")
        begun = time.monotonic()
        module.main()
        waited = time.monotonic() - begun
        engine.tokens = 0.0
        monkeypatch.setenv("DRAIN_SECONDS", "60")
        module.main()
    module.main()

    assert 0.3 <= waited < 5
    assert time.monotonic() - begun < 10
