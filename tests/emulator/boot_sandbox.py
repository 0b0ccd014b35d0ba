"""A folder in which a machine boots: what its template writes, run by its own units, with the local cloud outside."""

from __future__ import annotations

import http.client
import json
import os
import shlex
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
_ROOTED = ("/opt/genai", "/etc/genai", "/etc/systemd", "/run/genai")


class Sandbox:
    """
    One machine.

    Args:
        root: Where everything of it lies.
        user_data: What its launch template tells it, with nothing left to fill in.
        cloud: Variables with which programs reach the local cloud.

    Attributes:
        root: The same folder.
        running: What was started, first to last.
    """

    def __init__(self, root: Path, user_data: str, cloud: dict[str, str]) -> None:
        self.root = root
        self._cloud = cloud
        self.running: list[subprocess.Popen[bytes]] = []
        for file in json.loads(user_data.removeprefix("#cloud-config\n"))["write_files"]:
            path = self.path(file["path"])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file["content"], encoding="utf-8")
            path.chmod(int(file["permissions"], 8))
        programs = root / "bin"
        programs.mkdir()
        for name in ("aws", "docker"):
            program = programs / name
            program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{FOLDER}/sandbox_{name}.py" "$@"\n', "utf-8")
            program.chmod(0o755)
        (root / "run" / "genai").mkdir(parents=True)
        (root / "instance-id").write_text("i-0123456789abcdef0\n", encoding="utf-8")

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        """End what was started, and only that."""
        for process in self.running:
            process.terminate()
        for process in self.running:
            process.wait(timeout=10)

    def path(self, name: str) -> Path:
        """Return where *name* of the machine lies."""
        return self.root / name.lstrip("/")

    def set(self, file: str, **values: str) -> None:
        """Change variables of a file in `/etc/genai`."""
        path = self.path(f"/etc/genai/{file}")
        kept = [line for line in path.read_text("utf-8").splitlines() if line.split("=", 1)[0] not in values]
        path.write_text("\n".join([*kept, *(f"{name}='{value}'" for name, value in values.items())]) + "\n", "utf-8")

    def start(self, unit: str) -> str:
        """
        Start *unit* as systemd would, and what it starts in turn.

        Returns:
            What the unit's first failing program wrote; empty when all went well so far.
        """
        service = self._service(unit)
        variables = self._variables(service)
        for command in service.get("ExecStartPre", []):
            done = subprocess.run(
                shlex.split(command), env=variables, capture_output=True, text=True, timeout=60, check=False
            )
            if done.returncode != 0:
                return done.stderr or f"{command} ended with {done.returncode}"
        (command,) = service["ExecStart"]
        program = shlex.split(command)
        if program[0] == "/usr/bin/python3":
            program[0] = sys.executable
        with (self.root / unit).open("wb") as journal:
            self.running.append(subprocess.Popen(program, env=variables, stderr=journal))
        for command in service.get("ExecStartPost", []):
            words = command.removeprefix("+").split()
            assert words[:2] == ["/usr/bin/systemctl", "--no-block"], command
            self.start(words[-1])
        return ""

    def health(self, port: int, *, within_seconds: float) -> tuple[int, str]:
        """Return status and text of the probe: 200 as soon as it says so, the last when the engine or time is over."""
        last = (0, "nobody listens")
        until = time.monotonic() + within_seconds
        while time.monotonic() < until and last[0] != 200 and not self._is_over():
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
                    last = (answer.status, answer.read().decode())
            except urllib.error.HTTPError as error:
                with error:
                    last = (error.code, error.read().decode())
            except OSError as error:
                last = (0, str(error))
            time.sleep(0.1)
        return last

    def _is_over(self) -> bool:
        return any(process.poll() is not None for process in self.running[:1])

    def models(self, port: int, key: str) -> dict[str, Any]:
        """Return what the engine says of its models to whoever has *key*."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/v1/models", headers={"Authorization": f"Bearer {key}"})
            found: dict[str, Any] = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        return found

    def _service(self, unit: str) -> dict[str, list[str]]:
        text = self.path(f"/etc/systemd/system/{unit}").read_text("utf-8")
        for folder in _ROOTED:
            text = text.replace(folder, f"{self.root}{folder}")
        section = text.split("[Service]\n")[1].split("\n[", 1)[0]
        found: dict[str, list[str]] = {}
        for line in filter(None, section.splitlines()):
            name, value = line.split("=", 1)
            found.setdefault(name, []).append(value)
        return found

    def _variables(self, service: dict[str, list[str]]) -> dict[str, str]:
        variables: dict[str, Any] = {
            **self._cloud,
            "PATH": f"{self.root}/bin:{os.environ['PATH']}",
            "SANDBOX": str(self.root),
            "RUNTIME_DIRECTORY": f"{self.root}/run/genai",
            "CONFIG_DIRECTORY": f"{self.root}/etc/genai",
            "DATA_DIRECTORY": f"{self.root}/data",
            "INSTANCE_ID_FILE": f"{self.root}/instance-id",
            "POLL_SECONDS": "0.1",
            "PROBE_INTERVAL_SECONDS": "0.2",
            "DRAIN_MARKER": f"{self.root}/draining",
        }
        for file in service.get("EnvironmentFile", []):
            for line in Path(file).read_text("utf-8").splitlines():
                name, value = line.split("=", 1)
                variables[name] = value.strip("'")
        for credential in service.get("LoadCredential", []):
            name, source = credential.split(":", 1)
            folder = self.root / "credentials"
            folder.mkdir(exist_ok=True)
            (folder / name).write_bytes(Path(source).read_bytes())
            variables["CREDENTIALS_DIRECTORY"] = str(folder)
        return variables
