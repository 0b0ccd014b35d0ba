# The model answers if it has produced something since the last look, or replies to one short request. A busy model is
# therefore never asked on top of its work, and an engine that listens but hangs is found all the same.
# Runs on the machine's own Python, 3.9 on Amazon Linux 2023, with the standard library only.
"""Answers GET /health with 200 while the model answers, and with 503 and the reason otherwise."""

from __future__ import annotations

import http.client
import http.server
import os
import re
import threading
import time
from pathlib import Path

INTERVAL_SECONDS = float(os.environ.get("PROBE_INTERVAL_SECONDS", "10"))
ANSWER_SECONDS = float(os.environ.get("PROBE_ANSWER_SECONDS", "60"))


class Engine:
    # The serving engine, as seen from its own machine.

    def __init__(self, port: int, path: str, body: str, progress_metrics: list[str], api_key: str) -> None:
        names = "|".join(re.escape(name) for name in progress_metrics)
        self._progress = re.compile(rf"^(?:{names})(?:\{{[^}}]*\}})?\s+(\S+)", re.MULTILINE)
        self._port = port
        self._path = path
        self._body = body
        self._api_key = api_key

    def progress(self) -> float:
        # How much it has produced since it started, in its own unit.
        return sum(float(value) for value in self._progress.findall(self.metrics()))

    def metrics(self) -> str:
        # All that it tells of itself, in the words of Prometheus.
        return self._call("GET", "/metrics")

    def latency(self, name: str) -> tuple[float, float]:
        # Sum and count of a histogram since the engine started.
        text = self.metrics()
        parts = (
            re.findall(rf"^{re.escape(name)}_{part}(?:\{{[^}}]*\}})?\s+(\S+)", text, re.M) for part in ("sum", "count")
        )
        total, count = (sum(map(float, part)) for part in parts)
        return total, count

    def ask(self) -> None:
        # One short request; raises if it is not answered in time.
        self._call("POST", self._path, self._body)

    def _call(self, method: str, path: str, body: str | None = None) -> str:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._api_key}"}
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=ANSWER_SECONDS)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        if answer.status != 200:
            raise ValueError(f"{method} {path} gives {answer.status}")
        return text


class Health:
    # What is known of the engine, and since when.

    def __init__(self, engine: Engine, drain_marker: Path) -> None:
        self._engine = engine
        self._drain_marker = drain_marker
        self._produced: float | None = None
        self._reason: str | None = "not looked at yet"
        self._looked_at = time.monotonic()
        self._latency = (0.0, 0.0)

    def look(self) -> None:
        try:
            produced = self._engine.progress()
            if self._produced is None or produced <= self._produced:
                self._engine.ask()
                produced = self._engine.progress()
            self._produced = produced
            self._reason = None
        except (OSError, ValueError, http.client.HTTPException) as error:
            self._produced = None
            self._reason = f"the model does not answer: {error}"
        self._looked_at = time.monotonic()

    def latency(self, name: str) -> str:
        # Mean since the last scrape, as a gauge: the CloudWatch agent drops histograms. Nothing without a request.
        total, count = self._engine.latency(name)
        before, self._latency = self._latency, (total, count)
        requests = count - before[1]
        return f"# TYPE {name} gauge\n{name} {(total - before[0]) / requests}\n" if requests > 0 else ""

    def fault(self) -> str | None:
        # Why this machine should get no requests, or None.
        if self._drain_marker.exists():
            return "draining: the machine is about to be taken away"
        age = time.monotonic() - self._looked_at
        if age > 3 * INTERVAL_SECONDS + 2 * ANSWER_SECONDS:
            return f"the last look is {age:.0f} s old"
        return self._reason


class Handler(http.server.BaseHTTPRequestHandler):
    health: Health
    latency = os.environ.get("LATENCY_METRIC")

    def do_GET(self) -> None:
        if self.path == "/health":
            fault = self.health.fault()
            self._answer(503 if fault else 200, fault or "the model answers")
        elif self.path == "/metrics" and self.latency:
            try:
                self._answer(200, self.health.latency(self.latency))
            except (OSError, ValueError, http.client.HTTPException) as error:
                self._answer(503, str(error))
        else:
            self.send_error(404)

    def _answer(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:
        # Keeps the journal free of a line for every check.
        pass


def main() -> None:
    engine = Engine(
        port=int(os.environ["PORT"]),
        path=os.environ["PROBE_PATH"],
        body=os.environ["PROBE_BODY"],
        progress_metrics=os.environ["PROGRESS_METRICS"].split(","),
        api_key=(Path(os.environ["CREDENTIALS_DIRECTORY"]) / "api-key").read_text(encoding="utf-8"),
    )
    Handler.health = Health(engine, Path(os.environ.get("DRAIN_MARKER", "/run/genai-drain/draining")))

    def look_for_ever() -> None:
        while True:
            Handler.health.look()
            time.sleep(INTERVAL_SECONDS)

    threading.Thread(target=look_for_ever, daemon=True).start()
    http.server.ThreadingHTTPServer(("", int(os.environ["HEALTH_PORT"])), Handler).serve_forever()


if __name__ == "__main__":
    main()
