"""Docker as boot scripts call it: its container is a stub engine that starts only with its weights and its key."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import boto3
from botocore.config import Config

PULLED = Path(os.environ["SANDBOX"]) / "pulled"
STUB = Path(__file__).resolve().parents[1] / "unit" / "inference" / "stub_engine.py"
# Options of `docker run` that stand alone; all others take the next word.
_ALONE = {"--rm", "--read-only"}


def run(words: list[str]) -> None:
    """Start the container, or say what is not right with it and end as Docker would."""
    options: dict[str, list[str]] = {}
    while words[0].startswith("--"):
        name = words.pop(0)
        options.setdefault(name, []).append("" if name in _ALONE else words.pop(0))
    image, arguments = words[0], words[1:]
    if options["--pull"] == ["never"] and not PULLED.exists():
        sys.exit(f"image {image} was not pulled")
    variables = dict(
        line.split("=", 1) for file in options["--env-file"] for line in Path(file).read_text("utf-8").splitlines()
    )
    mounted = {volume.split(":")[1]: volume.split(":")[0] for volume in options["--volume"]}
    weights = _streamed(arguments, variables) if "/model" not in mounted else _copied(Path(mounted["/model"]))
    if not {"config.json", "model.safetensors"} <= weights:
        sys.exit(f"the engine finds no model, only {sorted(weights)}")
    key = next((value for name, value in variables.items() if name.endswith("API_KEY")), "")
    if not key:
        sys.exit("the engine has no API key and would answer anybody")
    port = options["--publish"][0].split(":")[0]
    os.execv(sys.executable, [sys.executable, str(STUB), port, key])  # noqa: S606 - the stub itself


def _copied(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.stat().st_size > 0}


def _streamed(arguments: list[str], variables: dict[str, str]) -> set[str]:
    (address,) = [word for word in arguments if word.startswith("s3://")]
    bucket, _, prefix = address.removeprefix("s3://").partition("/")
    # With the credentials that the host handed over, and no others.
    s3 = boto3.client(
        "s3",
        region_name=os.environ["AWS_REGION"],
        aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
        config=Config(s3={"addressing_style": "path"}),
    )
    found = s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
    return {item["Key"].removeprefix(prefix) for item in found if item["Size"] > 0}


if __name__ == "__main__":
    verb = sys.argv[1]
    if verb == "image":
        sys.exit(0 if PULLED.exists() else 1)
    elif verb == "login":
        sys.exit(0 if sys.stdin.read() else 1)
    elif verb == "pull":
        PULLED.touch()
    elif verb == "run":
        run(sys.argv[2:])
    elif verb != "rm":
        sys.exit(subprocess.list2cmdline(sys.argv))
