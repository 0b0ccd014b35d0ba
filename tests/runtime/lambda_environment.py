"""Lambda's runtime API on the loopback interface, and the process that a function's wrapper starts."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from genai_layers.runtime import streaming

PACKAGE = Path(streaming.__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Told:
    """
    What the process told Lambda.

    Attributes:
        path: Where it told it.
        headers: With these headers.
        pieces: The body, chunk by chunk, each as soon as it came; None ends it.
        trailers: What followed the body.
    """

    path: str
    headers: dict[str, str]
    pieces: queue.Queue[bytes | None] = field(default_factory=queue.Queue)
    trailers: list[str] = field(default_factory=list)

    def body(self) -> bytes:
        """Return the body, when it is whole."""
        return b"".join(iter(lambda: self.pieces.get(timeout=10), None))


class Environment:
    """One execution environment of a function."""

    def __init__(self) -> None:
        self.events: queue.Queue[Any] = queue.Queue()
        self.told: queue.Queue[Told] = queue.Queue()

    def send(self, event: Any) -> Told:
        """Send an event and return the response, as soon as it begins."""
        self.events.put(event)
        return self.told.get(timeout=20)


@contextmanager
def started(folder: Path, handler: str) -> Iterator[Environment]:
    """
    Start the wrapper in *folder* as Lambda does, and end it.

    Args:
        folder: Becomes the folder of the function's code; holds the module of *handler*.
        handler: Name of the handler.
    """
    shutil.copytree(PACKAGE, folder / "runtime", ignore=shutil.ignore_patterns("__pycache__"))
    environment = Environment()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Lambda,), {"environment": environment}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    process = subprocess.Popen(
        [str(folder / "runtime" / "streaming" / "start"), sys.executable, "/var/runtime/bootstrap.py"],
        env={
            "PATH": os.defpath,
            "LAMBDA_TASK_ROOT": str(folder),
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_port}",
            "_HANDLER": handler,
        },
    )
    try:
        yield environment
    finally:
        process.kill()
        process.wait()
        environment.events.put(None)
        server.shutdown()
        server.server_close()
        thread.join()


class _Lambda(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    environment: Environment

    def do_GET(self) -> None:
        event = self.environment.events.get()
        if event is None:
            self.close_connection = True
            return
        body = json.dumps(event).encode()
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", "request-1")
        self.send_header("Lambda-Runtime-Deadline-Ms", "4102444800000")
        self.send_header("Lambda-Runtime-Trace-Id", "Root=1-5")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        told = Told(path=self.path, headers={name.lower(): value for name, value in self.headers.items()})
        self.environment.told.put(told)
        if told.headers.get("transfer-encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                told.pieces.put(self.rfile.read(size))
                self.rfile.readline()
            while line := self.rfile.readline().strip().decode():
                told.trailers.append(line)
        else:
            told.pieces.put(self.rfile.read(int(told.headers["content-length"])))
        told.pieces.put(None)
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""
