"""Sealed weights: what goes in comes out, and what was touched does not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sealed_weights import ARN, KEY


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
