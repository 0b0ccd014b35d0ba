"""The file that remembers a running cloud, so that another program can use or stop it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tools.local_cloud.processes import Server


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """
    What is known of one running cloud.

    Attributes:
        endpoint: Address of MiniStack, which clients use.
        moto_endpoint: Address of moto, for the services that MiniStack lacks.
        model_url: Address of the OpenAI-compatible server that writes the answers.
        enforces_iam: Whether requests are checked against IAM policies.
        servers: The processes, in the order they were started.
    """

    endpoint: str
    moto_endpoint: str
    model_url: str
    enforces_iam: bool
    servers: tuple[Server, ...]

    def write(self, path: Path) -> None:
        """Replace the file at *path* in one step."""
        document = {
            "endpoint": self.endpoint,
            "moto_endpoint": self.moto_endpoint,
            "model_url": self.model_url,
            "enforces_iam": self.enforces_iam,
            "servers": [
                {"name": s.name, "pid": s.pid, "command": list(s.command), "log": str(s.log)} for s in self.servers
            ],
        }
        draft = path.with_suffix(".new")
        draft.write_text(json.dumps(document, indent=2) + "\n")
        draft.replace(path)

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """The record at *path*, or None when there is none."""
        if not path.exists():
            return None
        document = json.loads(path.read_text())
        servers = tuple(
            Server(name=s["name"], pid=s["pid"], command=tuple(s["command"]), log=Path(s["log"]))
            for s in document["servers"]
        )
        return cls(
            endpoint=document["endpoint"],
            moto_endpoint=document["moto_endpoint"],
            model_url=document["model_url"],
            enforces_iam=document["enforces_iam"],
            servers=servers,
        )

    def is_running(self) -> bool:
        """Whether any of its processes is alive."""
        return any(server.is_running() for server in self.servers)
