"""
Writes `manifest.json` into a folder of weights, and prints the digest that an import is started with.

    python3 make_manifest.py llama-support-3

S3 hashes an object that is put in parts part by part, and then the digests of the parts. So the digests here depend
on the size of a part: give `--part-bytes` what the upload uses, and 0 for an upload in one part.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
from pathlib import Path

MANIFEST = "manifest.json"
DEFAULT_PART_BYTES = 8 * 1024**2
"""`multipart_chunksize` and `multipart_threshold` of the AWS CLI."""

_READ_BYTES = 1024**2


def entry(folder: Path, file: Path, part_bytes: int) -> dict[str, object]:
    """
    Return what the manifest says of a file.

    Args:
        folder: Folder of the weights.
        file: File in it.
        part_bytes: Size of a part of the upload; 0 for one part.
    """
    size = file.stat().st_size
    in_parts = 0 < part_bytes <= size
    parts = -(-size // part_bytes) if in_parts else 1
    with file.open("rb") as source:
        digests = [_digest(source, part_bytes if in_parts else size) for _ in range(parts)]
    digest = hashlib.sha256(b"".join(digests)).digest() if in_parts else digests[0]
    return {
        "file": file.relative_to(folder).as_posix(),
        "bytes": size,
        "sha256": base64.b64encode(digest).decode(),
        "parts": parts,
    }


def manifest(folder: Path, part_bytes: int) -> str:
    """
    Return the manifest of a folder.

    Args:
        folder: Folder of the weights.
        part_bytes: Size of a part of the upload; 0 for one part.
    """
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file != folder / MANIFEST)
    return json.dumps({"files": [entry(folder, file, part_bytes) for file in files]}, indent=1) + "\n"


def _digest(source: object, size: int) -> bytes:
    digest, left = hashlib.sha256(), size
    while left:
        read = source.read(min(left, _READ_BYTES))  # type: ignore[attr-defined]
        if not read:
            break
        digest.update(read)
        left -= len(read)
    return digest.digest()


def main() -> None:
    """Write the manifest and print its digest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder of the weights, as it is uploaded")
    parser.add_argument("--part-bytes", type=int, default=DEFAULT_PART_BYTES, help="size of a part of the upload")
    given = parser.parse_args()
    text = manifest(given.folder, given.part_bytes)
    (given.folder / MANIFEST).write_text(text, encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    print(json.dumps({"folder": given.folder.name, "manifest_sha256": digest}))


if __name__ == "__main__":
    main()
