"""What a machine of a group writes and runs, as the tools see it that would complain there."""

from __future__ import annotations

import base64
import gzip
import http.server
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import yaml
from group_estate import GROUP_VARIANTS, group_files
from hypothesis import given
from hypothesis import strategies as st
from inference_estate import user_data
from stub_machine import Machine, Yes

from genai_layers import testing
from genai_layers.inference.engines import Vllm
from genai_layers.inference.multi_node.packed import packed
from genai_layers.inference.user_data import MAX_BYTES

pytestmark = pytest.mark.synth

UNITS = "/etc/systemd/system"


@pytest.fixture(params=["default", "a100", "block"])
def variant(request: Any, group_templates: dict[str, testing.Template]) -> testing.Template:
    """Return the templates whose boot files differ, one after the other."""
    return group_templates[request.param]


@pytest.fixture
def machine(variant: testing.Template, tmp_path: Path) -> Path:
    """Return a folder with the files of a machine, unpacked by its own command, and stand-ins for its programs."""
    document = yaml.safe_load(user_data(variant))
    for file in document["write_files"]:
        place = tmp_path / file["path"].lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        content = file["content"]
        text = gzip.decompress(base64.b64decode(content)).decode() if file.get("encoding") else content
        place.write_text(text.replace('"/', f'"{tmp_path}/') if file.get("encoding") else text, encoding="utf-8")
    unpack = [word.replace("/opt/genai", f"{tmp_path}/opt/genai") for word in document["runcmd"][0]]
    subprocess.run([sys.executable, *unpack[1:]], check=True)
    for name in (
        "usr/bin/dnf",
        "usr/bin/docker",
        "usr/bin/python3",
        "usr/bin/systemctl",
        "usr/lib/systemd/systemd-socket-proxyd",
        "opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl",
    ):
        program = tmp_path / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text("#!/bin/sh\n", encoding="utf-8")
        program.chmod(0o755)
    for name in (
        "docker.service", "network-online.target", "multi-user.target", "basic.target", "sysinit.target",
        "sockets.target", "slices.target", "-.slice", "system.slice",
    ):  # fmt: skip
        unit = tmp_path / "usr/lib/systemd/system" / name
        unit.parent.mkdir(parents=True, exist_ok=True)
        service = "[Service]\nExecStart=/usr/bin/docker\n" if name.endswith(".service") else ""
        unit.write_text(f"[Unit]\nDescription={name}\nDefaultDependencies=no\n{service}", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", sorted(GROUP_VARIANTS))
def test_user_data_of_a_group_fits_and_is_what_cloud_init_knows(
    group_templates: dict[str, testing.Template], name: str
) -> None:
    """EC2 takes 16 KiB, and cloud-init drops keys that it does not know without a word."""
    text = user_data(group_templates[name])
    document = yaml.safe_load(text)

    assert text.startswith("#cloud-config\n")
    assert len(text.encode()) <= MAX_BYTES
    assert set(document) == {"write_files", "runcmd"}
    for file in document["write_files"]:
        assert {"path", "permissions", "content"} <= set(file) <= {"path", "permissions", "content", "encoding"}


def test_the_bundle_unpacks_to_what_was_packed(variant: testing.Template, machine: Path) -> None:
    """Programs can be run, units cannot, and systemd sees both where they belong."""
    for path in group_files(variant):
        place = machine / path.lstrip("/")
        assert place.exists(), path
        assert bool(place.stat().st_mode & 0o111) is path.endswith(".sh")


def test_shellcheck_has_no_finding_in_the_scripts_of_a_group(machine: Path) -> None:
    """Every script as it lands on the machine, at the strictest level."""
    scripts = sorted(str(script) for script in (machine / "opt/genai").glob("*.sh"))

    done = subprocess.run(
        [str(Path(sys.executable).with_name("shellcheck")), "--severity=style", *scripts],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_systemd_has_no_complaint_about_a_group(machine: Path) -> None:
    """An unknown key is only a warning to systemd and leaves its exit code at 0, so any word is a failure."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed (apt-get install systemd): no unit was verified")
    folder = machine / UNITS.lstrip("/")
    units = sorted(unit.name for unit in folder.iterdir() if unit.is_file())

    done = subprocess.run(
        [analyze, "verify", f"--root={machine}", "--man=no", *units], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_engine_joins_before_it_starts_and_leaves_when_it_ends(variant: testing.Template) -> None:
    """After the weights are there: a round that waits for a copy of 800 GB would give up."""
    files = group_files(variant)
    addition = files[f"{UNITS}/genai-engine.service.d/group.conf"]

    assert "ExecStartPre=/opt/genai/prepare.sh" in files[f"{UNITS}/genai-engine.service"]
    assert "ExecStartPre=/usr/bin/python3 /opt/genai/muster.py join" in addition
    assert "ExecStopPost=/usr/bin/python3 /opt/genai/muster.py leave" in addition
    (enable,) = [command for command in yaml.safe_load(user_data(variant))["runcmd"] if "enable" in command]
    assert "genai-muster.service" in enable


def test_the_container_of_a_group_has_the_fabric_and_no_more_privileges(variant: testing.Template) -> None:
    """It shares the network, as EFA and NCCL need it, and is cut off from the metadata in exchange."""
    files = group_files(variant)
    script = files["/opt/genai/serve.sh"]

    assert "--read-only --cap-drop ALL --security-opt no-new-privileges" in script
    assert "--network host --cgroup-parent genai-engine.slice --device /dev/infiniband" in script
    assert "--publish" not in script
    for word in ("--privileged", "--cap-add", "--pid host", "--ipc host", "docker.sock"):
        assert word not in script
    assert "IPAddressDeny=169.254.169.254 fd00:ec2::254" in files[f"{UNITS}/genai-engine.slice"]


@pytest.mark.parametrize(("answers", "exit_code"), [(False, 0), (True, 1)])
def test_an_engine_that_would_reach_the_metadata_does_not_start(tmp_path: Path, answers: bool, exit_code: int) -> None:
    """Shown from inside its slice before each start, rather than believed."""
    machine = Machine(tmp_path)
    run = tmp_path / "bin" / "systemd-run"
    run.write_text('#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n', encoding="utf-8")
    run.chmod(0o755)
    metadata = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Yes)
    url = f"http://127.0.0.1:{metadata.server_address[1]}"
    if answers:
        threading.Thread(target=metadata.serve_forever, daemon=True).start()
    else:
        metadata.server_close()

    done = machine.script("no-metadata.sh", METADATA_URL=url)

    if answers:
        metadata.shutdown()
        metadata.server_close()
    assert done.returncode == exit_code, done.stderr


def test_requests_come_in_on_the_port_of_the_engine(variant: testing.Template) -> None:
    """A machine that does not lead listens where one that does, since the load balancer knows one port."""
    files = group_files(variant)

    assert f"ListenStream={Vllm().port}\n" in files[f"{UNITS}/genai-forward.socket"]
    assert f"${{LEADER}}:{Vllm().port}\n" in files[f"{UNITS}/genai-forward.service"]


def test_muster_runs_on_the_python_of_the_machine(variant: testing.Template) -> None:
    """Amazon Linux 2023 has Python 3.9."""
    source = group_files(variant)["/opt/genai/muster.py"]

    compile(source, "muster.py", "exec")
    ruff = str(Path(sys.executable).with_name("ruff"))
    done = subprocess.run(
        [ruff, "check", "--isolated", "--select=F", "--target-version", "py39", "--quiet", "-"],
        input=source,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


@given(text=st.text(alphabet=st.sampled_from("ab é€\n"), max_size=400))
def test_a_packed_text_unpacks_to_itself(text: str) -> None:
    """By the decompressor that everybody has, not by ours."""
    assert gzip.decompress(base64.b64decode(packed(text))).decode() == text


def test_a_packed_text_is_the_same_everywhere() -> None:
    """The very bytes, so that no version of a library moves a template."""
    assert packed("round and round and round\n") == "H4sIAAAAAAAA/yvKL81LUUgEYjQWFwDa1soDGgAAAA=="
    assert packed("") == "H4sIAAAAAAAA/wMAAAAAAAAAAAA="
