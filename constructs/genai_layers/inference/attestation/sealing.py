"""
Weights sealed with a data key: encrypted and authenticated file by file, in pieces that can be streamed.

Encryption is AES-256 in counter mode by the `openssl` program, authentication HMAC-SHA-256 over the ciphertext, with
keys for each file that are derived from the data key, the file's name and a random salt. Each piece carries its
number and whether it is the last, so that pieces can be neither swapped nor dropped; nothing is written before its
piece was verified. A manifest lists the files and is authenticated too.

This file goes into the machine image as it is: Python 3.9, standard library only.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import secrets
import struct
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

MANIFEST = "manifest.json"
FORMAT = 1
PIECE_BYTES = 8 * 1024 * 1024

_MAGIC = b"GAISEAL1"
_SALT_BYTES = 16
_TAG_BYTES = 32
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")


class SealError(ValueError):
    """Something is not what was sealed, or cannot be sealed."""


def seal_folder(source: Path, target: Path, *, data_key: bytes, wrapped_key: bytes, key_arn: str) -> list[str]:
    """
    Seal every file of *source* into *target*, and return their names.

    Args:
        source: Folder with the weights.
        target: Folder for the sealed files; made if it is not there.
        data_key: 32 random bytes, as KMS made them; forgotten by the caller afterwards.
        wrapped_key: The same under the attested key, as KMS returned it.
        key_arn: The attested key.

    Raises:
        SealError: A file has a name that a machine would not take, or there is none.
    """
    names = sorted(str(path.relative_to(source)) for path in source.rglob("*") if path.is_file())
    faults = [name for name in names if not _NAME.fullmatch(name) or name == MANIFEST]
    if faults or not names:
        raise SealError(f"cannot seal {faults or 'an empty folder'}: name files with letters, digits, '_', '-' and '.'")
    files = []
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        with (source / name).open("rb") as plain, (target / name).open("wb") as sealed:
            _seal(plain, sealed, data_key, name)
        files.append({"name": name, "bytes": (source / name).stat().st_size})
    body = {
        "format": FORMAT,
        "key_arn": key_arn,
        "wrapped_key": base64.b64encode(wrapped_key).decode(),
        "files": files,
    }
    text = json.dumps({**body, "mac": _manifest_mac(body, data_key)}, indent=1)
    (target / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return names


def read_manifest(text: str) -> dict[str, Any]:
    """
    Return a manifest whose form is right; whether it is true shows only with the data key.

    Args:
        text: Content of the manifest.

    Raises:
        SealError: It is none, or of another format.
    """
    try:
        manifest: dict[str, Any] = json.loads(text)
        right = manifest["format"] == FORMAT and all(_NAME.fullmatch(item["name"]) for item in manifest["files"])
        base64.b64decode(manifest["wrapped_key"], validate=True)
    except (KeyError, TypeError, ValueError) as error:
        raise SealError(f"the manifest cannot be read: {error!r}") from error
    if not right:
        raise SealError(f"the manifest is not of format {FORMAT}, or names a file outside its folder")
    return manifest


def unseal(manifest: dict[str, Any], open_sealed: Callable[[str], Any], target: Path, *, data_key: bytes) -> None:
    """
    Write every file of *manifest* into *target*, in the clear.

    Args:
        manifest: What `read_manifest` returned.
        open_sealed: Gives a context manager with a readable stream of the sealed file of a name.
        target: Folder in memory or on a disk with a key that nobody keeps.
        data_key: The data key, unwrapped.

    Raises:
        SealError: The manifest or a file is not what was sealed; nothing of that file is left behind.
    """
    body = {name: value for name, value in manifest.items() if name != "mac"}
    if not hmac.compare_digest(str(manifest.get("mac")), _manifest_mac(body, data_key)):
        raise SealError("the manifest is not what was sealed with this data key")
    for item in manifest["files"]:
        file = target / item["name"]
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open_sealed(item["name"]) as sealed, file.open("wb") as plain:
                _unseal(sealed, plain, data_key, item["name"])
        except BaseException:
            file.unlink()
            raise
        if file.stat().st_size != item["bytes"]:
            file.unlink()
            raise SealError(f"{item['name']} is not as long as what was sealed")


def _seal(plain: IO[bytes], sealed: IO[bytes], data_key: bytes, name: str) -> None:
    salt = secrets.token_bytes(_SALT_BYTES)
    sealed.write(_MAGIC + salt)
    with _cipher("-e", data_key, salt, name, stdin=plain, stdout=subprocess.PIPE) as process:
        number, piece = 0, process.stdout.read(PIECE_BYTES)
        while True:
            following = process.stdout.read(PIECE_BYTES)
            sealed.write(piece + _tag(data_key, salt, name, number, not following, piece))
            if not following:
                return
            number, piece = number + 1, following


def _unseal(sealed: IO[bytes], plain: IO[bytes], data_key: bytes, name: str) -> None:
    if _exactly(sealed, len(_MAGIC)) != _MAGIC:
        raise SealError(f"{name} is not a sealed file")
    salt = _exactly(sealed, _SALT_BYTES)
    with _cipher("-d", data_key, salt, name, stdin=subprocess.PIPE, stdout=plain) as process:
        number, block = 0, _exactly(sealed, PIECE_BYTES + _TAG_BYTES)
        while True:
            following = _exactly(sealed, PIECE_BYTES + _TAG_BYTES)
            piece, tag = block[:-_TAG_BYTES], block[-_TAG_BYTES:]
            if not hmac.compare_digest(tag, _tag(data_key, salt, name, number, not following, piece)):
                raise SealError(f"{name} is not what was sealed: piece {number} does not verify")
            process.stdin.write(piece)
            if not following:
                return
            number, block = number + 1, following


@contextmanager
def _cipher(direction: str, data_key: bytes, salt: bytes, name: str, stdin: Any, stdout: Any) -> Iterator[Any]:
    # The key reaches openssl through a pipe: a command line is open to every user of the machine. The passphrase has
    # 256 random bits of its own, so that one round of derivation and no further salt are enough.
    reading, writing = os.pipe()
    try:
        os.write(writing, _derived(data_key, b"cipher", salt, name).hex().encode() + b"\n")
    finally:
        os.close(writing)
    command = ["openssl", "enc", direction, "-aes-256-ctr", "-pbkdf2", "-iter", "1", "-md", "sha256", "-nosalt"]
    try:
        process = subprocess.Popen(  # noqa: S603 - fixed words, no shell
            [*command, "-pass", f"fd:{reading}"], stdin=stdin, stdout=stdout, pass_fds=(reading,)
        )
    finally:
        os.close(reading)
    try:
        yield process
    except BaseException:
        process.kill()
        raise
    finally:
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                # What is not written yet goes to nobody once openssl ended; its exit code tells whether it should.
                with suppress(BrokenPipeError):
                    stream.close()
        code = process.wait()
    if code != 0:
        raise SealError(f"openssl ended with {code}")


def _exactly(stream: IO[bytes], count: int) -> bytes:
    # A pipe gives what it has; only an end gives less than was asked for.
    parts = []
    while count > 0:
        part = stream.read(count)
        if not part:
            break
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _derived(data_key: bytes, purpose: bytes, salt: bytes, name: str) -> bytes:
    return hmac.new(data_key, b"\0".join((b"genai-layers", purpose, salt, name.encode())), hashlib.sha256).digest()


def _tag(data_key: bytes, salt: bytes, name: str, number: int, is_last: bool, piece: bytes) -> bytes:
    key = _derived(data_key, b"tag", salt, name)
    return hmac.new(key, struct.pack(">Q?", number, is_last) + piece, hashlib.sha256).digest()


def _manifest_mac(body: dict[str, Any], data_key: bytes) -> str:
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hmac.new(_derived(data_key, b"manifest", b"", MANIFEST), text.encode(), hashlib.sha256).hexdigest()
