"""A machine that attests, unwraps and opens, with stand-ins for the TPM tool and for KMS."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sealed_weights import ARN, FOLDER, KEY

ATTEST = """#!/usr/bin/env bash
[[ $1 == --public-key ]] || exit 2
cp "$2" "$STATE/public.der"
printf 'attestation document'
"""
AWS = """#!/usr/bin/env bash
echo "aws $*" >>"$STATE/calls"
if [[ $1 == s3 ]]; then
  exec cat "$SEALED/${5#s3://bucket/model/}"
fi
while [[ $# -gt 0 ]]; do
  case "$1" in
  --recipient) grep --quiet "$(printf 'attestation document' | base64)" "${2#file://}" || exit 254 ;;
  --ciphertext-blob) [[ $(cat "${2#fileb://}") == wrapped ]] || exit 254 ;;
  esac
  shift
done
# KMS encrypts for the bare public key of the document; openssl wants a certificate around it.
openssl req -x509 -new -key "$STATE/ca.pem" -subj /CN=ca -out "$STATE/ca.crt" 2>/dev/null
openssl req -new -key "$STATE/ca.pem" -subj /CN=m -out "$STATE/m.csr" 2>/dev/null
openssl x509 -req -in "$STATE/m.csr" -CA "$STATE/ca.crt" -CAkey "$STATE/ca.pem" -CAcreateserial \\
  -force_pubkey "$STATE/public.der" -out "$STATE/cert.pem" 2>/dev/null
openssl cms -encrypt -binary -aes-256-cbc -in "$STATE/data-key" -outform DER \\
  -recip "$STATE/cert.pem" -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256 | base64 --wrap 0
"""


@pytest.fixture
def machine(sealed, tmp_path):
    """Return a function that runs the image's own program, with stand-ins for the TPM tool and the AWS CLI."""
    state = tmp_path / "state"
    (state / "bin").mkdir(parents=True)
    for name, text in (("nitro-tpm-attest", ATTEST), ("aws", AWS)):
        program = state / "bin" / name
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)
    subprocess.run(["openssl", "genrsa", "-out", str(state / "ca.pem"), "2048"], check=True, capture_output=True)
    (state / "data-key").write_bytes(KEY)
    programs = state / "programs"
    programs.mkdir()
    # The machine reads whole pieces of the size that was sealed with.
    source = (FOLDER / "sealing.py").read_text(encoding="utf-8")
    (programs / "sealing.py").write_text(source.replace("8 * 1024 * 1024", "64"), encoding="utf-8")
    shutil.copy(FOLDER / "image" / "open_weights.py", programs)

    def run(**changed: str) -> subprocess.CompletedProcess[str]:
        given = {"region": "us-east-1", "sealed": "s3://bucket/model/", "key": ARN, **changed}
        return subprocess.run(
            [sys.executable, str(programs / "open_weights.py"), str(state / "weights")],
            input=json.dumps(given),
            env={
                "PATH": f"{state / 'bin'}:{os.environ['PATH']}",
                "STATE": str(state),
                "SEALED": str(sealed),
            },
            capture_output=True,
            text=True,
            check=False,
        )

    run.state = state  # type: ignore[attr-defined]
    return run


def test_a_machine_attests_unwraps_and_opens(machine, weights):
    """From user data to weights, over the attestation document and an answer that only this machine can read."""
    done = machine()

    assert done.returncode == 0, done.stderr
    opened_weights = machine.state / "weights"
    assert (opened_weights / "config.json").read_text(encoding="utf-8") == '{"layers": 2}'
    assert stat.S_IMODE((opened_weights / "config.json").stat().st_mode) == 0o600
    calls = (machine.state / "calls").read_text(encoding="utf-8")
    assert f"--key-id {ARN}" in calls
    assert KEY.hex() not in calls


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"sealed": "s3://bucket/model/; reboot"}, "user data names no usable sealed"),
        ({"region": "$(id)", "key": "alias/other"}, "user data names no usable region, key"),
        ({"key": ARN.replace("1111", "9999")}, "the weights are sealed under"),
    ],
)
def test_user_data_is_taken_for_names_of_places_and_nothing_else(machine, changed, complaint):
    """It is not measured, so nothing in it is run or believed."""
    done = machine(**changed)

    assert done.returncode != 0
    assert complaint in done.stderr
    assert not (machine.state / "weights").exists()


def test_the_files_of_the_image_stand_before_their_own_tools():
    """Shellcheck and systemd have no complaint."""
    image = FOLDER / "image"
    shellcheck = subprocess.run(
        [str(Path(sys.executable).with_name("shellcheck")), "--severity=style", str(image / "open-weights.sh")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (shellcheck.returncode, shellcheck.stdout) == (0, "")


def test_systemd_takes_the_units_of_the_image(tmp_path):
    """As on the machine, with the programs in their places."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed (apt-get install systemd): no unit was verified")
    units = tmp_path / "etc/systemd/system"
    units.mkdir(parents=True)
    for name in ("genai-weights.service", "run-weights.mount"):
        shutil.copy(FOLDER / "image" / name, units)
    program = tmp_path / "opt/genai/open-weights.sh"
    program.parent.mkdir(parents=True)
    shutil.copy(FOLDER / "image" / "open-weights.sh", program)
    program.chmod(0o755)
    system = tmp_path / "usr/lib/systemd/system"
    system.mkdir(parents=True)
    for name in ("network-online.target", "multi-user.target", "sysinit.target", "basic.target", "local-fs-pre.target"):
        (system / name).write_text(f"[Unit]\nDescription={name}\nDefaultDependencies=no\n", encoding="utf-8")

    done = subprocess.run(
        [analyze, "verify", f"--root={tmp_path}", "--man=no", "genai-weights.service", "run-weights.mount"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
