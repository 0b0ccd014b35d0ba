"""Sealed weights: what goes in comes out, and what was touched does not."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import genai_layers

FOLDER = Path(genai_layers.__file__).parent / "inference" / "attestation"
KEY = bytes(range(32))
ARN = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555"


def load(path: Path):
    """Return a file of the machine image as a module, without the package around it."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def sealing():
    """Return the format, with pieces small enough that a file has several."""
    module = load(FOLDER / "sealing.py")
    module.PIECE_BYTES = 64
    return module


@pytest.fixture
def weights(tmp_path) -> Path:
    """Return a folder that looks like a model."""
    folder = tmp_path / "weights"
    (folder / "onnx").mkdir(parents=True)
    (folder / "config.json").write_text('{"layers": 2}', encoding="utf-8")
    (folder / "model-00001-of-00002.safetensors").write_bytes(os.urandom(1000))
    (folder / "onnx" / "empty.bin").write_bytes(b"")
    return folder


@pytest.fixture
def sealed(sealing, weights, tmp_path) -> Path:
    """Return the same folder, sealed."""
    folder = tmp_path / "sealed"
    sealing.seal_folder(weights, folder, data_key=KEY, wrapped_key=b"wrapped", key_arn=ARN)
    return folder


def opened(sealing, sealed: Path, target: Path, key: bytes = KEY) -> Path:
    """Return the folder into which *sealed* was opened."""
    manifest = sealing.read_manifest((sealed / "manifest.json").read_text(encoding="utf-8"))
    sealing.unseal(manifest, lambda name: (sealed / name).open("rb"), target, data_key=key)
    return target


def test_what_was_sealed_comes_out_as_it_went_in(sealing, weights, sealed, tmp_path):
    """Every file, in its folder, the empty one too."""
    target = opened(sealing, sealed, tmp_path / "opened")

    for path in weights.rglob("*"):
        if path.is_file():
            assert (target / path.relative_to(weights)).read_bytes() == path.read_bytes()


def test_nothing_of_the_content_shows(weights, sealed):
    """Neither text nor the same file twice gives anything away."""
    text = (sealed / "config.json").read_bytes()

    assert b"layers" not in text
    assert text[8:24] != (sealed / "onnx" / "empty.bin").read_bytes()[8:24]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400))
def test_any_content_survives(sealing, tmp_path_factory, content):
    """Around the borders of pieces as well."""
    folder = tmp_path_factory.mktemp("any")
    (folder / "in").mkdir()
    (folder / "in" / "file").write_bytes(content)

    sealing.seal_folder(folder / "in", folder / "sealed", data_key=KEY, wrapped_key=b"w", key_arn=ARN)
    opened(sealing, folder / "sealed", folder / "out")

    assert (folder / "out" / "file").read_bytes() == content


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_flipped_bit_anywhere_is_found_and_nothing_is_left(sealing, sealed, tmp_path_factory, data):
    """Header, salt, ciphertext or tag."""
    folder = tmp_path_factory.mktemp("flipped")
    shutil.copytree(sealed, folder / "sealed")
    file = folder / "sealed" / "model-00001-of-00002.safetensors"
    content = bytearray(file.read_bytes())
    place = data.draw(st.integers(0, len(content) * 8 - 1))
    content[place // 8] ^= 1 << place % 8
    file.write_bytes(content)

    with pytest.raises(sealing.SealError):
        opened(sealing, folder / "sealed", folder / "out")

    assert not (folder / "out" / file.name).exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda pieces: pieces[:-1],
        lambda pieces: [pieces[0], pieces[2], pieces[1], *pieces[3:]],
        lambda pieces: [*pieces, pieces[-1]],
        lambda pieces: [pieces[0], *pieces],
    ],
    ids=["dropped", "swapped", "appended", "repeated"],
)
def test_pieces_cannot_be_moved(sealing, sealed, tmp_path, change):
    """Each carries its number and whether it is the last."""
    file = sealed / "model-00001-of-00002.safetensors"
    content = file.read_bytes()
    header, body = content[:24], content[24:]
    pieces = [body[at : at + 96] for at in range(0, len(body), 96)]
    file.write_bytes(header + b"".join(change(pieces)))

    with pytest.raises(sealing.SealError):
        opened(sealing, sealed, tmp_path / "out")


def test_files_cannot_take_each_others_place(sealing, sealed, tmp_path):
    """A name is part of what is authenticated."""
    (sealed / "config.json").write_bytes((sealed / "onnx" / "empty.bin").read_bytes())

    with pytest.raises(sealing.SealError, match=r"config.json is not what was sealed"):
        opened(sealing, sealed, tmp_path / "out")


def test_another_key_opens_nothing(sealing, sealed, tmp_path):
    """The manifest says so before any file is touched."""
    with pytest.raises(sealing.SealError, match="not what was sealed with this data key"):
        opened(sealing, sealed, tmp_path / "out", key=bytes(32))


@pytest.mark.parametrize(
    "change",
    [
        {"files": [{"name": "../etc/passwd", "bytes": 1}]},
        {"files": [{"name": "/etc/passwd", "bytes": 1}]},
        {"format": 2},
        {"wrapped_key": "no base64!"},
    ],
)
def test_a_manifest_that_could_do_harm_is_not_read(sealing, sealed, change):
    """A machine writes into its own folder only."""
    manifest = json.loads((sealed / "manifest.json").read_text(encoding="utf-8"))

    with pytest.raises(sealing.SealError):
        sealing.read_manifest(json.dumps({**manifest, **change}))


def test_a_name_that_a_machine_would_not_take_is_refused_at_once(sealing, weights, tmp_path):
    """Rather than after an hour of sealing."""
    (weights / "with space.bin").write_bytes(b"")

    with pytest.raises(sealing.SealError, match=r"cannot seal \['with space.bin'\]"):
        sealing.seal_folder(weights, tmp_path / "s", data_key=KEY, wrapped_key=b"w", key_arn=ARN)


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
openssl x509 -in "$STATE/cert.pem" -noout || exit 3
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
    # KMS encrypts for the bare public key of the document; openssl wants a certificate around it.
    wrapper = state / "bin" / "aws"
    wrapper.write_text(
        AWS.replace(
            'openssl x509 -in "$STATE/cert.pem" -noout || exit 3',
            'openssl req -x509 -new -key "$STATE/ca.pem" -subj /CN=ca -out "$STATE/ca.crt" 2>/dev/null\n'
            'openssl req -new -key "$STATE/ca.pem" -subj /CN=m -out "$STATE/m.csr" 2>/dev/null\n'
            'openssl x509 -req -in "$STATE/m.csr" -CA "$STATE/ca.crt" -CAkey "$STATE/ca.pem" -CAcreateserial '
            '-force_pubkey "$STATE/public.der" -out "$STATE/cert.pem" 2>/dev/null',
        ),
        encoding="utf-8",
    )
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
