# Runs beside the engine in one task, where no CloudWatch agent stands: what it writes to its standard output, the log
# driver of the task carries to CloudWatch Logs, and CloudWatch takes the metrics out of it.
"""Answers the load balancer's health check as probe.py does, and tells the engine's own metrics."""

from __future__ import annotations

import http.client
import http.server
import json
import os
import re
import sys
import threading
import time
from collections.abc import Callable

import probe  # type: ignore[import-not-found]  # its neighbour in the task

INTERVAL_SECONDS = 30


class Meter:
    # The metrics of one engine, in the embedded metric format of CloudWatch.

    def __init__(self, engine: probe.Engine, published: dict[str, str], latency: str | None, labels: list[str]) -> None:
        names = "|".join(re.escape(name) for name in published)
        self._sample = re.compile(rf"^({names})(?:\{{[^}}]*\}})?\s+(\S+)", re.MULTILINE)
        self._engine = engine
        self._published = published
        self._latency = latency
        self._namespace, self._dimension, self._fleet = labels
        self._totals: dict[str, float] = {}

    def read(self) -> dict[str, float | list[float]]:
        # A gauge as it is, once for each copy of the model; a counter by what it grew since the last look.
        text = self._engine.metrics()
        counters = set(re.findall(r"^# TYPE (\S+) counter", text, re.MULTILINE))
        gauges: dict[str, list[float]] = {}
        totals: dict[str, float] = {}
        for name, value in self._sample.findall(text) if self._published else []:
            if name in counters:
                totals[name] = totals.get(name, 0.0) + float(value)
            else:
                gauges.setdefault(self._published[name], []).append(float(value))
        if self._latency:
            totals["sum"], totals["count"] = self._engine.latency(self._latency)
        grown = {name: total - self._totals[name] for name, total in totals.items() if name in self._totals}
        self._totals = totals
        requests, seconds = grown.pop("count", 0.0), grown.pop("sum", 0.0)
        found: dict[str, float | list[float]] = {**gauges}
        # An engine that was started again counts from nothing.
        found |= {self._published[name]: growth for name, growth in grown.items() if growth >= 0}
        if self._latency and requests > 0:
            found[self._latency] = seconds / requests
        return found

    def line(self) -> str | None:
        # One line for the log, or None while there is nothing to tell.
        found = self.read()
        if not found:
            return None
        described = {
            "Namespace": self._namespace,
            "Dimensions": [[self._dimension]],
            "Metrics": [{"Name": name} for name in sorted(found)],
        }
        head = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [described]}
        return json.dumps({"_aws": head, self._dimension: self._fleet, **found})


def write_out(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def tell_for_ever(meter: Meter, write: Callable[[str], None] = write_out) -> None:
    while True:
        try:
            line = meter.line()
        except (OSError, ValueError, http.client.HTTPException) as error:
            # While the engine loads it tells nothing; the health check says so in its own way.
            line = json.dumps({"not told": str(error)})
        if line is not None:
            write(line)
        time.sleep(INTERVAL_SECONDS)


def main(write: Callable[[str], None] = write_out) -> None:
    engine = probe.Engine(
        port=int(os.environ["PORT"]),
        path=os.environ["PROBE_PATH"],
        body=os.environ["PROBE_BODY"],
        progress_metrics=os.environ["PROGRESS_METRICS"].split(","),
        api_key=os.environ["API_KEY"],
    )
    health = probe.Health(engine, probe.Path("/nothing-drains-a-task"))
    probe.Handler.health = health
    meter = Meter(
        engine,
        published=json.loads(os.environ["PUBLISHED_METRICS"]),
        latency=os.environ.get("PUBLISHED_LATENCY"),
        labels=[os.environ["NAMESPACE"], os.environ["DIMENSION"], os.environ["FLEET"]],
    )

    def look_for_ever() -> None:
        while True:
            health.look()
            time.sleep(probe.INTERVAL_SECONDS)

    for work in (look_for_ever, lambda: tell_for_ever(meter, write)):
        threading.Thread(target=work, daemon=True).start()
    http.server.ThreadingHTTPServer(("", int(os.environ["HEALTH_PORT"])), probe.Handler).serve_forever()


if __name__ == "__main__":
    main()
