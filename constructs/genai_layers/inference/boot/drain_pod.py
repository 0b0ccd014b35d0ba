# Runs in the engine's container before it is told to stop. The load balancer has been told to send nothing more; what
# runs may end, as long as the pod's grace period lasts.
"""Waits until the engine has no running request."""

from __future__ import annotations

import http.client
import os
import re
import time

QUIET_SECONDS = float(os.environ.get("DRAIN_QUIET_SECONDS", "30"))
LOOK_SECONDS = float(os.environ.get("DRAIN_LOOK_SECONDS", "2"))


def running(port: int, metrics: list[str]) -> float:
    # Requests in work or waiting, over every copy of the model.
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
    finally:
        connection.close()
    names = "|".join(re.escape(name) for name in metrics)
    return sum(float(value) for value in re.findall(rf"^(?:{names})(?:\{{[^}}]*\}})?\s+(\S+)", text, re.MULTILINE))


def main() -> None:
    # Time for the load balancer to hear of it: until then requests still come.
    time.sleep(QUIET_SECONDS)
    deadline = time.monotonic() + float(os.environ["DRAIN_SECONDS"])
    while time.monotonic() < deadline:
        try:
            if running(int(os.environ["PORT"]), os.environ["BUSY_METRICS"].split(",")) == 0:
                return
        except (OSError, ValueError, http.client.HTTPException):
            # An engine that does not answer has nothing to end.
            return
        time.sleep(LOOK_SECONDS)


if __name__ == "__main__":
    main()
