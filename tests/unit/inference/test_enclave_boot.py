"""What a machine with an enclave writes and runs, as the tools see it that would complain there."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from enclave_estate import broker
from inference_estate import Estate, boot_files, user_data
from sealed_weights import load
from stub_machine import BOOT

from genai_layers import testing
from genai_layers.inference.user_data import MAX_BYTES

pytestmark = pytest.mark.synth

UNITS = "etc/systemd/system"


@pytest.fixture(scope="module", params=[5000, None], ids=["with requests", "alone"])
def template(request: Any) -> testing.Template:
    """Return the template of a broker that answers requests, and of one that does not."""
    estate = Estate()
    broker(estate, request_port=request.param)
    return testing.template(estate.stack)


@pytest.fixture
def machine(template: testing.Template, tmp_path: Path) -> Path:
    """Return a folder with the files of a machine, and stand-ins for its programs."""
    for path, content in boot_files(template).items():
        file = tmp_path / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
        file.chmod(0o755 if path.endswith(".sh") else 0o644)
    for name in ("usr/bin/python3", "usr/bin/vsock-proxy", "usr/bin/nitro-cli"):
        program = tmp_path / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text("#!/bin/sh\n", encoding="utf-8")
        program.chmod(0o755)
    for name in (
        "nitro-enclaves-allocator.service", "network-online.target", "multi-user.target", "basic.target",
        "sysinit.target",
    ):  # fmt: skip
        unit = tmp_path / "usr/lib/systemd/system" / name
        unit.parent.mkdir(parents=True, exist_ok=True)
        service = "[Service]\nExecStart=/usr/bin/nitro-cli\n" if name.endswith(".service") else ""
        unit.write_text(f"[Unit]\nDescription={name}\nDefaultDependencies=no\n{service}", encoding="utf-8")
    return tmp_path


def test_user_data_of_a_broker_is_a_cloud_config_that_fits(template: testing.Template) -> None:
    """Every unit is started that is written, the allocator before them, with our figures in its file."""
    text = user_data(template)
    document = yaml.safe_load(text)
    *_, enable = document["runcmd"]

    assert text.startswith("#cloud-config\n")
    assert len(text.encode()) <= MAX_BYTES
    written = {Path(file["path"]).name for file in document["write_files"] if UNITS in file["path"]}
    assert {word for word in enable if word.endswith(".service")} == written | {"nitro-enclaves-allocator.service"}
    assert ["cp", "/etc/genai/allocator.yaml", "/etc/nitro_enclaves/allocator.yaml"] in document["runcmd"]


def test_the_allocator_gives_up_what_the_enclave_takes(template: testing.Template) -> None:
    """Less would keep the enclave from starting, more would be lost to both."""
    files = boot_files(template)
    allocated = yaml.safe_load(files["/etc/genai/allocator.yaml"])

    assert allocated == {"memory_mib": 4096, "cpu_count": 2}
    for line in ("ENCLAVE_MEMORY_MIB='4096'", "ENCLAVE_VCPUS='2'"):
        assert line in files["/etc/genai/enclave.env"]


def test_the_proxy_leads_to_kms_and_nowhere_else(template: testing.Template) -> None:
    """An enclave that was taken over reaches one host."""
    files = boot_files(template)

    assert yaml.safe_load(files["/etc/genai/vsock-proxy.yaml"]) == {
        "allowlist": [{"address": "kms.us-east-1.amazonaws.com", "port": 443}]
    }
    assert "--config /etc/genai/vsock-proxy.yaml" in files[f"/{UNITS}/genai-kms-proxy.service"]


def test_no_enclave_is_started_in_debug_mode(template: testing.Template) -> None:
    """Its console would tell, and no key opens to it."""
    lines = boot_files(template)["/opt/genai/enclave.sh"].splitlines()

    assert not any("--debug-mode" in line or "--attach-console" in line for line in lines)


def test_shellcheck_and_systemd_have_no_complaint_about_a_broker(machine: Path) -> None:
    """Every script and every unit as it lands on the machine."""
    shellcheck = str(Path(sys.executable).with_name("shellcheck"))
    done = subprocess.run(
        [shellcheck, "--severity=style", *sorted(map(str, (machine / "opt/genai").glob("*.sh")))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed (apt-get install systemd): no unit was verified")

    units = sorted(unit.name for unit in (machine / UNITS).iterdir())
    done = subprocess.run(
        [analyze, "verify", f"--root={machine}", "--man=no", *units], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_enclave_that_ends_ends_its_unit(tmp_path: Path) -> None:
    """So that systemd starts it again; the image is fetched anew."""
    nitro = (
        '#!/usr/bin/env bash\necho "nitro-cli $*" >>"$CALLS"\n'
        'if [[ $1 == describe-enclaves ]]; then\n  [[ -e $SEEN ]] && exit 0\n  touch "$SEEN"\n'
        '  echo \'"State": "RUNNING"\'\nfi\n'
    )
    aws = '#!/usr/bin/env bash\necho "aws $*" >>"$CALLS"\n'
    for name, text in (("nitro-cli", nitro), ("aws", aws)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / name).chmod(0o755)

    done = subprocess.run(
        ["bash", str(BOOT / "enclave.sh")],
        env={
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
            "CALLS": str(tmp_path / "calls"),
            "SEEN": str(tmp_path / "seen"),
            "STATE_DIRECTORY": str(tmp_path),
            "ENCLAVE_URI": "s3://images/broker/enclave.eif",
            "ENCLAVE_CID": "16",
            "ENCLAVE_VCPUS": "2",
            "ENCLAVE_MEMORY_MIB": "4096",
            "POLL_SECONDS": "0",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )

    calls = (tmp_path / "calls").read_text(encoding="utf-8")
    assert done.returncode == 1
    assert f"aws s3 cp --only-show-errors s3://images/broker/enclave.eif {tmp_path}/enclave.eif" in calls
    assert "--cpu-count 2 --memory 4096" in calls


@pytest.fixture(scope="module")
def door() -> ModuleType:
    """Return the program that stands between callers and the enclave."""
    return load(BOOT / "enclave_door.py")


def test_requests_reach_the_enclave_as_they_are(door: ModuleType, tmp_path: Path) -> None:
    """Bytes in both directions, and the end of them."""
    enclave = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    enclave.bind(str(tmp_path / "enclave"))
    enclave.listen()
    front = socket.create_server(("127.0.0.1", 0))
    arguments = (front, socket.AF_UNIX, str(tmp_path / "enclave"))
    threading.Thread(target=_quietly, args=(door.pass_on, *arguments), daemon=True).start()

    with socket.create_connection(front.getsockname()) as caller:
        caller.sendall(b"\x16\x03ask")
        caller.shutdown(socket.SHUT_WR)
        inside, _ = enclave.accept()
        with inside:
            assert inside.makefile("rb").read() == b"\x16\x03ask"
            inside.sendall(b"answer")
        assert caller.makefile("rb").read() == b"answer"
    front.close()
    enclave.close()


class _Caller:
    def __init__(self) -> None:
        self.told = b""

    def sendall(self, text: bytes) -> None:
        self.told += text

    def __enter__(self) -> _Caller:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is left open."""


class _Listener:
    def __init__(self, callers: list[tuple[_Caller, tuple[int, int]]]) -> None:
        self._callers = iter(callers)

    def accept(self) -> tuple[_Caller, tuple[int, int]]:
        found = next(self._callers, None)
        if found is None:
            raise OSError("closed")
        return found


def test_credentials_are_handed_to_the_enclave_only(
    door: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another context on the machine gets none, though it could ask the metadata service for them itself."""
    (tmp_path / "aws").write_text("#!/bin/sh\necho '{\"Version\": 1}'\n", encoding="utf-8")
    (tmp_path / "aws").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    enclave, other = _Caller(), _Caller()

    with pytest.raises(OSError, match="closed"):
        door.hand_out(_Listener([(enclave, (16, 1)), (other, (1, 1))]), 16)

    assert json.loads(enclave.told) == {"Version": 1}
    assert other.told == b""


def _quietly(work: Any, *arguments: Any) -> None:
    # Ends when the test closes the listener.
    with contextlib.suppress(OSError):
        work(*arguments)
