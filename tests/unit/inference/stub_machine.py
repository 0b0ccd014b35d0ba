"""A folder that looks like a machine to the boot scripts, and the two services that they ask over HTTP."""

from __future__ import annotations

import http.server
import os
import subprocess
from pathlib import Path

import genai_layers

BOOT = Path(genai_layers.__file__).parent / "inference" / "boot"

# Answers the four calls that a machine makes, and writes down that it was asked.
AWS = """#!/usr/bin/env bash
echo "aws $*" >>"$CALLS"
case "$1 $2" in
"secretsmanager get-secret-value") echo key-of-the-model ;;
"configure export-credentials") printf 'AWS_ACCESS_KEY_ID=A\\nAWS_SECRET_ACCESS_KEY=B\\nAWS_SESSION_TOKEN=C\\n' ;;
"ecr get-login-password") echo password ;;
"s3 sync") cp -r "$BUCKET/." "$5" ;;
"cloudformation signal-resource" | "autoscaling complete-lifecycle-action") exit "${SIGNAL_EXIT:-0}" ;;
*) exit 2 ;;
esac
"""
DOCKER = """#!/usr/bin/env bash
echo "docker $*" >>"$CALLS"
case "$1" in
image) exit "${IMAGE_EXIT:-1}" ;;
login) cat >/dev/null ;;
run) printf '%s\\n' "$@" >"$RUN" ;;
esac
"""


class Machine:
    """A folder that looks like a machine to the scripts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / "run"
        self.run = folder / "docker-run"
        self.calls = folder / "calls"
        for name in ("bin", "run", "etc", "bucket"):
            (folder / name).mkdir()
        for name, text in (("aws", AWS), ("docker", DOCKER)):
            program = folder / "bin" / name
            program.write_text(text, encoding="utf-8")
            program.chmod(0o755)
        (folder / "instance-id").write_text("i-0123456789abcdef0\n", encoding="utf-8")
        (folder / "bucket" / "config.json").write_text("{}", encoding="utf-8")
        (folder / "etc" / "engine.args").write_text('serve\ns3://weights/model/\n--limits={"a": 1}\n', encoding="utf-8")
        (folder / "etc" / "engine.env").write_text("HF_HUB_OFFLINE=1\n", encoding="utf-8")

    def variables(self, **changed: str) -> dict[str, str]:
        """Return the environment that the units give to the scripts."""
        return {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "RUNTIME_DIRECTORY": str(self.state),
            "CONFIG_DIRECTORY": str(self.folder / "etc"),
            "DATA_DIRECTORY": str(self.folder / "data"),
            "INSTANCE_ID_FILE": str(self.folder / "instance-id"),
            "CALLS": str(self.calls),
            "RUN": str(self.run),
            "BUCKET": str(self.folder / "bucket"),
            "AWS_REGION": "us-east-1",
            "API_KEY_SECRET": "arn:aws:secretsmanager:us-east-1:111122223333:secret:key",
            "API_KEY_VARIABLE": "VLLM_API_KEY",
            "DEVICES": "nvidia",
            "ENTRYPOINT": "vllm",
            "IMAGE": "registry/vllm:1",
            "REGISTRY": "registry",
            "LOG_GROUP": "logs",
            "PORT": "8000",
            "HEALTH_PORT": "8001",
            "SHARED_MEMORY": "4096m",
            "STOP_SECONDS": "300",
            "WEIGHTS": "streamed",
            "WEIGHTS_URI": "s3://weights/model/",
            **changed,
        }

    def script(self, name: str, **changed: str) -> subprocess.CompletedProcess[str]:
        """Run one boot script to its end."""
        return subprocess.run(
            ["bash", str(BOOT / name)],
            env=self.variables(**changed),
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )


class Yes(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Metadata(http.server.BaseHTTPRequestHandler):
    announced = False

    def do_PUT(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"token")

    def do_GET(self) -> None:
        token = self.headers["X-aws-ec2-metadata-token"]
        self.send_response(200 if self.announced and token == "token" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Groups(Yes):
    """The metadata of a machine with the tags that Auto Scaling gave it, on the port of its probe."""

    def do_PUT(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"token")

    def do_GET(self) -> None:
        tag = self.path.endswith("/meta-data/tags/instance/aws:autoscaling:groupName")
        known = not tag or self.headers["X-aws-ec2-metadata-token"] == "token"
        self.send_response(200 if known else 401)
        self.end_headers()
        self.wfile.write(b"fleet-group" if tag and known else b"")
