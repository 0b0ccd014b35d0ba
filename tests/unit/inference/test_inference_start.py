"""The boot scripts run for real, with stand-ins for the AWS CLI, Docker and the metadata service."""

from __future__ import annotations

import http.server
import shlex
import subprocess
import threading
import time

import pytest
from stub_machine import BOOT, Machine, Metadata, Yes


@pytest.fixture
def machine(tmp_path) -> Machine:
    """Return a machine that has just started."""
    return Machine(tmp_path)


def test_a_streaming_engine_gets_key_and_temporary_credentials_in_a_file_of_root(machine):
    """Neither is in user data, in the arguments or in the environment of anything else."""
    done = machine.script("prepare.sh")

    assert (done.returncode, done.stderr) == (0, "")
    secret = machine.state / "secret.env"
    assert secret.read_text(encoding="utf-8").splitlines() == [
        "VLLM_API_KEY=key-of-the-model",
        "AWS_ACCESS_KEY_ID=A",
        "AWS_SECRET_ACCESS_KEY=B",
        "AWS_SESSION_TOKEN=C",
    ]
    assert secret.stat().st_mode & 0o777 == 0o600
    assert (machine.state / "api-key").stat().st_mode & 0o777 == 0o600


def test_an_engine_with_copied_weights_gets_no_credentials(machine):
    """The host copies the folder; the container could not reach AWS if it wanted to."""
    done = machine.script("prepare.sh", WEIGHTS="copied")

    assert done.returncode == 0, done.stderr
    assert (machine.folder / "data" / "weights" / "config.json").exists()
    assert (machine.state / "secret.env").read_text(encoding="utf-8") == "VLLM_API_KEY=key-of-the-model\n"


def test_the_image_is_pulled_once_and_the_login_forgotten(machine):
    """A restart of the engine pulls nothing, and no registry password stays behind."""
    machine.script("prepare.sh")
    machine.script("prepare.sh", IMAGE_EXIT="0")

    calls = machine.calls.read_text(encoding="utf-8")
    assert calls.count("docker pull --quiet registry/vllm:1") == 1
    assert calls.count("docker login") == 1
    assert not (machine.state / "docker").exists()


def test_a_secret_that_cannot_be_read_stops_the_start(machine):
    """An engine without a key would answer anybody."""
    (machine.folder / "bin" / "aws").write_text("#!/bin/sh\nexit 255\n", encoding="utf-8")

    done = machine.script("prepare.sh")

    assert done.returncode != 0
    assert not (machine.state / "secret.env").exists()


def test_the_container_starts_with_its_arguments_and_without_privileges(machine):
    """Each argument arrives whole, quotes and spaces included."""
    machine.script("prepare.sh")

    done = machine.script("serve.sh")

    words = machine.run.read_text(encoding="utf-8").splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert words[-4:] == ["registry/vllm:1", "serve", "s3://weights/model/", '--limits={"a": 1}']
    assert words[words.index("--gpus") + 1] == "all"
    assert words[words.index("--cap-drop") + 1] == "ALL"
    assert words[words.index("--entrypoint") + 1] == "vllm"
    assert "awslogs-stream=i-0123456789abcdef0/engine" in words
    assert "--read-only" in words
    assert "key-of-the-model" not in " ".join(words)
    assert not any(word.endswith(":/model:ro") for word in words)


def test_copied_weights_are_mounted_read_only(machine):
    """An engine cannot change what the next start will load."""
    machine.script("prepare.sh", WEIGHTS="copied")

    machine.script("serve.sh", WEIGHTS="copied", ENTRYPOINT="")

    words = machine.run.read_text(encoding="utf-8").splitlines()
    assert f"{machine.folder / 'data'}/weights:/model:ro" in words
    assert "--entrypoint" not in words


@pytest.mark.parametrize(
    ("script", "changed", "complaint"),
    [
        ("prepare.sh", {"WEIGHTS": "mailed"}, "WEIGHTS is 'mailed', allowed are streamed and copied"),
        ("serve.sh", {"DEVICES": "tpu"}, "DEVICES is 'tpu', allowed are nvidia and neuron"),
    ],
)
def test_a_value_that_the_scripts_do_not_know_stops_them(machine, script, changed, complaint):
    """The journal says what was given and what is allowed."""
    machine.script("prepare.sh")

    done = machine.script(script, **changed)

    assert done.returncode == 2
    assert complaint in done.stderr


def test_a_machine_signals_when_it_answers_and_does_not_mind_if_nobody_waits(machine):
    """Outside an update CloudFormation refuses the signal."""
    server = http.server.HTTPServer(("127.0.0.1", 0), Yes)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    props = {"HEALTH_PORT": str(server.server_address[1]), "STACK": "arn:stack", "GROUP_LOGICAL_ID": "Group"}

    waited_for = machine.script("ready.sh", **props)
    ignored = machine.script("ready.sh", SIGNAL_EXIT="254", **props)

    server.shutdown()
    server.server_close()
    assert (waited_for.returncode, ignored.returncode) == (0, 0)
    assert "no update is waiting" in ignored.stderr
    (call, _) = machine.calls.read_text(encoding="utf-8").splitlines()
    assert shlex.split(call)[-2:] == ["--unique-id", "i-0123456789abcdef0"]


def test_a_spot_machine_drains_when_its_end_is_announced(machine):
    """The metadata service says nothing for a while, then names a time."""
    Metadata.announced = False
    server = http.server.HTTPServer(("127.0.0.1", 0), Metadata)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    marker = machine.state / "draining"
    variables = machine.variables(METADATA_URL=f"http://127.0.0.1:{server.server_address[1]}", POLL_SECONDS="0.1")
    process = subprocess.Popen(["bash", str(BOOT / "drain.sh")], env=variables, stdout=subprocess.DEVNULL)

    time.sleep(0.5)
    early = marker.exists()
    Metadata.announced = True
    process.wait(timeout=10)

    server.shutdown()
    server.server_close()
    assert not early
    assert marker.exists()
